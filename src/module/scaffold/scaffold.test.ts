// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { type ScaffoldOptions, scaffold } from './scaffold.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const LONGEST_ID = 'a-product-with-quite-a-long-id-x';
let modulesFolder: string;

beforeEach(() => {
  modulesFolder = join(mkdtempSync(join(tmpdir(), 'slake-scaffold-')), 'modules');
  mkdirSync(modulesFolder);
  cpSync(join(ROOT, CDK_FOLDER, 'modules', '_template'), join(modulesFolder, '_template'), { recursive: true });
});
afterEach(() => rmSync(resolve(modulesFolder, '..'), { recursive: true, force: true }));

function make(options: Partial<ScaffoldOptions> = {}) {
  return scaffold({
    modulesFolder,
    id: 'okta',
    runtime: 'python',
    className: 'authentication',
    lakeSource: () => 'okta-3002',
    ...options,
  });
}

function textOf(path: string, id = 'okta'): string {
  return readFileSync(join(modulesFolder, id, path), 'utf8');
}

test('every file of the template is there under the new name, and nothing speaks of the template', () => {
  const { folder, files } = make();

  expect(folder).toBe(join(modulesFolder, 'okta'));
  expect(files).toContain('okta-module.ts');
  expect(files).toContain('integration_test.py');
  expect(files).toContain('src/lambda/processor/requirements.txt');
  for (const file of files) expect(`${file}: ${textOf(file)}`).not.toMatch(/acme/i);
  expect(textOf('index.ts')).toContain(`export { oktaModule as module } from './okta-module.ts';`);
  expect(textOf('config.ts')).toContain('export const OktaConfig');
});

test('words of an id become names in each language', () => {
  make({ id: 'google-workspace' });

  expect(textOf('google-workspace-module.ts', 'google-workspace')).toContain('export const googleWorkspaceModule');
  expect(textOf('README.md', 'google-workspace')).toMatch(/^# Google Workspace\n/);
  expect(textOf('config.ts', 'google-workspace')).toContain('GoogleWorkspaceConfig');
});

test('another class brings its own mapping and sample, and the README tells of it', () => {
  const { files } = make({ className: 'api_activity', lakeSource: () => 'okta-6003', name: 'Okta Inc.' });

  expect(files.filter((file) => /^(mappings|samples)\//.test(file))).toEqual([
    'mappings/api-activity.ts',
    'mappings/shapes/stream.ts',
    'samples/api-activity.raw.json',
  ]);
  expect(textOf('README.md')).toContain('| `api.activity` | API Activity (6003) | `okta-6003` |');
  expect(textOf('README.md')).toContain('--case api-activity`');
  expect(textOf('CHANGELOG.md')).toContain('- Maps events to API Activity.');
  expect(textOf('mappings/api-activity.ts')).toContain("vendor_name: 'Okta Inc.'");
});

test.each(['../x', '/tmp/x', 'Okta', '_okta', 'okta/x', 'okta--x', '', '.', 'okta.', '1password', `${LONGEST_ID}y`])(
  'the id %j is refused, and nothing is made',
  (id) => {
    const before = readdirSync(resolve(modulesFolder, '..'), { recursive: true });

    expect(() => make({ id })).toThrow(expect.objectContaining({ code: 'SLK-MODULE-012' }));
    expect(readdirSync(resolve(modulesFolder, '..'), { recursive: true })).toEqual(before);
  },
);

test.each(["O'Kta", '`$(id)`', 'Okta\n', '<b>', ''])('the name %j is refused', (name) => {
  expect(() => make({ name })).toThrow(expect.objectContaining({ code: 'SLK-MODULE-013' }));
});

test('a folder that is there is left as it is', () => {
  mkdirSync(join(modulesFolder, 'okta'));

  expect(() => make()).toThrow(expect.objectContaining({ code: 'SLK-MODULE-014' }));
  expect(readdirSync(join(modulesFolder, 'okta'))).toEqual([]);
});

test('an unknown class makes nothing', () => {
  expect(() => make({ className: 'authn' })).toThrow(expect.objectContaining({ code: 'SLK-OCSF-002' }));
  expect(existsSync(join(modulesFolder, 'okta'))).toBe(false);
  expect(readdirSync(modulesFolder)).toEqual(['_template']);
});

test.each(['python', 'nodejs'] as const)(
  'what is made for %s is formatted and linted, however long its id is',
  (runtime) => {
    const name = 'A Product With Quite A Long Name';
    const options = { runtime, name };
    for (const className of ['authentication', 'incident_finding', 'network_activity']) {
      const id = className === 'authentication' ? LONGEST_ID : className.replace('_', '-');
      const { folder } = make({ ...options, id, className });
      const biome = join(ROOT, 'node_modules', '.bin', 'biome');
      const args = ['check', '--error-on-warnings', '--vcs-enabled=false', `--config-path=${ROOT}`, folder];
      expect(execFileSync(biome, args, { encoding: 'utf8', stdio: 'pipe' })).toMatch(/^Checked [1-9]/);
      if (runtime === 'python') {
        const python = join(ROOT, '.venv', 'bin', 'ruff');
        execFileSync(python, ['format', '--check', folder, '--config', join(ROOT, 'pyproject.toml')], {
          stdio: 'pipe',
        });
        execFileSync(python, ['check', folder, '--config', join(ROOT, 'pyproject.toml')], { stdio: 'pipe' });
      }
    }
  },
);
