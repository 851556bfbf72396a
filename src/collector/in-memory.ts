// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { gunzipSync } from 'node:zlib';
import type { Clients } from './clients.ts';

/** AWS in memory, for local tests and unit tests of processors: no account, no network. */
export interface InMemoryAws {
  readonly clients: Clients;
  /** Raw objects by key. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** Bodies of the queue's messages. */
  readonly messages: readonly string[];
  /** Items of the table by `<pk> <sk>`. */
  readonly items: ReadonlyMap<string, Readonly<Record<string, { readonly N?: string; readonly S?: string }>>>;
  /** Values of secrets; may be changed. */
  readonly secrets: Record<string, string>;
  /** The lines of all raw objects, in the order of their keys. */
  lines(): string[];
  /** Makes the next call of an operation (`PutObject`) fail with this. */
  failNext(operation: string, error: Error): void;
}

type Item = Record<string, { readonly N?: string; readonly S?: string }>;
/** Of all operations together: each reads its own. */
interface Input {
  readonly Key: unknown;
  readonly Body: Uint8Array;
  readonly MessageBody: string;
  readonly SecretId: string;
  readonly Item: Item;
}

/** Holds what the kit writes, in the shapes of the SDK's commands; any other command is refused. */
export function inMemoryAws(secrets: Record<string, string> = {}): InMemoryAws {
  const objects = new Map<string, Buffer>();
  const messages: string[] = [];
  const items = new Map<string, Item>();
  const failures = new Map<string, Error>();
  const operations: Readonly<Record<string, (input: Input) => object>> = {
    PutObject({ Key, Body }) {
      objects.set(String(Key), Buffer.from(Body));
      return {};
    },
    SendMessage({ MessageBody }) {
      messages.push(MessageBody);
      return {};
    },
    GetSecretValue({ SecretId }) {
      if (!(SecretId in secrets)) throw named('ResourceNotFoundException');
      return { SecretString: secrets[SecretId] };
    },
    GetItem({ Key }) {
      return { Item: items.get(keyOf(Key as Item)) };
    },
    /** The one condition of the kit: forward only, or the same write again. */
    PutItem({ Item: item }) {
      const standing = items.get(keyOf(item));
      const isForward = Number(standing?.sequence_number?.N ?? -1) < Number(item.sequence_number?.N);
      const isAgain =
        standing?.sequence_number?.N === item.sequence_number?.N && standing?.run_id?.S === item.run_id?.S;
      const isKnown = Number(standing?.v?.N ?? 0) <= Number(item.v?.N);
      if (standing && !(isKnown && (isForward || isAgain))) {
        throw Object.assign(named('ConditionalCheckFailedException'), { Item: standing });
      }
      items.set(keyOf(item), item);
      return {};
    },
  };
  const client = {
    async send(command: { readonly constructor: { readonly name: string }; readonly input: object }) {
      const name = command.constructor.name.replace(/Command$/, '');
      const failure = failures.get(name);
      failures.delete(name);
      if (failure) throw failure;
      const operation = operations[name];
      if (!operation) throw new Error(`AWS in memory has no ${name}`);
      return operation(command.input as Input);
    },
  };
  const send = client as never;
  return {
    clients: { s3: send, sqs: send, dynamodb: send, secrets: send },
    objects,
    messages,
    items,
    secrets,
    lines: () =>
      [...objects]
        .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
        .flatMap(([, body]) => gunzipSync(body).toString().trimEnd().split('\n')),
    failNext: (operation, error) => failures.set(operation, error),
  };
}

function keyOf({ pk, sk }: Item): string {
  return `${pk?.S} ${sk?.S}`;
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
