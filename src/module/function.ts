// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  Aws,
  Duration,
  aws_iam as iam,
  type aws_kms as kms,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionRuntime, ProjectConfig } from './integration-module.ts';
import { logGroupName } from './names.ts';

const RUNTIMES: Readonly<Record<FunctionRuntime, lambda.Runtime>> = {
  python: lambda.Runtime.PYTHON_3_13,
  typescript: lambda.Runtime.NODEJS_24_X,
};

export interface PipelineFunctionProps {
  readonly functionName: string;
  readonly description: string;
  readonly code: lambda.Code;
  readonly handler: string;
  readonly runtime: FunctionRuntime;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Everything the function may do beside writing its own logs and traces. */
  readonly statements: readonly iam.PolicyStatement[];
  readonly reservedConcurrency?: number;
  readonly key?: kms.IKey;
  readonly project: Pick<ProjectConfig, 'logLevel' | 'logRetentionDays' | 'architecture'>;
}

/** A Lambda function with its own role, whose whole policy is in view here, and its own log group. */
export class PipelineFunction extends Construct {
  readonly function: lambda.Function;
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: logGroupName(props.functionName),
      retention: props.project.logRetentionDays,
      encryptionKey: props.key,
      // A kept group of this fixed name would make the next creation of the stack fail.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Role of the function ${props.functionName}`,
      inlinePolicies: {
        function: new iam.PolicyDocument({
          statements: [writeOwnLogs(logGroup), sendTraces(), ...props.statements],
        }),
      },
    });
    this.function = new lambda.Function(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      runtime: RUNTIMES[props.runtime],
      architecture: props.project.architecture,
      handler: props.handler,
      code: props.code,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      // Nothing may be added to the role behind the back of the statements above.
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      reservedConcurrentExecutions: props.reservedConcurrency,
      environment: {
        LOG_LEVEL: props.project.logLevel,
        POWERTOOLS_SERVICE_NAME: props.functionName,
        POWERTOOLS_METRICS_NAMESPACE: 'Slake',
        ...props.environment,
      },
    });
  }
}

function writeOwnLogs(logGroup: logs.ILogGroup): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'WriteOwnLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

/** X-Ray has no resources to name, so `*` is the only value it takes. */
function sendTraces(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'SendTraces',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resources: ['*'],
  });
}

type KeyUser = 's3' | 'sqs' | 'dynamodb' | 'secretsmanager' | 'sns';

/** Use of the project's key, only through the named services; nothing where AWS owned keys are configured. */
export function useKey(key: kms.IKey | undefined, services: readonly KeyUser[]): iam.PolicyStatement[] {
  if (!key) return [];
  const throughTable = services.includes('dynamodb') ? ['kms:DescribeKey', 'kms:Encrypt'] : [];
  return [
    new iam.PolicyStatement({
      sid: 'UseProjectKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey', ...throughTable],
      resources: [key.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`) },
      },
    }),
  ];
}
