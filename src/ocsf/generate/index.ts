// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../errors/failure.ts';
import { ocsfDocumentInvalid } from '../../errors/ocsf.ts';
import type { OcsfSchema } from '../tables.ts';
import { readSchema } from './read.ts';
import { renderTables } from './tables.ts';
import { header, quote } from './text.ts';
import { renderTypes } from './types.ts';
import { renderValidators } from './validators.ts';

/**
 * Generates the tables, types and validators of one OCSF version, and the lists of all versions in `outDir`.
 * Writes nothing.
 * @param source `schemaFile`, a document compiled by ocsf-schema-compiler; `outDir`, the folder `generated`
 * @returns file relative to `outDir` -> its text
 * @throws Failure `SLK-OCSF-005` where `schemaFile` is no such document
 */
export function generateOcsf({ schemaFile, outDir }: { schemaFile: string; outDir: string }): Map<string, string> {
  const schema = readSchema(read(schemaFile), schemaFile);
  const versions = [...new Set([...generatedVersions(outDir), schema.version])].sort(byVersion);
  return new Map([...renderVersion(schema), ...renderLists(versions)]);
}

/**
 * The files of one version from its own tables, so that committed files can be compared without the document they
 * came from.
 */
export function renderVersion(schema: OcsfSchema): Map<string, string> {
  return new Map([
    [`${schema.version}/schema.ts`, renderTables(schema)],
    [`${schema.version}/types.ts`, renderTypes(schema)],
    [`${schema.version}/validators.ts`, renderValidators(schema)],
  ]);
}

/** The files that list the versions: `index.ts` holds types only, the others what is loaded for them. */
export function renderLists(versions: readonly string[]): Map<string, string> {
  const identifiers = versions.map((version) => ({ version, id: version.replaceAll('.', '_') }));
  const index = [
    header('The OCSF versions that have tables here, as types.'),
    ...identifiers.map(({ version, id }) => `import type * as V${id} from './${version}/types.ts';`),
    '',
    '/** Version -> its types. */',
    'export interface Versions {',
    ...identifiers.flatMap(({ version, id }) => [
      `  ${quote(version)}: { events: V${id}.Events; objects: V${id}.Objects; profile: V${id}.Profile };`,
    ]),
    '}',
    '',
  ];
  const schemas = [
    header('The tables of every OCSF version.'),
    `import type { OcsfSchema } from '../tables.ts';`,
    ...identifiers.map(({ version, id }) => `import { schema as schema${id} } from './${version}/schema.ts';`),
    '',
    'export const schemas: Readonly<Record<string, OcsfSchema>> = {',
    ...identifiers.map(({ version, id }) => `  ${quote(version)}: schema${id},`),
    '};',
    '',
  ];
  const validators = [
    header('The validators of every OCSF version, loaded when asked for.'),
    `import type { Issue } from '../issue.ts';`,
    '',
    'type Validators = Readonly<Record<string, (event: unknown) => Issue[]>>;',
    '',
    'export const validators: Readonly<Record<string, () => Promise<Validators>>> = {',
    ...identifiers.map(
      ({ version }) => `  ${quote(version)}: async () => (await import('./${version}/validators.ts')).validators,`,
    ),
    '};',
    '',
  ];
  return new Map([
    ['index.ts', index.join('\n')],
    ['schemas.ts', schemas.join('\n')],
    ['validators.ts', validators.join('\n')],
  ]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(ocsfDocumentInvalid, { file, why: 'it cannot be read' }, { cause: error });
  }
}

function generatedVersions(outDir: string): string[] {
  if (!existsSync(outDir)) return [];
  return readdirSync(outDir).filter(
    (name) => /^\d+\.\d+\.\d+$/.test(name) && existsSync(join(outDir, name, 'schema.ts')),
  );
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
