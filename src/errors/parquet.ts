// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const valueUnfit = defineError<{ column: string; expected: string; found: string }>({
  code: 'SLK-PARQUET-001',
  title: 'A value does not fit its Parquet column',
  blame: 'bug',
  message: ({ column, expected, found }) =>
    `The column ${column} holds ${expected}, but the row has ${found}. The row was not written.`,
  hint: 'Validated events fit their columns, so the columns and the validator disagree: compare the type of this attribute in the OCSF class with the column derived from the mapping.',
});

export const columnsUnusable = defineError<{ column: string; reason: string }>({
  code: 'SLK-PARQUET-002',
  title: 'The columns make no Parquet schema',
  blame: 'bug',
  message: ({ column, reason }) => `The column ${column} cannot be written to Parquet: ${reason}.`,
  hint: 'Columns are derived from the mappings of a source; report the mapping that leads to this column.',
});

export const shredderStale = defineError({
  code: 'SLK-PARQUET-003',
  title: 'The shredder was generated from other columns',
  blame: 'bug',
  message: () => 'The generated code that takes rows apart belongs to other columns than the ones of this file.',
  hint: 'Generate the shredder again from the columns of this source, and bundle both together.',
});
