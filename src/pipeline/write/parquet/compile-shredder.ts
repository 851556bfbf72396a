// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Column } from '../../../ocsf/column.ts';
import type { Shredder } from './node-builder.ts';
import { shredderStatements } from './shredder-source.ts';

/**
 * A shredder for tools and tests, made by evaluating the code of `shredderSource`. It is kept apart from the writer,
 * so that what is bundled for a Lambda has no way to evaluate text.
 *
 * @throws Failure `columnsUnusable` as `parquetSchema`
 */
export function compileShredder(columns: readonly Column[]): Shredder {
  return new Function(`'use strict';\n${shredderStatements(columns)}return shred;`)() as Shredder;
}
