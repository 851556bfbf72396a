// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** A value as far as it is followed. */
export type Value =
  /** A client of a service; `foreign`: with credentials other than those of the function's role. */
  | { readonly t: 'client'; readonly service: string; readonly foreign: boolean }
  /** A resource object of boto3; `kind` as in `s3.Bucket`. */
  | { readonly t: 'resource'; readonly service: string; readonly kind: string; readonly foreign: boolean }
  /** A method of a client or resource. */
  | { readonly t: 'method'; readonly of: AwsValue; readonly name: string }
  /** A request that a client sends; `id` is where it is made. */
  | { readonly t: 'command'; readonly service: string; readonly operation: string; readonly id: string }
  /** Something of a library: `boto3.Session()`, `@aws-sdk/client-s3#S3Client`. `()` stands for the result of a call. */
  | { readonly t: 'external'; readonly path: string }
  /** A function or a class of the program, by file and id; `self` is the instance it is bound to. */
  | { readonly t: 'function'; readonly id: string; readonly self?: string }
  | { readonly t: 'class'; readonly id: string }
  /** An instance of a class of the program, or an object literal. */
  | { readonly t: 'instance'; readonly id: string }
  | { readonly t: 'module'; readonly file: string }
  | { readonly t: 'text'; readonly value: string };

export type AwsValue = Extract<Value, { t: 'client' | 'resource' }>;

const keys = new WeakMap<Value, string>();

function keyOf(value: Value): string {
  const known = keys.get(value);
  if (known !== undefined) return known;
  const key = keyText(value);
  keys.set(value, key);
  return key;
}

function keyText(value: Value): string {
  switch (value.t) {
    case 'client':
      return `client ${value.service} ${value.foreign}`;
    case 'resource':
      return `resource ${value.service} ${value.kind} ${value.foreign}`;
    case 'method':
      return `method ${keyOf(value.of)} ${value.name}`;
    case 'command':
      return `command ${value.service} ${value.operation} ${value.id}`;
    case 'external':
      return `external ${value.path}`;
    case 'function':
      return `function ${value.id} ${value.self ?? ''}`;
    case 'module':
      return `module ${value.file}`;
    case 'text':
      return `text ${value.value}`;
    default:
      return `${value.t} ${value.id}`;
  }
}

/** More texts and objects than this in one variable say no more; it bounds the work. Clients are never left out. */
const MOST = 60;
const ALWAYS: ReadonlySet<Value['t']> = new Set(['client', 'resource', 'method', 'command']);

/** Distinct values; it only grows. */
export class Values implements Iterable<Value> {
  private readonly byKey = new Map<string, Value>();

  static of(...values: readonly Value[]): Values {
    const made = new Values();
    for (const value of values) made.add(value);
    return made;
  }

  static union(...sets: readonly Iterable<Value>[]): Values {
    const made = new Values();
    for (const set of sets) made.addAll(set);
    return made;
  }

  /** Whether the value is new. */
  add(value: Value): boolean {
    const key = keyOf(value);
    if (this.byKey.has(key) || (this.byKey.size >= MOST && !ALWAYS.has(value.t))) return false;
    this.byKey.set(key, value);
    return true;
  }

  addAll(values: Iterable<Value>): boolean {
    let grown = false;
    for (const value of values) grown = this.add(value) || grown;
    return grown;
  }

  get size(): number {
    return this.byKey.size;
  }

  get texts(): readonly string[] {
    return [...this].flatMap((value) => (value.t === 'text' ? [value.value] : []));
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.byKey.values();
  }
}
