// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Column } from '../../ocsf/index.ts';
import type { ParquetFacts } from './parquet-file.ts';

/** Where an object lies in a lake, as its path tells; a part that the path does not have is undefined. */
export interface LakePath {
  /** Name of the custom source: the folder below `ext/`. */
  readonly source?: string;
  readonly region?: string;
  readonly accountId?: string;
  readonly eventDay?: string;
  /** Partition folders as they are written, for a message. */
  readonly folders: readonly string[];
}

/** An object of a lake that is inspected. */
export interface LakeObject {
  /** Path or key, as a person knows it. */
  readonly name: string;
  readonly path: LakePath;
  readonly facts: ParquetFacts;
  readonly rows: readonly Record<string, unknown>[];
  /** The fixed columns of its source, where the source is one of ours. */
  readonly columns?: readonly Column[];
}

/**
 * Reads the folders of a path.
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 */
export function lakePathOf(path: string): LakePath {
  const parts = path.split(/[\\/]/).slice(0, -1);
  const folders = parts.filter((part) => /^[A-Za-z]+=/.test(part));
  const value = (name: string) => folders.find((folder) => folder.startsWith(`${name}=`))?.slice(name.length + 1);
  const source = parts[parts.lastIndexOf('ext') + 1];
  return {
    ...(parts.includes('ext') && source && !source.includes('=') ? { source } : {}),
    ...optional('region', value('region')),
    ...optional('accountId', value('accountId')),
    ...optional('eventDay', value('eventDay')),
    folders,
  };
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
