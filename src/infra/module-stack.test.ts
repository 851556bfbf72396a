// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { configure, feeds, loadedModule, synthesize } from './stacks.fixture.ts';

const { module } = synthesize();

test('functions, their runtimes and log groups are named as the guide names them', () => {
  for (const [FunctionName, Runtime, Handler] of [
    ['feeds-processor', 'python3.13', 'app.lambda_handler'],
    ['feeds-audit-processor', 'nodejs24.x', 'index.handler'],
    ['feeds-transformer', 'nodejs24.x', 'index.handler'],
  ] as const) {
    module.hasResourceProperties('AWS::Lambda::Function', { FunctionName, Runtime, Handler, Architectures: ['arm64'] });
    module.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/lambda/${FunctionName}`,
      RetentionInDays: 90,
      KmsKeyId: Match.anyValue(),
    });
  }
});

test('a processor learns its places from the environment, and only the name of its secret', () => {
  module.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'feeds-processor',
    Environment: {
      Variables: {
        LOG_LEVEL: 'INFO',
        POWERTOOLS_METRICS_NAMESPACE: 'Slake',
        POWERTOOLS_SERVICE_NAME: 'feeds-processor',
        SLAKE_CHECKPOINT_TABLE: Match.anyValue(),
        SLAKE_MODULE_ID: 'feeds',
        SLAKE_MODULE_VERSION: '2.1.0',
        SLAKE_QUEUE_URL: Match.anyValue(),
        SLAKE_RAW_BUCKET: Match.anyValue(),
        SLAKE_SECRET_ID: 'feeds-credentials',
      },
    },
  });
});

test('a processor runs on its schedule and is not tried again in between', () => {
  module.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' });
  module.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' });
  module.allResourcesProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
});

test('the queue waits six times the transformer, gives up after five tries, and keeps dead letters longest', () => {
  module.hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 1800,
    MessageRetentionPeriod: 345_600,
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    KmsMasterKeyId: Match.anyValue(),
  });
  module.hasResourceProperties('AWS::SQS::Queue', {
    MessageRetentionPeriod: 1_209_600,
    RedrivePolicy: Match.absent(),
    KmsMasterKeyId: Match.anyValue(),
  });
  module.resourceCountIs('AWS::SQS::QueuePolicy', 2);
  module.allResourcesProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    },
  });
});

test('the transformer takes one pointer at a time and reports each failure', () => {
  module.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1,
    Enabled: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 5 },
  });
});

test('each class is a lake source of its own, one registered after the other', () => {
  const two = synthesize(configure(), [loadedModule(feeds, ['authentication', 'detection_finding'])]).module;

  two.resourceCountIs('Custom::SlakeLakeSource', 2);
  two.hasResource('Custom::SlakeLakeSource', {
    DependsOn: [Match.stringLikeRegexp('LakeSourceAuthentication')],
    Properties: {
      sourceName: 'feeds-2004',
      eventClass: 'DETECTION_FINDING',
      externalId: 'slake-external-id',
      principal: { Ref: 'AWS::AccountId' },
    },
  });
  two.hasResourceProperties('Custom::SlakeLakeSource', { sourceName: 'feeds-3002', eventClass: 'AUTHENTICATION' });
});

test('the transformer is told class, name, location and role of each lake source, from the registration', () => {
  const [id] = Object.keys(module.findResources('Custom::SlakeLakeSource'));

  module.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'feeds-transformer',
    Environment: {
      Variables: Match.objectLike({
        SLAKE_EXTERNAL_ID: 'slake-external-id',
        SLAKE_LAKE_SOURCES: {
          'Fn::Join': [
            '',
            [
              '[{"class":"detection_finding","name":"feeds-2004","location":"',
              { 'Fn::GetAtt': [id, 'Location'] },
              '","roleArn":"',
              { 'Fn::GetAtt': [id, 'ProviderRoleArn'] },
              '"}]',
            ],
          ],
        },
      }),
    },
  });
});

test('alarms watch dead letters, waiting, rejected and lost events, failures and silence, and tell the topic', () => {
  const alarms = Object.values(module.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const watched = alarms.map(({ MetricName, Dimensions }) => `${MetricName} ${Dimensions[0].Value}`);

  expect(watched.map((text) => text.replace('[object Object]', 'queue')).sort()).toEqual([
    'ApproximateAgeOfOldestMessage queue',
    'ApproximateNumberOfMessagesVisible queue',
    'Errors feeds-audit-processor',
    'Errors feeds-processor',
    'Errors feeds-transformer',
    'EventsLost feeds-audit-processor',
    'EventsLost feeds-processor',
    'EventsRejected feeds-transformer',
    'Invocations feeds-audit-processor',
    'Invocations feeds-processor',
  ]);
  for (const alarm of alarms) expect(alarm.AlarmActions).toHaveLength(1);
});

test('the dashboard is the one of the guide', () => {
  module.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'feeds-dashboard' });
});

test('outputs say where things are, with those of the module', () => {
  expect(Object.keys(module.toJSON().Outputs)).toEqual([
    'ModuleVersion',
    'QueueUrl',
    'DlqUrl',
    'TransformerFunction',
    'ProcessorFunction',
    'ProcessorFunction2',
    'LakeLocationDetectionFinding',
    'FeedName',
  ]);
});

test('an output of a module that has no usable name is refused', () => {
  const taken = { QueueUrl: { value: 'mine', description: '' } };
  const clashing = { ...feeds, getModuleOutputs: () => taken };

  expect(() => synthesize(configure(), [loadedModule(clashing)])).toThrow('"QueueUrl"');
});

test('a module written by hand needs none of the optional methods', () => {
  const handWritten = {
    moduleId: 'feeds',
    moduleName: 'Hand written',
    moduleVersion: '0.1.0',
    moduleDescription: 'No optional method',
    validateConfig: () => ({ valid: true, errors: [], warnings: [] }),
    createResources: () => {},
    getRequiredPermissions: () => [],
  };

  const { module: template } = synthesize(configure(), [loadedModule(handWritten)]);
  template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'feeds-transformer' });
});
