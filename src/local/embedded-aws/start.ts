// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../errors/failure.ts';
import { embeddedAwsNotInstalled, embeddedAwsNotStarted } from '../../errors/local.ts';
import { clientEnvironment, serverEnvironment } from './environment.ts';
import { followLog } from './follow-log.ts';
import { freePort } from './free-port.ts';

const LAUNCHER = fileURLToPath(new URL('launch.py', import.meta.url));
const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const START_SECONDS = 90;
const GONE_SECONDS = 5;
const LAST_LINES = 15;
const PORT_ATTEMPTS = 3;

export interface EmbeddedAwsOptions {
  /** Interpreter of the environment MiniStack is installed in; Python Lambda functions run on it too. */
  readonly python: string;
  /** Folder for the log and for what the server and its functions write. */
  readonly stateFolder: string;
  /** Default us-east-1. */
  readonly region?: string;
  /** 12 digits; default 000000000000. */
  readonly accountId?: string;
  /**
   * Decide every request by the IAM policies of its role, as AWS does. Default false: then every request is allowed,
   * and any role can be assumed by anybody.
   */
  readonly enforcePermissions?: boolean;
  /** Further variables of the server, which every Lambda function sees (say AWS_ENDPOINT_URL_SECURITYLAKE). */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line of the server's log, which is written to the file either way. */
  readonly onLog?: (line: string) => void;
}

/** A running AWS on this machine. */
export interface EmbeddedAws {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  readonly accountId: string;
  readonly region: string;
  /** What AWS clients need in their environment to reach it. */
  readonly environment: Record<string, string>;
  /** Of the server, and of the process group that holds it and all Lambda workers. */
  readonly pid: number;
  readonly logFile: string;
  /** Ends the server and its Lambda workers; returns when all are gone. Everything it held is lost. */
  stop(): Promise<void>;
  /** The same at once and without waiting, for `process.on('exit')`. */
  kill(): void;
}

/**
 * Starts MiniStack as a child that listens on 127.0.0.1 only and cannot outlive this process, and returns when it
 * answers.
 * @throws Failure SLK-LOCAL-001 when the interpreter has no MiniStack, SLK-LOCAL-002 when it does not come up.
 * @see https://github.com/ministackorg/ministack
 */
export async function startEmbeddedAws(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options, await freePort());
    } catch (error) {
      // Between finding a free port and binding it somebody else may take it.
      if (attempt === PORT_ATTEMPTS || !(error instanceof PortTaken)) throw error;
    }
  }
}

class PortTaken extends Failure<{ reason: string; logFile: string; lastLines: readonly string[] }> {}

async function startOnce(options: EmbeddedAwsOptions, port: number): Promise<EmbeddedAws> {
  const { python, region = 'us-east-1', accountId = '000000000000', enforcePermissions = false } = options;
  const stateFolder = resolve(options.stateFolder);
  const workFolder = join(stateFolder, 'work', String(port));
  const logFile = join(stateFolder, 'embedded-aws.log');
  mkdirSync(workFolder, { recursive: true });
  // Code of Node functions lies below this folder; without a package.json of its own Node would take a project's
  // "type": "module" for it.
  writeFileSync(join(workFolder, 'package.json'), '{ "type": "commonjs" }\n');

  const environment = { ...(options.environment ?? {}) };
  const child = spawnServer({
    python,
    logFile,
    onLog: options.onLog,
    cwd: workFolder,
    env: serverEnvironment({
      port,
      accountId,
      region,
      workFolder,
      nodeModules: NODE_MODULES,
      enforcePermissions,
      environment,
    }),
  });

  const kill = () => {
    signalGroup(child, 'SIGKILL');
    rmSync(workFolder, { recursive: true, force: true });
  };
  const stop = async () => {
    signalGroup(child, 'SIGKILL');
    await groupGone(child);
    rmSync(workFolder, { recursive: true, force: true });
  };

  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(child, endpoint, { python, logFile });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint,
    port,
    accountId,
    region,
    environment: clientEnvironment({ endpoint, accountId, region }),
    pid: child.pid as number,
    logFile,
    stop,
    kill,
  };
}

interface Spawn {
  readonly python: string;
  readonly logFile: string;
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly onLog: ((line: string) => void) | undefined;
}

function spawnServer({ python, logFile, cwd, env, onLog }: Spawn): ChildProcess {
  const log = openSync(logFile, 'w');
  // A group of its own, so that one signal reaches the server and the workers it starts, and Ctrl-C does not.
  const child = spawn(python, [LAUNCHER], { cwd, env, detached: true, stdio: ['pipe', log, log] });
  child.on('error', () => {}); // reported by untilHealthy, as there is no pid then
  closeSync(log);
  // Neither the child nor the pipe to it shall keep a finished program running.
  child.unref();
  (child.stdin as unknown as { unref(): void } | null)?.unref();
  if (onLog) child.once('exit', followLog(logFile, onLog));
  return child;
}

async function untilHealthy(
  child: ChildProcess,
  endpoint: string,
  { python, logFile }: { readonly python: string; readonly logFile: string },
): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline) {
    if (child.pid === undefined) throw new Failure(embeddedAwsNotInstalled, { python });
    if (child.exitCode !== null || child.signalCode !== null) throw exited(child, python, logFile);
    if (await answers(endpoint)) return;
    await delay(50);
  }
  const reason = `no answer within ${START_SECONDS} seconds`;
  throw new Failure(embeddedAwsNotStarted, { reason, logFile, lastLines: lastLines(logFile) });
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function exited(child: ChildProcess, python: string, logFile: string): Error {
  const lines = lastLines(logFile);
  if (lines.some((line) => line.includes("No module named 'ministack'"))) {
    return new Failure(embeddedAwsNotInstalled, { python });
  }
  const args = { reason: `it ended with ${child.signalCode ?? child.exitCode}`, logFile, lastLines: lines };
  if (lines.some((line) => line.includes('already in use'))) return new PortTaken(embeddedAwsNotStarted, args);
  return new Failure(embeddedAwsNotStarted, args);
}

function lastLines(logFile: string): string[] {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function groupGone(child: ChildProcess): Promise<void> {
  const deadline = Date.now() + GONE_SECONDS * 1000;
  while (signalGroup(child, 0) && Date.now() < deadline) await delay(10);
}
