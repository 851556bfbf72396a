// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './check.ts';
import type { Subject } from './subject.ts';

/** Keeps outcomes by the content they came from: the module, the framework and what is installed. */
export interface ResultCache {
  get(code: string): Outcome | undefined;
  set(code: string, outcome: Outcome): void;
  save(): void;
}

/** Outcomes of this module with this content, in `folder`; what could not be checked is never kept. */
export function resultCache(folder: string, subject: Subject, framework: string): ResultCache {
  const file = join(folder, `${subject.id}.json`);
  const key = contentOf(subject, framework);
  const kept = read(file, key);
  return {
    get: (code) => kept.get(code),
    set(code, outcome) {
      if ('flaws' in outcome) kept.set(code, outcome);
    },
    save() {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${file}.${process.pid}`, JSON.stringify({ key, outcomes: Object.fromEntries(kept) }));
      renameSync(`${file}.${process.pid}`, file);
    },
  };
}

function read(file: string, key: string): Map<string, Outcome> {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as { key: string; outcomes: Record<string, Outcome> };
    return new Map(found.key === key ? Object.entries(found.outcomes) : []);
  } catch {
    return new Map();
  }
}

function contentOf(subject: Subject, framework: string): string {
  const hash = createHash('sha256').update(framework);
  for (const { path, kind } of subject.files) {
    hash.update(`${path}\0${kind}\0`);
    if (kind === 'file') hash.update(readFileSync(join(subject.folder, path)));
  }
  return hash.digest('hex');
}

/** Everything outside of a module that an outcome depends on, as a hash. */
export function frameworkContent(root: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const folder of ['src', 'collector']) addFolder(hash, join(root, folder), folder);
  for (const file of ['package-lock.json', 'requirements.txt', 'pyproject.toml']) addFile(hash, join(root, file), file);
  return hash.digest('hex');
}

function addFolder(hash: Hash, folder: string, name: string): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = `${name}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== '__pycache__') addFolder(hash, join(folder, entry.name), path);
    } else if (entry.isFile()) addFile(hash, join(folder, entry.name), path);
  }
}

function addFile(hash: Hash, path: string, name: string): void {
  hash.update(`${name}\0`).update(readFileSync(path));
}
