// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { QUIET, RESOURCES } from './boto3.ts';
import type { Arguments, Language, Outcome, Use } from './language.ts';
import { powertoolsUses } from './powertools.ts';
import { waitsFor } from './python.ts';
import type { FileTree } from './tree.ts';
import { typescriptTree } from './typescript-tree.ts';
import { type AwsValue, type Value, Values } from './value.ts';

const ENDINGS = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '.tsx', '/index.ts', '/index.js'];

/** Files of the project by the names under which they are imported like a package. */
export type OwnModules = Readonly<Record<string, string>>;

/**
 * Reads a program from its first file on: whatever it imports by a path, or of the project's own modules.
 *
 * @param read the text of a file, by its path with slashes; undefined where there is none
 */
export function typescriptTrees(
  entry: string,
  read: (file: string) => string | undefined,
  own: OwnModules = {},
): ReadonlyMap<string, FileTree> {
  const trees = new Map<string, FileTree>();
  const waiting = [entry];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const text = trees.has(file) ? undefined : read(file);
    if (text === undefined) continue;
    const tree = typescriptTree({ file, text });
    trees.set(file, tree);
    const bodies = [tree.body, ...tree.definitions.map(({ body }) => body)];
    for (const step of bodies.flat()) {
      if (step.k !== 'import') continue;
      const target =
        own[step.module] ?? pathOf(file, step.module, (path) => trees.has(path) || read(path) !== undefined);
      if (target) waiting.push(target);
    }
  }
  return trees;
}

/** The file that an import by path means; undefined for a package. */
function pathOf(from: string, module: string, exists: (path: string) => boolean): string | undefined {
  if (!/^\.{1,2}\/|^\/|^\.{1,2}$/.test(module)) return undefined;
  const path = module.startsWith('/') ? module : posix.join(posix.dirname(from), module);
  const written = [path, path.replace(/\.([cm]?)js$/, '.$1ts')];
  return written.flatMap((text) => ENDINGS.map((ending) => `${text}${ending}`)).find((text) => exists(text));
}

const CLIENT = /^@aws-sdk\/client-([\w-]+)#(\w+)$/;
const POWERTOOLS = /^@aws-lambda-powertools\/(?:parameters|idempotency)(?:\/\w+)*#(\w+)(?:\(\)\.(\w+))?$/;
const VERSION_2 = /^aws-sdk(?:\/clients\/\w+)?#(\w+)(\.DocumentClient)?$/;
/** Credentials that are those of the function after all. */
const OWN_CREDENTIALS =
  /^@aws-sdk\/credential-provider[\w-]*#(?:from(?:NodeProviderChain|Env|ContainerMetadata|InstanceMetadata)|defaultProvider)\(\)$/;
const PASS =
  /^globalThis#(?:Promise\.(?:all|allSettled|race|any|resolve)|Array\.(?:from|of)|Object\.(?:assign|freeze|fromEntries)|structuredClone)$/;
const SIGNERS = /^@(?:aws-sdk|smithy)\/signature-v4#SignatureV4$/;
/** Operations of the document client, which names them shorter. */
const DOCUMENT: Readonly<Record<string, string>> = {
  BatchExecuteStatement: 'BatchExecuteStatement',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
  Delete: 'DeleteItem',
  ExecuteStatement: 'ExecuteStatement',
  ExecuteTransaction: 'ExecuteTransaction',
  Get: 'GetItem',
  Put: 'PutItem',
  Query: 'Query',
  Scan: 'Scan',
  TransactGet: 'TransactGetItems',
  TransactWrite: 'TransactWriteItems',
  Update: 'UpdateItem',
};

/** TypeScript and JavaScript with the AWS SDK, version 3, and Powertools. */
export function typescriptLanguage(files: ReadonlyMap<string, FileTree>, own: OwnModules = {}): Language {
  return {
    resolve(from, module, member) {
      const file = own[module] ?? pathOf(from, module, (path) => files.has(path));
      if (file) return member === undefined ? { file } : { file, member };
      const whole = member === undefined || member === 'default' || member === '*';
      return { path: whole ? module : `${module}#${member}` };
    },
    memberPath: (path, name) =>
      path.includes('#') ? `${path}.${name}` : name === 'default' ? path : `${path}#${name}`,
    follows: (path) => /^(?:@aws-sdk\/|@smithy\/|@aws-lambda-powertools\/|aws-sdk\b|aws-xray-sdk)/.test(path),
    global: (name) => `globalThis#${name}`,
    call,
    method,
    attribute: () => undefined,
    typed(path) {
      const [, service, name = ''] = CLIENT.exec(path) ?? [];
      return service !== undefined && isClient(service, name) ? { t: 'client', service, foreign: false } : undefined;
    },
  };
}

/** `S3Client`, or `S3` with a method for each operation. */
function isClient(service: string, name: string): boolean {
  return /Client$/.test(name) || plain(name) === plain(service);
}

function plain(text: string): string {
  return text.replaceAll('-', '').toLowerCase();
}

function call(path: string, given: Arguments, id: string): Outcome | undefined {
  const [, service, name = ''] = CLIENT.exec(path) ?? [];
  if (service !== undefined) return ofClient(service, name, given, id);
  if (path.startsWith('@aws-sdk/lib-dynamodb#')) return ofDocument(path.slice(path.indexOf('#') + 1), given, id);
  if (path === '@aws-sdk/lib-storage#Upload') {
    return { uses: [{ service: 's3', operation: 'CreateMultipartUpload', foreign: isForeign(given, 's3') }] };
  }
  if (/^@aws-sdk\/credential-providers#fromTemporaryCredentials$/.test(path)) {
    const uses = [{ service: 'sts', operation: 'AssumeRole', foreign: false }];
    return { uses, values: [{ t: 'external', path: `${path}()` }] };
  }
  const powertools = POWERTOOLS.exec(path);
  if (powertools) {
    const [, utility = '', member] = powertools;
    return {
      uses: powertoolsUses(member ? `${utility}.${member}` : utility),
      values: [{ t: 'external', path: `${path}()` }],
    };
  }
  const old = VERSION_2.exec(path);
  if (old) {
    const client = (old[1] ?? '').toLowerCase();
    const foreign = hasCredentials(given);
    return {
      values: [
        old[2]
          ? { t: 'resource', service: client, kind: 'dynamodb.Document', foreign }
          : { t: 'client', service: client, foreign },
      ],
    };
  }
  if (PASS.test(path)) return { values: Values.union(...given.args, given.rest) };
  if (/^globalThis#Object\.(?:values|entries)$/.test(path)) {
    return { values: Values.union(given.args[0] ?? [], ...given.members(given.args[0]).values()) };
  }
  if (/captureAWS(?:v3Client|Client)$/.test(path)) return { values: given.args[0] ?? [] };
  if (SIGNERS.test(path)) return { unclear: 'requests are signed by hand' };
  return undefined;
}

function ofClient(service: string, name: string, given: Arguments, id: string): Outcome {
  const use = (operation: string): Use => ({ service, operation, foreign: isForeign(given, service) });
  const operation = /^(.+)Command$/.exec(name)?.[1];
  if (operation) {
    // With whose credentials it is sent, the client decides that sends it.
    const uses = [{ service, operation, foreign: false }];
    return { uses, values: [{ t: 'command', service, operation, id }] };
  }
  const pages = /^paginate(.+)$/.exec(name)?.[1];
  if (pages) return { uses: [use(pages)] };
  const waits = /^waitUntil(.+)$|^waitFor(.+)$/.exec(name);
  if (waits) {
    const asked = waitsFor(service, waits[1] ?? waits[2] ?? '');
    return asked ? { uses: [use(asked)] } : { unclear: `what a waiter of ${service} asks is not known` };
  }
  if (!isClient(service, name)) return {};
  return { values: [{ t: 'client', service, foreign: hasCredentials(given) }] };
}

function ofDocument(name: string, given: Arguments, id: string): Outcome {
  const made = /^DynamoDBDocument(Client)?\.from$/.exec(name);
  if (made) {
    const clients = [...(given.args[0] ?? [])].filter((value): value is AwsValue => value.t === 'client');
    if (made[1]) return { values: clients };
    return {
      values: clients.map(
        ({ service, foreign }): Value => ({ t: 'resource', service, kind: 'dynamodb.Document', foreign }),
      ),
    };
  }
  const command = /^(\w+)Command$/.exec(name)?.[1] ?? /^paginate(\w+)$/.exec(name)?.[1] ?? '';
  const operation = DOCUMENT[command];
  if (operation === undefined) return {};
  const foreign = name.startsWith('paginate') && isForeign(given, 'dynamodb');
  const uses = [{ service: 'dynamodb', operation, foreign }];
  return name.startsWith('paginate')
    ? { uses }
    : { uses, values: [{ t: 'command', service: 'dynamodb', operation, id }] };
}

function method(of: AwsValue, name: string, given: Arguments): Outcome {
  const { service, foreign } = of;
  if (name === 'send') {
    const known = [...Values.union(...given.args, given.rest)].some(({ t }) => t === 'command');
    return known ? {} : { unclear: `what is sent to ${service} is computed` };
  }
  if (QUIET.test(name)) return {};
  const operation = of.t === 'resource' ? RESOURCES[of.kind]?.[name] : name;
  return operation === undefined ? {} : { uses: [{ service, operation, foreign }] };
}

/** Whether the configuration of a client names credentials other than the function's. */
function hasCredentials({ args, members }: Arguments): boolean {
  const credentials = members(args[0]).get('credentials');
  if (!credentials) return false;
  return [...credentials].every((value) => !(value.t === 'external' && OWN_CREDENTIALS.test(value.path)));
}

/** Whether the client among the members of the first argument has credentials other than the function's. */
function isForeign({ args, members }: Arguments, service: string): boolean {
  const clients = [...(members(args[0]).get('client') ?? [])].filter(
    (value) => value.t === 'client' && value.service === service,
  );
  return clients.length > 0 && clients.every((value) => value.t === 'client' && value.foreign);
}
