// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { listFiles } from './list-files.ts';
import { readSource } from './read-source.ts';

const root = mkdtempSync(join(tmpdir(), 'slake-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function codes(file: string): string[] {
  return readSource(root, file).findings.map(({ code }) => code);
}

test('what cannot be read as text gives one finding', () => {
  writeFileSync(join(root, 'a.bin'), Buffer.from([1, 0, 2]));
  writeFileSync(join(root, 'latin.txt'), Buffer.from([0x67, 0xfc, 0x6e]));
  writeFileSync(join(root, 'large.txt'), 'x');
  truncateSync(join(root, 'large.txt'), 100 * 1024 * 1024);
  symlinkSync('/etc/hosts', join(root, 'out'));
  symlinkSync('a.bin', join(root, 'in'));
  symlinkSync('nowhere', join(root, 'broken'));
  mkdirSync(join(root, 'folder'));

  expect(codes('a.bin')).toEqual(['SCAN-FILE-BINARY']);
  expect(codes('latin.txt')).toEqual(['SCAN-FILE-ENCODING']);
  expect(readSource(root, 'latin.txt').text).toBe('g\u00fcn');
  expect(codes('large.txt')).toEqual(['SCAN-FILE-LARGE']);
  expect(readSource(root, 'large.txt').findings[0]?.message).toContain('100 MB');
  expect(codes('out')).toEqual(['SCAN-LINK-OUTSIDE']);
  expect(codes('broken')).toEqual(['SCAN-LINK-OUTSIDE']);
  expect(codes('in')).toEqual([]);
  expect(codes('folder')).toEqual([]);
  expect(codes('deleted')).toEqual([]);
});

test('UTF-16 is read as what it says', () => {
  writeFileSync(join(root, 'wide.txt'), Buffer.from('\ufeffhello', 'utf16le'));
  expect(readSource(root, 'wide.txt').text).toContain('hello');
});

test('tracked and new files are listed, ignored ones are not', () => {
  const project = join(root, 'project');
  mkdirSync(join(project, 'module'), { recursive: true });
  writeFileSync(join(project, '.gitignore'), 'ignored.txt\n');
  for (const file of ['module/a b.txt', 'module/ignored.txt', 'outside.txt']) writeFileSync(join(project, file), 'x');
  execFileSync('git', ['init', '--quiet', project]);

  expect(listFiles(project, join(project, 'module'))).toEqual(['module/a b.txt']);
  expect(listFiles(project, project)).toEqual(['.gitignore', 'module/a b.txt', 'outside.txt']);
});

test('outside of a repository all files are listed, without what tools make', () => {
  const loose = join(root, 'loose');
  mkdirSync(join(loose, 'node_modules'), { recursive: true });
  writeFileSync(join(loose, 'node_modules', 'x.js'), '');
  writeFileSync(join(loose, 'a.txt'), '');

  expect(listFiles(loose, loose)).toEqual(['a.txt']);
});
