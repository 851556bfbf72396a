// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { recall, remember } from './build-record.ts';
import { type Asset, bundleHandler, bundleTransformer } from './index.ts';
import { filesBelow } from './store.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'bundle-script-'));
let count = 0;
let project: string;
let cacheFolder: string;

afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

beforeEach(() => {
  count += 1;
  project = join(ROOT, `project-${count}`);
  cacheFolder = join(ROOT, `cache-${count}`);
  write('greeting.ts', 'export const greeting: string = "hello";\n');
  write('node_modules/old-style/package.json', '{"name":"old-style","version":"1.0.0","main":"index.js"}');
  write('node_modules/old-style/index.js', 'module.exports = { separator: require("path").sep };\n');
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}

const ENTRY = `
  import { separator } from 'old-style';
  import { greeting } from './greeting.ts';
  export async function handler(): Promise<string> { return greeting + separator; }`;

function transformer(entrySource = ENTRY, at = project, cache = cacheFolder): Asset {
  return bundleTransformer({ module: { id: 'azure' }, entrySource, resolveDir: at, cacheFolder: cache });
}

/** Runs the handler as Lambda would: from a folder that holds the package and nothing else. */
function run({ folder }: Asset): string {
  const task = join(ROOT, `task-${count}`);
  cpSync(folder, task, { recursive: true });
  const script = "const { handler } = await import('./index.mjs'); console.log(await handler());";
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: task, encoding: 'utf8' }).trim();
}

test('one file that runs alone, also with dependencies of the old style', () => {
  const asset = transformer();
  expect(filesBelow(asset.folder)).toEqual(['index.mjs']);
  expect(run(asset)).toBe('hello/');
});

test('a bundle so large that every short name is taken runs too', () => {
  const names = Array.from({ length: 5_000 }, (_, n) => `export const value${n} = Math.sqrt(${n});`);
  const entry = `${ENTRY}\n${names.join('\n')}`;

  expect(run(transformer(entry))).toBe('hello/');
});

test('the same sources give the same bytes, wherever they stand', () => {
  const elsewhere = join(ROOT, 'elsewhere');
  cpSync(project, elsewhere, { recursive: true });
  const other = transformer(ENTRY, elsewhere, join(ROOT, 'other-cache'));
  expect(other.hash).toBe(transformer().hash);
  expect(readFileSync(join(other.folder, 'index.mjs'), 'utf8')).not.toContain(ROOT);
});

test('a change of any file it is made of is seen', () => {
  const before = transformer();
  expect(transformer()).toEqual(before);
  write('greeting.ts', 'export const greeting: string = "good evening";\n');
  const after = transformer();
  expect(after.hash).not.toBe(before.hash);
  expect(run(after)).toBe('good evening/');
});

test('a handler in a file is bundled the same way', () => {
  write('handler.ts', ENTRY);
  expect(run(bundleHandler({ entry: join(project, 'handler.ts'), cacheFolder }))).toBe('hello/');
});

test('an import that cannot be resolved is named with its place', () => {
  const broken = () => transformer("import { absent } from './absent.ts';\nexport const handler = absent;");
  expect(broken).toThrow(
    expect.objectContaining({
      code: 'SLK-BUNDLE-003',
      message: expect.stringMatching(/transformer of azure[\s\S]*azure-transformer\.ts:1:\d+ .*absent\.ts/),
    }),
  );
});

test('a record holds as long as every file is as it was', () => {
  const record = join(ROOT, 'record');
  const file = join(project, 'greeting.ts');
  remember(record, 'asset', [file]);
  expect(recall(record)).toBe('asset');
  utimesSync(file, 1, 1);
  expect(recall(record)).toBeUndefined();
  remember(record, 'asset', [file]);
  rmSync(file);
  expect(recall(record)).toBeUndefined();
  expect(recall(join(ROOT, 'none'))).toBeUndefined();
});
