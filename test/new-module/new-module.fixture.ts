// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..', '..');
const LEFT_OUT = ['node_modules', '.venv', '.git', '.slake', 'bench', 'coverage', 'test'];
let project: string;

/** A project of its own, so that the new module is in nobody's way. */
beforeAll(() => {
  project = join(mkdtempSync(join(tmpdir(), 'slake-new-module-')), 'project');
  cpSync(ROOT, project, { recursive: true, filter: (path) => !LEFT_OUT.includes(path.slice(ROOT.length + 1)) });
  for (const made of ['node_modules', '.venv']) symlinkSync(join(ROOT, made), join(project, made));
});
afterAll(() => rmSync(resolve(project, '..'), { recursive: true, force: true }));

function slake(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, 'src', 'cli', 'main.ts'), ...args], {
    cwd: project,
    env: { ...process.env, INIT_CWD: project, SLAKE_PYTHON: join(project, '.venv', 'bin', 'python') },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** The tests of a module that is made anew, in a project of its own; from its making to the lake. */
export function newModuleTests(runtime: 'python' | 'nodejs'): void {
  const id = `okta-${runtime}`;

  test('is made whole, and what is generated knows it', () => {
    const made = slake('new-module', '--module', id, '--runtime', runtime);

    expect(made.stderr).toBe('');
    expect(made.status).toBe(0);
    expect(made.stdout).toContain(`npm start -- --module ${id}`);
    expect(slake('generate', '--check').stdout).toContain('0 stale');
    const schema = readFileSync(join(project, 'integrations/security-lake/cdk/config.schema.json'), 'utf8');
    expect(schema).toContain(`"${id}": {`);
    expect(readFileSync(join(project, 'README.md'), 'utf8')).toContain(`| [${id}](`);
    expect(slake('new-module', '--module', id)).toMatchObject({ status: 2, stdout: '' });
  }, 60_000);

  test('passes every check at once', () => {
    const { status, stdout } = slake('module-checklist', '--module', id, '--json');

    const { modules } = JSON.parse(stdout) as {
      modules: { items: { title: string; state: string }[]; findings: object[] }[];
    };
    expect(modules[0]?.findings).toEqual([]);
    expect(modules[0]?.items.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(status).toBe(0);
    expect(slake('iam-analyzer', '--module', id, '--strict').stdout).toMatch(
      /okta-\w+-processor: 5 of 13 grants proven by code, .* 0 open\nnothing found/,
    );
    expect(slake('test-mapping', '--module', id).status).toBe(0);
  }, 180_000);

  test('runs from its source to the lake', () => {
    const { status, stdout, stderr } = slake('start', '--module', id, '--events', '50', '--json');

    expect(stderr).not.toContain('SLK-');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sent: 52, badOnPurpose: 2, rejected: 2, sources: [{ rows: 50 }] });
  }, 180_000);
}
