// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { configEmpty, duplicateKey, tooManyAliases, unusableKey, yamlSyntax } from '../errors/config.ts';
import { type Finding, finding, type KeyPath } from './problem.ts';
import { shownName } from './secret.ts';
import { explainSyntax } from './syntax.ts';

const maxAliases = 100;
const NAME_REMEDY = 'a key is a name followed by a colon; one that looks like a number needs quotes';
/** Names that no key can have. */
export const unusableNames: ReadonlyMap<string, { readonly what: string; readonly remedy: string }> = new Map([
  ['__proto__', { what: 'is a reserved name', remedy: 'choose another name' }],
  ['<<', { what: 'is a merge key, which YAML 1.2 does not have', remedy: 'write the keys out that it stands for' }],
]);
/** Far deeper than any schema; what is nested deeper could exhaust the stack of those who walk it. */
const maxDepth = 50;

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A finding of the reader: it knows its place itself, since the place may belong to no key. */
export interface PlacedFinding extends Finding {
  readonly place: Place;
}

/** A YAML text as data, and where each key of it stands. */
export interface Source {
  /** Plain data; `undefined` where the text cannot be read as one mapping. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly findings: readonly PlacedFinding[];
  /** The key (in a list: the item) at `path`, or the nearest one above it that is written. */
  locate(path: KeyPath): Place;
  /** The characters written for the plain scalar at `path`: `012345678901` where the data holds a number. */
  written(path: KeyPath): string | undefined;
}

/** Reads one YAML 1.2 document; never throws, whatever the text. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };

  const syntax = syntaxFindings(document, placeAt);
  if (syntax.length > 0) return unreadable(syntax);

  const top = document.contents;
  if (top === null || (isScalar(top) && top.value === null)) {
    return unreadable([{ ...finding(configEmpty, [], {}), place: placeAt(0) }]);
  }
  if (!isMap(top)) {
    const what = 'the file must hold keys and their values at its top';
    return unreadable([
      {
        ...finding(yamlSyntax, [], {
          what,
          remedy: 'begin with a line such as projectName: security-lake-integration',
        }),
        place: placeAt(startOf(top)),
      },
    ]);
  }

  const keys = keyFindings(top, placeAt);
  if (keys.some(({ code }) => code === yamlSyntax.code)) return unreadable(keys);
  const aliases = aliasFindings(document, placeAt);
  if (aliases.length > 0) return unreadable(aliases);
  return {
    data: document.toJS({ maxAliasCount: maxAliases }) as Record<string, unknown>,
    findings: keys,
    locate: (path) => placeAt(locate(document, path)),
    written: (path) => writtenAt(document, path),
  };
}

function unreadable(findings: readonly PlacedFinding[]): Source {
  const place = findings[0]?.place ?? { line: 1, column: 1 };
  return { data: undefined, findings, locate: () => place, written: () => undefined };
}

function syntaxFindings(document: Document, placeAt: (offset: number) => Place): PlacedFinding[] {
  const found = new Map<number, PlacedFinding>();
  // A tag that is not known is a mere warning to the parser; here it would change the value unseen.
  for (const error of [...document.errors, ...document.warnings] as YAMLError[]) {
    const place = placeAt(error.pos[0]);
    const explained = explainSyntax(error.code, error.message);
    if (!found.has(place.line)) found.set(place.line, { ...finding(yamlSyntax, [], explained), place });
  }
  return [...found.values()].sort((a, b) => a.place.line - b.place.line);
}

/** Aliases that name nothing, contain themselves, or multiply without bound. */
function aliasFindings(document: Document, placeAt: (offset: number) => Place): PlacedFinding[] {
  const findings: PlacedFinding[] = [];
  let first: Alias | undefined;
  visit(document, {
    Alias(_, alias) {
      first ??= alias;
      const target = alias.resolve(document);
      const place = placeAt(startOf(alias));
      if (target === undefined) {
        findings.push({ ...finding(yamlSyntax, [], explainSyntax('BAD_ALIAS')), place });
      } else if (startOf(target) <= startOf(alias) && startOf(alias) < endOf(target)) {
        const args = { what: 'an alias stands inside the value it stands for', remedy: 'write the value out' };
        findings.push({ ...finding(yamlSyntax, [], args), place });
      }
    },
  });
  if (findings.length > 0 || first === undefined) return findings;
  try {
    document.toJS({ maxAliasCount: maxAliases });
    return [];
  } catch {
    return [{ ...finding(tooManyAliases, [], { limit: maxAliases }), place: placeAt(startOf(first)) }];
  }
}

/** Keys written twice or nested too deep, keys that are no text, and the one name that JavaScript objects cannot hold safely. */
function keyFindings(top: Node, placeAt: (offset: number) => Place): PlacedFinding[] {
  const findings: PlacedFinding[] = [];
  walk(top, []);
  return findings;

  function walk(node: Node, path: KeyPath): void {
    if (path.length > maxDepth) {
      const place = placeAt(startOf(node));
      findings.push({ ...finding(yamlSyntax, [], explainSyntax('RESOURCE_EXHAUSTION')), place });
      return;
    }
    if (isSeq(node)) {
      node.items.forEach((item, index) => {
        if (isNode(item)) walk(item, [...path, index]);
      });
    }
    if (!isMap(node)) return;
    const seen = new Map<string, number>();
    for (const { key, value } of node.items) {
      const place = placeAt(isNode(key) ? startOf(key) : startOf(node));
      const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined;
      if (name === undefined) {
        const what = isScalar(key)
          ? `the key ${shownName(String(key.source ?? key.value))} is no text`
          : 'a key is no text';
        findings.push({ ...finding(unusableKey, path, { what, remedy: NAME_REMEDY }), place });
        continue;
      }
      const own = [...path, name];
      const unusable = unusableNames.get(name);
      if (unusable !== undefined) findings.push({ ...finding(unusableKey, own, unusable), place });
      const firstLine = seen.get(name);
      if (firstLine !== undefined) findings.push({ ...finding(duplicateKey, own, { firstLine }), place });
      else seen.set(name, place.line);
      if (isNode(value)) walk(value, own);
    }
  }
}

function locate(document: Document, path: KeyPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? startOf(node) : 0;
  for (const part of path) {
    const step = stepInto(document, node, part);
    if (step === undefined) break;
    offset = step.offset;
    node = step.value;
  }
  return offset;
}

function writtenAt(document: Document, path: KeyPath): string | undefined {
  let node: unknown = document.contents;
  for (const part of path) node = stepInto(document, node, part)?.value;
  return isScalar(node) && node.type === 'PLAIN' ? node.source : undefined;
}

function stepInto(document: Document, from: unknown, part: string | number) {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isSeq(node) && typeof part === 'number') {
    const item = node.items[part];
    return isNode(item) ? { offset: startOf(item), value: item } : undefined;
  }
  if (!isMap(node)) return undefined;
  // As in the data, the last of two equal keys counts.
  const pair = node.items.findLast(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
  );
  return pair !== undefined && isNode(pair.key) ? { offset: startOf(pair.key), value: pair.value } : undefined;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function endOf(node: Node): number {
  return node.range?.[1] ?? 0;
}
