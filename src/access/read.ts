// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type CollectionTag, LineCounter, parseDocument, type ScalarTag } from 'yaml';
import { isRecord } from './document.ts';

/** A policy or template as it was written. */
export interface Written {
  readonly value: unknown;
  /** Line and column of a part, or of its nearest parent that is written, from 1. */
  readonly place: (path: readonly (string | number)[]) => { readonly line: number; readonly column: number };
}

const SHORT = [
  'GetAtt',
  'Join',
  'Sub',
  'If',
  'Select',
  'Split',
  'ImportValue',
  'FindInMap',
  'Base64',
  'Cidr',
  'GetAZs',
];
const LONG = [...SHORT, 'And', 'Equals', 'Not', 'Or', 'Transform', 'Length', 'ToJsonString'];
const NAMES = new Map([
  ...LONG.map((name) => [`!${name}`, `Fn::${name}`] as const),
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
]);
const tags: (ScalarTag | CollectionTag)[] = [...NAMES.keys()].flatMap((tag) => [
  { tag, resolve: (text: string) => text } satisfies ScalarTag,
  { tag, collection: 'seq' } satisfies CollectionTag,
  { tag, collection: 'map' } satisfies CollectionTag,
]);

/**
 * Reads JSON or YAML, with the short forms of CloudFormation's intrinsic functions. Gives the reason where it is
 * neither; YAML aliases are limited, so that a small file does not become a large value.
 */
export function readWritten(text: string): Written | { readonly reason: string } {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      customTags: tags,
      uniqueKeys: false,
      logLevel: 'error',
    });
    const [error] = document.errors;
    if (error) return { reason: error.message.split('\n')[0] ?? 'syntax' };
    const value = long(document.contents, document.toJS({ maxAliasCount: 100 }));
    if (!isRecord(value) && !Array.isArray(value)) return { reason: 'it holds neither an object nor a list' };
    return {
      value,
      place: (path) => {
        for (let length = path.length; length >= 0; length--) {
          const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
          const start = isRecord(node) && Array.isArray(node.range) ? node.range[0] : undefined;
          if (typeof start !== 'number') continue;
          const { line, col } = lines.linePos(start);
          return { line, column: col };
        }
        return { line: 1, column: 1 };
      },
    };
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

/** Writes the short forms out: a node with the tag `!Ref` becomes `{ Ref: … }`. */
function long(node: unknown, value: unknown): unknown {
  if (!isRecord(node)) return value;
  let inner = value;
  if (Array.isArray(value) && Array.isArray(node.items)) {
    const items: readonly unknown[] = node.items;
    inner = value.map((item, at) => long(items[at], item));
  } else if (isRecord(value) && Array.isArray(node.items)) {
    const pairs = new Map<string, unknown>();
    for (const pair of node.items) {
      if (isRecord(pair)) pairs.set(isRecord(pair.key) ? String(pair.key.value) : String(pair.key), pair.value);
    }
    inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, long(pairs.get(key), part)]));
  }
  const name = typeof node.tag === 'string' ? NAMES.get(node.tag) : undefined;
  return name === undefined ? inner : { [name]: inner };
}
