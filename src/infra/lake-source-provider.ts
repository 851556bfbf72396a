// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  custom_resources,
  aws_iam as iam,
  type aws_kms as kms,
  type aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Configuration } from '../config/configuration.ts';
import { acknowledge } from '../module/acknowledge.ts';
import { PipelineFunction } from '../module/function.ts';
import { type Assets, architectureOf, codeOf } from './assets.ts';
import { coreStackName } from './core-parameters.ts';
import { manageLakeSources, manageLakeSourcesAcknowledged } from './lake-access.ts';

export interface LakeSourceProviderProps {
  readonly configuration: Configuration;
  readonly crawlerRoleArn: string;
  readonly assets: Assets;
  readonly key?: kms.IKey;
}

/** Registers and removes custom sources of Security Lake for the module stacks. */
export class LakeSourceProvider extends Construct {
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, { configuration, crawlerRoleArn, assets, key }: LakeSourceProviderProps) {
    super(scope, id);
    const name = coreStackName(configuration);
    const project = {
      logLevel: configuration.pipeline.logLevel,
      logRetentionDays: configuration.monitoring.logRetentionDays,
      architecture: architectureOf(assets.architecture),
    };
    const registrar = new PipelineFunction(this, 'Registrar', {
      functionName: `${name}-lake-source`,
      description: 'Registers and removes custom sources of Security Lake',
      code: codeOf(assets.lakeSource),
      handler: 'index.handler',
      runtime: 'typescript',
      memoryMb: 256,
      // Security Lake changes one source at a time; the others wait in here.
      timeoutSeconds: 900,
      environment: {},
      statements: manageLakeSources(crawlerRoleArn, configuration.securityLake.s3Bucket),
      project,
      key,
    });
    acknowledge(registrar.role, ...manageLakeSourcesAcknowledged);
    this.serviceToken = this.provider(name, registrar.function, project.logRetentionDays, key).serviceToken;
  }

  /** The part of CDK that answers CloudFormation; its role is made here, since its own would hold a managed policy. */
  private provider(name: string, registrar: lambda.IFunction, days: number, key: kms.IKey | undefined) {
    const logGroup = new logs.LogGroup(this, 'ProviderLogs', {
      logGroupName: `/aws/lambda/${name}-lake-source-provider`,
      retention: days,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, 'ProviderRole', {
      description: 'Answers CloudFormation for lake sources',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        provider: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              sid: 'WriteOwnLogs',
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [logGroup.logGroupArn],
            }),
            new iam.PolicyStatement({
              sid: 'InvokeRegistrar',
              actions: ['lambda:GetFunction', 'lambda:InvokeFunction'],
              resources: [registrar.functionArn],
            }),
          ],
        }),
      },
    });
    return new custom_resources.Provider(this, 'Provider', {
      providerFunctionName: `${name}-lake-source-provider`,
      onEventHandler: registrar,
      frameworkOnEventRole: role.withoutPolicyUpdates(),
      logGroup,
    });
  }
}
