// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { baseTemplates, commitOf } from './base.ts';

const LOAD = 'export const loadModule = async (folder, id) => ({ folder, id });\n';
const SYNTHESIZE = `import { readFileSync } from 'node:fs';
export function synthesizeModule({ folder, id }, config) {
  console.log('making', id);
  if (id === 'bad') throw new Error('its configuration is wrong\\nand more');
  const core = 'core ' + (config === '' ? 'defaults' : readFileSync(config, 'utf8'));
  return [{ text: core }, { text: readFileSync(folder + '/template', 'utf8') }];
}
`;

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

/** A project in version control whose one commit, tagged `old`, makes other stacks than the files that are there. */
function project() {
  const root = mkdtempSync(join(tmpdir(), 'slake-base-test-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      encoding: 'utf8',
    });
  write(root, {
    'src/module/load.ts': LOAD,
    'src/scan/templates/synthesize.ts': SYNTHESIZE,
    'modules/good/template': 'old',
    'modules/bad/template': '',
    'config.yaml': '# old\n',
  });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'Begin');
  git('tag', 'old');
  write(root, { 'modules/good/template': 'new', 'modules/fresh/template': 'new', 'config.yaml': '# new\n' });
  const asked = { root, modulesFolder: 'modules', configFile: join(root, 'config.yaml') };
  return { root, git, asked };
}

test('the stacks are those of the commit, made with its own code and configuration', async () => {
  const { root, git, asked } = project();
  const base = await baseTemplates({ ...asked, commit: await commitOf(root, 'old'), ids: ['good', 'fresh', 'bad'] });

  expect(base).toEqual({
    templates: { good: ['core # old\n', 'old'], fresh: ['core defaults'] },
    failed: { bad: 'its configuration is wrong' },
    missing: ['fresh'],
  });
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
}, 60_000);

test('the core stack for a module that is not there yet is made under the configuration of today where that names it', async () => {
  const { root, git, asked } = project();
  const config = (...ids: string[]) => `integrations: {${ids.map((id) => ` ${id}: {},`).join('')} }\n`;
  write(root, { 'config.yaml': config('good') });
  git('commit', '--quiet', '--message', 'Configure', 'config.yaml');
  write(root, { 'config.yaml': config('good', 'fresh') });

  const base = await baseTemplates({ ...asked, commit: await commitOf(root, 'HEAD'), ids: ['fresh'] });

  expect(base).toEqual({ templates: { fresh: [`core ${config('good')}`] }, failed: {}, missing: ['fresh'] });
  git('rm', '--quiet', '-r', '--cached', 'modules');
  git('commit', '--quiet', '--message', 'Take the modules away');
  expect(await baseTemplates({ ...asked, commit: await commitOf(root, 'HEAD'), ids: ['fresh'] })).toEqual({
    templates: {},
    failed: { fresh: 'it has no module yet' },
    missing: ['fresh'],
  });
}, 60_000);

test('what keeps it from being made is said', async () => {
  const { root, git, asked } = project();
  await expect(commitOf(root, 'never')).rejects.toThrow('git knows no commit never');
  await expect(commitOf(dirname(root), 'old')).rejects.toThrow(/--diff old .*fatal: not a git repository/);
  git('rm', '--quiet', '-r', 'src/scan');
  git('commit', '--quiet', '-m', 'Take away');
  expect(await baseTemplates({ ...asked, commit: await commitOf(root, 'HEAD'), ids: ['good'] })).toMatchObject({
    notMade: expect.stringMatching(
      /^the code of HEAD does not make its stacks here: .*src\/scan\/templates\/synthesize/,
    ),
  });
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
}, 60_000);
