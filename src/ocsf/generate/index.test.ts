// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { schemas } from '../generated/schemas.ts';
import type { OcsfSchema } from '../tables.ts';
import { generateOcsf, renderLists, renderVersion } from './index.ts';

const generated = join(import.meta.dirname, '..', 'generated');
const versions = Object.keys(schemas);
const documents = process.env.OCSF_SCHEMA_DIR;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function write(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ocsf-'));
  folders.push(folder);
  const file = join(folder, 'schema.json');
  writeFileSync(file, text);
  return file;
}

function committed(file: string): string {
  return readFileSync(join(generated, file), 'utf8');
}

test.each(versions)('the files of %s are what its own tables give', (version) => {
  for (const [file, text] of renderVersion(schemas[version] as OcsfSchema)) {
    expect(text === committed(file), file).toBe(true);
  }
});

test('the lists name the versions that have tables', () => {
  for (const [file, text] of renderLists(versions)) expect(text, file).toBe(committed(file));
});

test.for(versions)(
  `the files of %s are what its schema document gives${documents ? '' : ' (not checked: OCSF_SCHEMA_DIR is not set)'}`,
  (version, { skip }) => {
    const schemaFile = join(documents ?? '', `${version}.json`);
    skip(!documents || !existsSync(schemaFile), `not checked: no ${version}.json in OCSF_SCHEMA_DIR`);

    for (const [file, text] of generateOcsf({ schemaFile, outDir: generated })) {
      expect(text === committed(file), file).toBe(true);
    }
  },
);

/** A schema of one class with what no published one has: a type with a list of values, and an inner range. */
const tiny = {
  version: '0.0.1',
  categories: { attributes: { other: { uid: 0, caption: 'Uncategorized', description: 'A sentence about it.' } } },
  profiles: {},
  dictionary: {
    types: {
      attributes: {
        string_t: { caption: 'String' },
        integer_t: { caption: 'Integer' },
        colour_t: { type: 'string_t', values: ['red', "don't"] },
      },
    },
  },
  classes: {
    paint: {
      uid: 7,
      caption: 'Paint */',
      description: 'A sentence about it.',
      category_uid: 0,
      attributes: { colour: { type: 'colour_t', requirement: 'required', description: 'A sentence about it.' } },
    },
  },
  objects: {},
};

test('descriptions do not carry over, captions cannot end a comment', () => {
  const files = generateOcsf({ schemaFile: write(JSON.stringify(tiny)), outDir: join(tmpdir(), 'absent') });

  expect([...files.keys()]).toEqual([
    '0.0.1/schema.ts',
    '0.0.1/types.ts',
    '0.0.1/validators.ts',
    'index.ts',
    'schemas.ts',
    'validators.ts',
  ]);
  for (const [file, text] of files) expect(text, file).not.toContain('A sentence');
  expect(files.get('0.0.1/types.ts')).toContain('/** Paint * (7) */');
  expect(files.get('0.0.1/validators.ts')).toContain(`value !== 'red' && value !== "don't"`);
});

test('generating lists the versions that are there already', () => {
  const files = generateOcsf({ schemaFile: write(JSON.stringify(tiny)), outDir: generated });

  expect(files.get('index.ts')).toContain(`'0.0.1': {`);
  for (const version of versions) expect(files.get('index.ts')).toContain(`'${version}': {`);
});

test.each([
  ['no JSON', '{', 'it is no JSON'],
  ['not a compiled schema', '{}', 'version: '],
  ['an unknown type', JSON.stringify({ ...tiny, classes: withType('mystery_t') }), 'unknown type mystery_t'],
  ['an unknown object', JSON.stringify({ ...tiny, classes: withType('object_t') }), 'unknown type object_t'],
  ['a name that is code', JSON.stringify({ ...tiny, classes: { 'x(){}': tiny.classes.paint } }), 'classes.x(){}'],
])('a document is refused: %s', (_, text, why) => {
  const schemaFile = write(text);

  expect(() => generateOcsf({ schemaFile, outDir: generated })).toThrow(why);
});

test('a file that is not there is named', () => {
  expect(() => generateOcsf({ schemaFile: '/absent.json', outDir: generated })).toThrow('/absent.json');
});

function withType(type: string) {
  return { paint: { ...tiny.classes.paint, attributes: { colour: { type, requirement: 'optional' } } } };
}
