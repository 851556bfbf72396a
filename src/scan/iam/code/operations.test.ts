// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { beforeAll, expect, test } from 'vitest';
import { type Catalog, loadCatalog } from '../catalog.ts';
import { EXCEPTIONS, IMPLIES } from './operation-tables.ts';
import { isKeyUse, permissionsOf, prefixOf } from './operations.ts';

let catalog: Catalog;

beforeAll(async () => {
  catalog = await loadCatalog((await loadCatalog([])).services);
});

test.each([
  ['secretsmanager', 'secretsmanager'],
  ['secrets-manager', 'secretsmanager'],
  ['stepfunctions', 'states'],
  ['sfn', 'states'],
  ['cloudwatch-logs', 'logs'],
  ['eventbridge', 'events'],
  ['accessanalyzer', 'access-analyzer'],
  ['route-53', 'route53'],
  ['nosuchservice', undefined],
])('the service %s has the prefix %s', (service, prefix) => {
  expect(prefixOf(service, catalog.services)).toBe(prefix);
});

test.each([
  ['s3', 'copy_object', ['s3:GetObject', 's3:PutObject']],
  ['s3', 'UploadPart', ['s3:PutObject']],
  ['s3', 'list_buckets', ['s3:ListAllMyBuckets']],
  ['sqs', 'DeleteMessageBatch', ['sqs:DeleteMessage']],
  ['lambda', 'Invoke', ['lambda:InvokeFunction']],
  ['dynamodb', 'BatchWriteItem', ['dynamodb:BatchWriteItem']],
  [
    'dynamodb',
    'execute_statement',
    ['dynamodb:PartiQLSelect or dynamodb:PartiQLInsert or dynamodb:PartiQLUpdate or dynamodb:PartiQLDelete'],
  ],
  ['sts', 'get_caller_identity', []],
  ['cloudtrail-data', 'put_audit_events', ['cloudtrail-data:PutAuditEvents']],
])('%s.%s takes %j', (prefix, operation, actions) => {
  const needs = permissionsOf(prefix, operation, catalog)?.needs.map(({ oneOf }) => oneOf.join(' or '));
  expect(needs).toEqual(actions);
});

test('an operation that nobody knows has no permissions', () => {
  expect(permissionsOf('sqs', 'send_mesage', catalog)).toBeUndefined();
});

test('every action of the tables exists', () => {
  const known = new Set(
    [...catalog.services].flatMap((name) => catalog.of(name)?.actions.map((action) => action.name)),
  );
  const operations = [EXCEPTIONS, IMPLIES].flatMap((table) =>
    Object.entries(table).flatMap(([prefix, own]) => Object.keys(own).map((operation) => ({ prefix, operation }))),
  );
  const missing = operations.flatMap(({ prefix, operation }) => {
    const found = permissionsOf(prefix, operation, catalog);
    if (!found) return [`${prefix}.${operation}`];
    return [...found.needs.flatMap(({ oneOf }) => oneOf), ...found.implies].filter((action) => !known.has(action));
  });
  expect(operations.length).toBeGreaterThan(80);
  expect(missing).toEqual([]);
});

test('a key is used by services that encrypt with it, for what they ask KMS', () => {
  expect(isKeyUse('kms:decrypt', ['sqs'])).toBe(true);
  expect(isKeyUse('kms:Decrypt', ['sts'])).toBe(false);
  expect(isKeyUse('kms:ScheduleKeyDeletion', ['sqs'])).toBe(false);
});
