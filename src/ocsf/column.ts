// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Physical types of a leaf column. `timestamp` is INT64 milliseconds with the TIMESTAMP(MILLIS, UTC) annotation. */
export type LeafType = 'int32' | 'int64' | 'double' | 'boolean' | 'string' | 'timestamp';

/**
 * One column of a lake source. The tree is fixed per source: every node is OPTIONAL in Parquet.
 *
 * - `leaf`: a scalar; a value of OCSF type `timestamp_t` is an `int64` of epoch milliseconds without annotation.
 * - `struct`: a group of named fields.
 * - `list`: a three-level LIST (`<name> (LIST) > repeated group list > element`).
 * - `map`: MAP<string, string>, used for the free-form `unmapped`.
 */
export type Column =
  | { readonly kind: 'leaf'; readonly name: string; readonly type: LeafType }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly Column[] }
  | { readonly kind: 'list'; readonly name: string; readonly element: Column }
  | { readonly kind: 'map'; readonly name: string };
