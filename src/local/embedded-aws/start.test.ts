// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectPython } from '../../infra/bundling/project-python.ts';
import { type EmbeddedAws, startEmbeddedAws } from './index.ts';
import { zipOf } from './zip.fixture.ts';

/** A function that hears nothing until it is done. */
const BUSY = `exports.handler = async () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);`;
const LINUX = process.platform === 'linux';
const stateFolder = mkdtempSync(join(tmpdir(), 'embedded-aws-'));
let aws: EmbeddedAws;
const lines: string[] = [];

beforeAll(async () => {
  aws = await startEmbeddedAws({
    python: projectPython(),
    stateFolder,
    accountId: '111122223333',
    region: 'eu-west-1',
    environment: { AWS_ENDPOINT_URL_SECURITYLAKE: 'http://127.0.0.1:9' },
    onLog: (line) => lines.push(line),
  });
}, 120_000);

afterAll(async () => {
  await aws.stop();
  rmSync(stateFolder, { recursive: true, force: true });
});

function clientOptions(of: EmbeddedAws) {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = of.environment;
  return { endpoint: of.endpoint, region: of.region, credentials: { accessKeyId, secretAccessKey } };
}

async function runFunction(
  name: string,
  runtime: 'nodejs24.x' | 'python3.13',
  file: string,
  source: string,
  settings: Pick<CreateFunctionCommandInput, 'MemorySize' | 'Environment'> = {},
) {
  const lambda = new LambdaClient(clientOptions(aws));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: runtime,
      Role: 'arn:aws:iam::111122223333:role/any',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf({ [file]: source }) },
      ...settings,
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: name });
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: name }));
  expect(FunctionError, Buffer.from(Payload ?? []).toString()).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

test('is the account and region it was asked to be', async () => {
  const { Account } = await new STSClient(clientOptions(aws)).send(new GetCallerIdentityCommand({}));
  expect(Account).toBe('111122223333');
});

test('its log can be followed and is kept in the state folder', async () => {
  await expect.poll(() => lines.some((line) => line.includes('Running on'))).toBe(true);
  expect(readFileSync(aws.logFile, 'utf8')).toContain('Running on');
  expect(aws.logFile.startsWith(stateFolder)).toBe(true);
});

test('Node functions run on the pinned Node, find the SDK of the runtime and the given variables', async () => {
  const source = `
    exports.handler = async () => ({
      version: process.version,
      sdk: ['client-lambda', 'client-sfn'].map((name) => require.resolve('@aws-sdk/' + name)),
      lake: process.env.AWS_ENDPOINT_URL_SECURITYLAKE,
      endpoint: process.env.AWS_ENDPOINT_URL,
      region: process.env.AWS_REGION,
    });`;
  expect(await runFunction('node-fn', 'nodejs24.x', 'index.js', source)).toEqual({
    version: process.version,
    sdk: [expect.stringContaining('/client-lambda/'), expect.stringContaining('/client-sfn/')],
    lake: 'http://127.0.0.1:9',
    endpoint: aws.endpoint,
    region: 'eu-west-1',
  });
});

test.each([
  ['has the heap that it has in Lambda', {}, ['--max-semi-space-size=25', '--max-old-space-size=461']],
  ['has the heap that its own NODE_OPTIONS name', { NODE_OPTIONS: '--max-old-space-size=300' }, []],
])('a Node function of 512 MB %s', async (what, Variables, options) => {
  const source = 'exports.handler = async () => process.execArgv;';
  const name = what.replaceAll(/\W/g, '-');
  const settings = { MemorySize: 512, Environment: { Variables } };
  expect(await runFunction(name, 'nodejs24.x', 'index.js', source, settings)).toEqual(options);
});

test('Python functions find boto3 and nothing of the person who started it', async () => {
  const source = `
import os, boto3
def handler(event, context):
    return {"account": boto3.client("sts").get_caller_identity()["Account"], "home": os.path.expanduser("~")}`;
  const answer = await runFunction('python-fn', 'python3.13', 'index.py', source);
  expect(answer.account).toBe('111122223333');
  expect(answer.home.startsWith(stateFolder)).toBe(true);
});

describe.runIf(LINUX)('on Linux', () => {
  test('listens on 127.0.0.1 and on one port only', () => {
    expect(listeners(groupMembers(aws.pid))).toEqual([`127.0.0.1:${aws.port}`]);
  });

  test('stop leaves no process of it or of its functions', async () => {
    const other = await startEmbeddedAws({ python: projectPython(), stateFolder: join(stateFolder, 'other') });
    const lambda = new LambdaClient(clientOptions(other));
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'stays',
        Runtime: 'nodejs24.x',
        Role: 'arn:aws:iam::000000000000:role/any',
        Handler: 'index.handler',
        Timeout: 60,
        Code: { ZipFile: zipOf({ 'index.js': BUSY }) },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: 'stays' });
    await lambda.send(new InvokeCommand({ FunctionName: 'stays', InvocationType: 'Event' }));
    await expect.poll(() => readFileSync(other.logFile, 'utf8'), { timeout: 20_000 }).toContain('worker spawned');
    expect(groupMembers(other.pid).length).toBeGreaterThan(1);
    await other.stop();
    expect(groupMembers(other.pid)).toEqual([]);
    expect(readdirSync(join(stateFolder, 'other', 'work'))).toEqual([]);
  }, 60_000);

  test('ends when the process that started it is killed', async () => {
    const entry = fileURLToPath(new URL('index.ts', import.meta.url));
    const script = `
      import { startEmbeddedAws } from ${JSON.stringify(entry)};
      const aws = await startEmbeddedAws(${JSON.stringify({ python: projectPython(), stateFolder: join(stateFolder, 'orphan') })});
      console.log(aws.pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = (await parent.stdout.iterator({ destroyOnReturn: false }).next()).value.toString().split('\n');
    const pid = Number(output);
    expect(groupMembers(pid)).toContain(pid);
    parent.kill('SIGKILL');
    await expect.poll(() => groupMembers(pid), { timeout: 10_000 }).toEqual([]);
  }, 60_000);
});

test('an interpreter without MiniStack is named, with what to do', async () => {
  const started = startEmbeddedAws({ python: join(stateFolder, 'no-python'), stateFolder: join(stateFolder, 'none') });
  await expect(started).rejects.toMatchObject({ code: 'SLK-LOCAL-001', blame: 'user' });
});

/** Living processes of a process group. */
function groupMembers(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = existsSync(`/proc/${pid}/stat`) ? readOr(`/proc/${pid}/stat`) : '';
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state !== 'Z' && Number(pgrp) === group;
    });
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Addresses on which these processes accept connections. */
function listeners(pids: readonly number[]): string[] {
  const inodes = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => {
        try {
          return readlinkSync(`/proc/${pid}/fd/${fd}`).match(/^socket:\[(\d+)\]$/)?.[1];
        } catch {
          return undefined;
        }
      }),
    ),
  );
  const LISTEN = '0A';
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readOr(table)
      .split('\n')
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => row[3] === LISTEN && inodes.has(row[9]))
      .map((row) => address(row[1] as string)),
  );
}

/** `0100007F:1F90` is 127.0.0.1:8080; an IPv6 address is left as it is. */
function address(hex: string): string {
  const [ip = '', port = ''] = hex.split(':');
  const text =
    ip.length === 8
      ? (ip.match(/../g) ?? [])
          .reverse()
          .map((byte) => Number.parseInt(byte, 16))
          .join('.')
      : ip;
  return `${text}:${Number.parseInt(port, 16)}`;
}
