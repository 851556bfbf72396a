// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../config/index.ts';
import { configurableModules, loadModules, requireModules } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { clientSettings } from '../embedded-aws/index.ts';
import { journeyClients } from '../journey/clients.ts';
import { readSamples } from '../journey/events.ts';
import type { RoleProof } from './grants.ts';
import { type GuardedModule, type ProofOptions, runGuarded } from './guarded.ts';
import { deployedRoles, PLATFORM, type Proof, proofOf, runScenarios } from './prove.ts';
import { registerAgain, scenarios } from './scenarios.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const stateFolder = mkdtempSync(join(tmpdir(), 'slake-iam-proof-'));
const MODULE = 'azure';
const PROCESSOR = 'azure-processor';
const TRANSFORMER = 'azure-transformer';
const TIMEOUT = 180_000;

let options: ProofOptions;
let running: GuardedModule;
let proof: Proof;

beforeAll(async () => {
  const modulesFolder = join(root, CDK_FOLDER, 'modules');
  const loaded = await loadModules(modulesFolder);
  const [module] = requireModules(loaded, [MODULE], modulesFolder);
  if (!module) throw new Error(`no module ${MODULE}`);
  const configFile = join(root, CDK_FOLDER, 'config.test.yaml');
  const { configuration } = parseConfiguration({ file: configFile, modules: configurableModules(loaded) });
  options = {
    root,
    stateFolder,
    configFile,
    configuration,
    module,
    events: readSamples(module.folder).length,
    stage: (_, work) => work(() => {}),
    signal: new AbortController().signal,
  };
  running = await runGuarded(options);
  const roles = await deployedRoles(running);
  const done: string[] = [];
  await runScenarios(
    running,
    options,
    // The rest of the tests needs the stack.
    scenarios.filter(({ name }) => name !== 'remove'),
    (name) => done.push(name),
  );
  proof = proofOf(MODULE, done, running.guard, roles);
}, TIMEOUT);

afterAll(async () => {
  await running?.stop();
  await running?.guard.close();
  rmSync(stateFolder, { recursive: true, force: true });
}, TIMEOUT);

function roleOf(functionName: string): RoleProof {
  const role = proof.roles.find(({ functions }) => functions.includes(functionName));
  if (!role) throw new Error(`the function ${functionName} made no call`);
  return role;
}

describe('the stacks grant enough', () => {
  test('every call of every scenario is allowed and understood', () => {
    expect(proof.scenarios).toEqual([PLATFORM, 'idle run', 'rejected events', 'delivered twice', 'register again']);
    expect(proof.roles.flatMap(({ denied, notUnderstood }) => [...denied, ...notUnderstood])).toEqual([]);
  });

  test('the calls are those that the functions make', () => {
    const calls = (name: string) => [...new Set(roleOf(name).calls.map(({ maker, action }) => `${maker} ${action}`))];
    expect(calls(PROCESSOR)).toEqual(
      expect.arrayContaining([
        'code secretsmanager:GetSecretValue',
        'code dynamodb:GetItem',
        'code dynamodb:PutItem',
        'code s3:PutObject',
        'code sqs:SendMessage',
        'service kms:Decrypt',
        'service kms:GenerateDataKey',
        'platform logs:PutLogEvents',
      ]),
    );
    expect(calls(TRANSFORMER)).toEqual(
      expect.arrayContaining([
        'code s3:GetObject',
        'code s3:PutObject',
        'code sts:AssumeRole',
        'platform sqs:ReceiveMessage',
        'platform kms:Decrypt',
      ]),
    );
    const writers = proof.roles.filter(({ roleArn }) => roleArn.includes('AmazonSecurityLake-Provider-'));
    expect(writers.length).toBe(options.module.classes.length);
    expect(new Set(writers.flatMap((role) => role.calls.map(({ action }) => action)))).toEqual(
      new Set(['s3:PutObject']),
    );
  });
});

describe('the stacks grant nothing that no scenario needs', () => {
  test.each([PROCESSOR, TRANSFORMER])('but what is said of %s', (name) => {
    const open = roleOf(name).grants.filter(({ neededBy }) => neededBy.length === 0);
    expect(open.map(({ action, why }) => [action, why ?? ''])).toEqual(
      name === PROCESSOR
        ? ['kms:DescribeKey', 'kms:Encrypt'].map((action) => [action, expect.stringContaining('DynamoDB asks for it')])
        : [],
    );
  });

  test('and a grant names its scenarios', () => {
    const neededBy = (action: string) => roleOf(PROCESSOR).grants.find((grant) => grant.action === action)?.neededBy;
    expect(neededBy('dynamodb:GetItem')).toContain('idle run');
    expect(neededBy('s3:PutObject')).not.toContain('idle run');
    expect(neededBy('logs:PutLogEvents')).toEqual([PLATFORM]);
  });
});

describe('a scenario fails in the function when its role is without', () => {
  /** What the functions have logged while something was done. */
  async function logOf(work: () => Promise<unknown>): Promise<string> {
    const { logFile } = running.journey.cloud.aws;
    const before = readFileSync(logFile, 'utf8').length;
    await work();
    return readFileSync(logFile, 'utf8').slice(before);
  }

  /** Takes an action from a role as it is deployed, and gives it back. */
  async function without(roleArn: string, action: string, work: () => Promise<unknown>): Promise<unknown> {
    const iam = new IAMClient(clientSettings(running.journey.cloud.aws));
    const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const PolicyName = PolicyNames?.[0] ?? '';
    const read = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const original = decodeURIComponent(read.PolicyDocument ?? '');
    const { Statement, ...rest } = JSON.parse(original) as { Statement: { Action: string | string[] }[] };
    const fewer = Statement.map((statement) => ({
      ...statement,
      // A policy must hold an action; this one takes no permission.
      Action: [statement.Action].flat().map((each) => (each === action ? 'sts:GetCallerIdentity' : each)),
    }));
    expect(JSON.stringify(fewer)).not.toBe(JSON.stringify(Statement));
    const put = async (PolicyDocument: string) => {
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
      running.account.refresh();
    };
    await put(JSON.stringify({ ...rest, Statement: fewer }));
    try {
      return await work();
    } finally {
      await put(original);
    }
  }

  /** A container that has neither secret nor credentials yet. */
  async function startAnew(FunctionName: string): Promise<void> {
    const lambda = new LambdaClient(clientSettings(running.journey.cloud.aws));
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: `at ${Date.now()}` }));
  }

  test.each(['s3:PutObject', 'sqs:SendMessage', 'dynamodb:PutItem', 'kms:Decrypt'])(
    '%s, the processor',
    async (action) => {
      const { journey } = running;
      const clients = journeyClients(journey.cloud.environment);
      const log = await logOf(() =>
        without(roleOf(PROCESSOR).roleArn, action, async () => {
          journey.source.send(['{}']);
          await expect(clients.invoke(PROCESSOR)).rejects.toThrow('answered with an error');
        }),
      );
      expect(log).toMatch(new RegExp(`AccessDenied.*not authorized to perform: ${action} on resource`));
    },
    TIMEOUT,
  );

  test('secretsmanager:GetSecretValue, the processor', async () => {
    await startAnew(PROCESSOR);
    const clients = journeyClients(running.journey.cloud.environment);
    await without(roleOf(PROCESSOR).roleArn, 'secretsmanager:GetSecretValue', () =>
      expect(clients.invoke(PROCESSOR)).rejects.toThrow(/AccessDenied.*secretsmanager:GetSecretValue/),
    );
  });

  test('nothing, the processor, which makes up for all it could not do', async () => {
    await running.journey.collect();
  });

  /** Gives the transformer a raw object that is there, one with events of the class API Activity. */
  async function transform(): Promise<unknown> {
    const { cloud, places } = running.journey;
    const clients = journeyClients(cloud.environment);
    const folder = mkdtempSync(join(tmpdir(), 'slake-raw-'));
    const keys = await clients.download(places.rawBucket, `raw/${MODULE}/`, folder);
    const texts = keys.map((key) => [key, gunzipSync(readFileSync(join(folder, key))).toString()] as const);
    rmSync(folder, { recursive: true });
    const [key, text] = texts.find(([, each]) => each.includes('"category":"kube-audit"')) ?? ['', ''];
    const body = {
      specversion: '1.0',
      id: key,
      source: 'test',
      type: 'com.microsoft.azure.eventhub',
      time: new Date().toISOString(),
      dataref: `s3://${places.rawBucket}/${key}`,
      eventcount: text.trimEnd().split('\n').length,
    };
    return clients.invoke(places.transformerFunction, {
      Records: [
        { messageId: '1', body: JSON.stringify(body), eventSource: 'aws:sqs', attributes: {}, messageAttributes: {} },
      ],
    });
  }

  test.each([
    ['s3:GetObject', () => roleOf(TRANSFORMER).roleArn],
    ['kms:Decrypt', () => roleOf(TRANSFORMER).roleArn],
    ['sts:AssumeRole', () => roleOf(TRANSFORMER).roleArn],
  ])('%s, the transformer', async (action, roleArn) => {
    if (action === 'sts:AssumeRole') await startAnew(TRANSFORMER);
    const log = await logOf(() => without(roleArn(), action, () => expect(transform()).rejects.toThrow()));
    expect(log).toMatch(new RegExp(`AccessDenied[\\s\\S]*not authorized to perform: ${action} on resource`));
  });

  test('s3:PutObject, a provider role that the transformer assumes', async () => {
    const role = proof.roles.find(({ roleArn }) => roleArn.includes('Provider-azure-6003'));
    const log = await logOf(() =>
      without(role?.roleArn ?? '', 's3:PutObject', () => expect(transform()).rejects.toThrow()),
    );
    expect(log).toMatch(
      /AmazonSecurityLake-Provider-azure-6003.* is not authorized to perform: s3:PutObject on resource/,
    );
  });

  test('iam:GetRole, the registrar of lake sources, which says that it could not look', async () => {
    const registrar = `${running.journey.places.coreStack}-lake-source`;
    const log = await logOf(() =>
      without(roleOf(registrar).roleArn, 'iam:GetRole', () => registerAgain(running, options)),
    );
    expect(log).toMatch(/trust of the existing custom source not checked.*AccessDenied/);
  });
});
