// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Where an object lies in a lake, as its path tells; a part that the path does not have is undefined. */
export interface LakePath {
  /** Region in the name of the lake's bucket. */
  readonly bucketRegion?: string;
  /** Name of the custom source: the folder below `ext/`. */
  readonly source?: string;
  readonly region?: string;
  readonly accountId?: string;
  readonly eventDay?: string;
  /** Partition folders as they are written, for a message. */
  readonly folders: readonly string[];
}

/**
 * Reads the folders of a path or an `s3://` address.
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 */
export function lakePathOf(path: string): LakePath {
  const parts = path.split(/[\\/]/).slice(0, -1);
  const folders = parts.filter((part) => /^[A-Za-z]+=/.test(part));
  const value = (name: string) => folders.find((folder) => folder.startsWith(`${name}=`))?.slice(name.length + 1);
  const source = parts[parts.lastIndexOf('ext') + 1];
  const bucket = /^s3:\/\/aws-security-data-lake-([a-z]{2}(?:-[a-z]+)+-\d)-/.exec(path)?.[1];
  return {
    ...optional('bucketRegion', bucket),
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
