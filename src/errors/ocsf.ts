// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const ocsfVersionUnknown = defineError<{ version: string; known: readonly string[] }>({
  code: 'SLK-OCSF-001',
  title: 'OCSF version unknown',
  blame: 'user',
  message: ({ version, known }) => `OCSF ${version} has no tables here (known: ${known.join(', ')})`,
  hint: 'Use a known version, or generate its tables: npm run generate -- --ocsf-schema <file>',
});

export const ocsfClassUnknown = defineError<{ version: string; className: string; nearest?: string }>({
  code: 'SLK-OCSF-002',
  title: 'OCSF class unknown',
  blame: 'user',
  message: ({ version, className }) => `OCSF ${version} has no class "${className}"`,
  hint: ({ nearest }) => (nearest ? `Did you mean "${nearest}"?` : 'Classes are listed at https://schema.ocsf.io'),
});

export const ocsfPathUnknown = defineError<{
  version: string;
  className: string;
  path: string;
  segment: string;
  nearest?: string;
}>({
  code: 'SLK-OCSF-003',
  title: 'OCSF attribute path unknown',
  blame: 'user',
  message: ({ version, className, path, segment }) =>
    `${className} of OCSF ${version} has no attribute "${path}": "${segment}" is not defined there`,
  hint: ({ nearest }) =>
    nearest ? `Did you mean "${nearest}"?` : 'Attributes of the class are listed at https://schema.ocsf.io',
});

export const ocsfPathNotColumn = defineError<{ className: string; path: string; why: string }>({
  code: 'SLK-OCSF-004',
  title: 'OCSF attribute path gives no column',
  blame: 'user',
  message: ({ className, path, why }) => `"${path}" of ${className} cannot become a column: ${why}`,
  hint: 'Name the attributes inside the object one by one, and write [] only after arrays: resources[].uid',
});

export const ocsfDocumentInvalid = defineError<{ file: string; why: string }>({
  code: 'SLK-OCSF-005',
  title: 'OCSF schema document unusable',
  blame: 'user',
  message: ({ file, why }) => `${file} is not a compiled OCSF schema: ${why}`,
  hint: 'Compile github.com/ocsf/ocsf-schema with ocsf-schema-compiler and give the resulting JSON file',
});
