// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Configuration } from '../config/configuration.ts';

/** What a core stack tells the module stacks, through Parameter Store. */
export const coreParameters = {
  alarmTopicArn: 'alarm-topic-arn',
  checkpointTableName: 'checkpoint-table-name',
  crawlerRoleArn: 'crawler-role-arn',
  keyArn: 'key-arn',
  lakeSourceProviderArn: 'lake-source-provider-arn',
  rawBucketName: 'raw-bucket-name',
} as const;

export type CoreParameter = keyof typeof coreParameters;

/** Name of a parameter: `/slake/<projectName>/<environment>/<parameter>`. */
export function coreParameterName(
  { projectName, environment }: Pick<Configuration, 'projectName' | 'environment'>,
  parameter: CoreParameter,
): string {
  return `/slake/${projectName}/${environment}/${coreParameters[parameter]}`;
}

export function coreStackName({
  projectName,
  environment,
}: Pick<Configuration, 'projectName' | 'environment'>): string {
  return `${projectName}-${environment}`;
}

export function moduleStackName(
  configuration: Pick<Configuration, 'projectName' | 'environment'>,
  moduleId: string,
): string {
  return `${coreStackName(configuration)}-${moduleId}`;
}
