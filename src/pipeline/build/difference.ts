// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from '../../ocsf/report.ts';

/** One place in which two JSON values differ. */
export interface Difference {
  /** `[0].user.name`; empty for the whole value. */
  readonly path: string;
  /** Undefined where only the other value has something there. */
  readonly expected: unknown;
  readonly actual: unknown;
}

/** The places in which two JSON values differ, deepest places first named, in the order of the expected value. */
export function differences(expected: unknown, actual: unknown, path = ''): Difference[] {
  if (Object.is(expected, actual)) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, at) => differences(expected[at], actual[at], `${path}[${at}]`)).flat();
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return keys.flatMap((key) => differences(expected[key], actual[key], path === '' ? key : `${path}.${key}`));
  }
  return [{ path, expected, actual }];
}
