// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import type { Rule } from '../../findings/index.ts';
import type { LakePath } from './lake-path.ts';
import type { LakeSource } from './lake-source.ts';
import type { ParquetFile } from './parquet-file.ts';
import type { RowFacts } from './row-facts.ts';

/** An object of a lake and what is known of it. */
export interface LakeObject {
  readonly path: LakePath;
  readonly file: ParquetFile;
  readonly rows: RowFacts;
  /** The source it belongs to, where that is one of a module here. */
  readonly source?: LakeSource;
}

/** What is wrong with an object, a text each; `notChecked` says why it cannot be told, or not of all of it. */
export type Verdict = readonly string[] | { readonly notChecked: string; readonly found?: readonly string[] };

/** What was found, and what could not be checked beside it. */
export function verdict(found: readonly string[], notChecked: string | undefined): Verdict {
  return notChecked === undefined ? found : { found, notChecked };
}

/** A rule of Security Lake and how an object is held against it. */
export interface LakeRule extends Rule {
  readonly look: (object: LakeObject) => Verdict;
}

/** Which rows a rule about time cannot be told of; undefined where it can be of all. */
export function withoutTimeText({ count, withoutTime }: RowFacts): string | undefined {
  if (withoutTime === 0) return undefined;
  if (withoutTime === count) return 'no row has a time in epoch milliseconds';
  return `${grouped(withoutTime)} of ${counted(count, 'row')} ${withoutTime === 1 ? 'has' : 'have'} no time in epoch milliseconds`;
}

/** `a, b, c and 4 more`. */
export function shortList(values: readonly string[], most = 3): string {
  const rest = values.length - most;
  return `${values.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** 1234567 as `1,234,567`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
