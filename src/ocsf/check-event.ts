// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Attributes, add, isObject, MAX_VALUE, type Report, wrongType } from './report.ts';

export function classUid(report: Report, key: string, value: unknown, expected: number): void {
  if (value === expected) return;
  if (!Number.isInteger(value)) wrongType(report, key, value, 'integer_t');
  else add(report, 'error', 'class_uid_unknown', key, `the uid of this class is ${expected}`, value);
}

/** Reads `metadata.profiles` into the report; `bitOf` gives 0 for a name that is no profile. */
export function declaredProfiles(report: Report, event: Attributes, bitOf: (name: unknown) => number): void {
  const { metadata } = event;
  if (!isObject(metadata)) return;
  const { profiles } = metadata;
  if (!Array.isArray(profiles)) return;
  for (let index = 0; index < profiles.length; index++) {
    const bit = bitOf(profiles[index]);
    report.profiles |= bit;
    if (bit !== 0 || typeof profiles[index] !== 'string') continue;
    add(report, 'error', 'profile_unknown', `metadata.profiles[${index}]`, 'no such profile', profiles[index]);
  }
}

/** `type_uid` is made of `class_uid` and `activity_id`. */
export function typeUid(report: Report, event: Attributes): void {
  const { class_uid, activity_id, type_uid } = event;
  if (typeof class_uid !== 'number' || typeof activity_id !== 'number' || typeof type_uid !== 'number') return;
  const expected = class_uid * 100 + activity_id;
  if (type_uid === expected || !Number.isInteger(expected)) return;
  add(report, 'error', 'type_uid_incorrect', 'type_uid', `class_uid * 100 + activity_id is ${expected}`, type_uid);
}

/** `metadata.version` against the version of the tables. */
export function version(report: Report, event: Attributes, expected: string): void {
  const { metadata } = event;
  if (!isObject(metadata) || metadata.version === expected || typeof metadata.version !== 'string') return;
  const { version } = metadata;
  const path = 'metadata.version';
  const parts = version.length > MAX_VALUE ? null : /^(\d+)\.(\d+)\.(\d+)(-[\w.-]+)?(\+[\w.-]+)?$/.exec(version);
  if (parts === null) {
    add(report, 'error', 'version_invalid_format', path, 'not a semantic version', version);
  } else if (isLater(version, expected)) {
    add(report, 'error', 'version_incompatible_later', path, `later than ${expected}`, version);
  } else if (Number(parts[1]) === 0) {
    add(report, 'error', 'version_incompatible_initial_development', path, `not comparable to ${expected}`, version);
  } else if (parts[4] !== undefined) {
    add(
      report,
      'error',
      'version_incompatible_prerelease',
      path,
      `a prerelease, not comparable to ${expected}`,
      version,
    );
  } else {
    add(report, 'warning', 'version_earlier', path, `earlier than ${expected}`, version);
  }
}

function isLater(version: string, expected: string): boolean {
  const ours = expected.split('.').map(Number);
  const theirs = version.split(/[-+]/, 1)[0]?.split('.').map(Number) ?? [];
  for (const [index, number] of ours.entries()) {
    const other = theirs[index] ?? 0;
    if (other !== number) return other > number;
  }
  return false;
}
