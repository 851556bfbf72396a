// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Use } from './language.ts';

/** Operations of a utility of Powertools, by its function, or class and method, without case and underscores. */
const OPERATIONS: Readonly<Record<string, string>> = {
  getparameter: 'ssm.GetParameter',
  getparameters: 'ssm.GetParametersByPath',
  getparametersbyname: 'ssm.GetParameters',
  setparameter: 'ssm.PutParameter',
  getsecret: 'secretsmanager.GetSecretValue',
  setsecret: 'secretsmanager.PutSecretValue',
  getappconfig: 'appconfig.StartConfigurationSession appconfig.GetLatestConfiguration',
  'ssmprovider.get': 'ssm.GetParameter',
  'ssmprovider.getmultiple': 'ssm.GetParametersByPath',
  'ssmprovider.getparametersbyname': 'ssm.GetParameters',
  'ssmprovider.set': 'ssm.PutParameter',
  'secretsprovider.get': 'secretsmanager.GetSecretValue',
  'secretsprovider.set': 'secretsmanager.PutSecretValue',
  'dynamodbprovider.get': 'dynamodb.GetItem',
  'dynamodbprovider.getmultiple': 'dynamodb.Query',
  'appconfigprovider.get': 'appconfig.StartConfigurationSession appconfig.GetLatestConfiguration',
  appconfigstore: 'appconfig.StartConfigurationSession appconfig.GetLatestConfiguration',
  dynamodbpersistencelayer: 'dynamodb.GetItem dynamodb.PutItem dynamodb.UpdateItem dynamodb.DeleteItem',
  s3object: 's3.GetObject s3.HeadObject',
};

/** What a function or method of Powertools calls; `name` is `get_secret` or `SecretsProvider.get`. */
export function powertoolsUses(name: string): readonly Use[] {
  const operations = OPERATIONS[name.replaceAll('_', '').toLowerCase()];
  return (operations?.split(' ') ?? []).map((text) => {
    const [service = '', operation = ''] = text.split('.');
    return { service, operation, foreign: false };
  });
}
