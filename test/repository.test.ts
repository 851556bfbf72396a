// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedFiles } from '../src/cli/generated-files.ts';

const ROOT = resolve(import.meta.dirname, '..');

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

describe('every file', () => {
  const SOURCE = /\.(ts|mjs|py|sh|toml)$|^activate$|^\.ci\/run$|^bin\/commands\//;

  test.each(files.filter((file) => SOURCE.test(file)))('%s has the copyright header', (file) => {
    const head = read(file).split('\n').slice(0, 4).join('\n');

    expect(head).toMatch(/Copyright the Slake authors\n(#|\/\/) SPDX-License-Identifier: Apache-2\.0/);
  });

  const TEXT = /\.(ts|mjs|py|sh|toml|md|ya?ml|json)$/;

  test('has no emotes', () => {
    const found = files.filter(
      (file) => TEXT.test(file) && /\p{Extended_Pictographic}/u.test(withoutEscapes(read(file))),
    );

    expect(found).toEqual([]);
  });

  test('names no registry host and no path of a machine', () => {
    const hosts = ['registry.npmjs', 'pypi.org', 'files.pythonhosted'].map((host) => host.replace('.', '\\.'));
    const pattern = new RegExp(`${hosts.join('|')}|/home/[a-z]+/|/root/|/work/`);
    const found = files
      .filter((file) => file !== relative(ROOT, import.meta.filename) && TEXT.test(file))
      .filter((file) => pattern.test(read(file)));

    expect(found).toEqual([]);
  });
});

test('every link of a page to a file of the project leads there', () => {
  const broken = files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(resolve(ROOT, dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );

  expect(broken).toEqual([]);
});

/** Copyright and registered signs count as pictographs. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/[\u00a9\u00ae\u2122\d#*]/g, '');
}

describe('the direction of imports', () => {
  /** Each part of src and what it may import beside itself. */
  const ALLOWED: Readonly<Record<string, readonly string[]>> = {
    errors: [],
    findings: [],
    access: ['errors'],
    ocsf: ['errors'],
    contract: ['errors', 'ocsf'],
    collector: ['errors', 'contract'],
    config: ['errors', 'ocsf', 'contract', 'findings'],
    pipeline: ['errors', 'ocsf', 'contract'],
    module: ['errors', 'ocsf', 'contract', 'config'],
    infra: ['errors', 'ocsf', 'contract', 'config', 'module', 'pipeline'],
    release: ['errors', 'ocsf', 'contract', 'config', 'module', 'infra'],
    scan: ['errors', 'findings', 'access', 'ocsf', 'contract', 'config', 'module', 'pipeline', 'infra'],
    checks: ['errors', 'findings', 'ocsf', 'contract', 'config', 'module', 'pipeline', 'infra', 'scan'],
    operate: ['errors', 'findings', 'ocsf', 'contract', 'config', 'module', 'pipeline', 'infra', 'release'],
    local: ['errors', 'access', 'ocsf', 'contract', 'config', 'module', 'pipeline', 'infra', 'release', 'scan'],
    cli: [
      'errors',
      'findings',
      'access',
      'ocsf',
      'contract',
      'config',
      'module',
      'pipeline',
      'infra',
      'release',
      'scan',
      'checks',
      'operate',
      'local',
    ],
  };
  const MODULES = join('integrations', 'security-lake', 'cdk', 'modules');
  const code = files.filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file));

  test.each(code.filter((file) => file.startsWith('src/')))('%s imports only what its part may', (file) => {
    const part = file.split('/')[1] ?? '';
    const allowed = ALLOWED[part];

    expect(allowed, `the part "${part}" is not in the list`).toBeDefined();
    for (const imported of importsOf(file)) {
      if (!imported.startsWith('.')) continue;
      const target = relative(ROOT, resolve(ROOT, dirname(file), imported));
      expect(target.startsWith('src/'), `${file} imports ${target}`).toBe(true);
      const other = target.split('/')[1] ?? '';
      if (other !== part) expect(allowed, `${file} imports ${target}`).toContain(other);
    }
  });

  test.each(code.filter((file) => file.startsWith(MODULES)))(
    '%s imports only its module and the entry points',
    (file) => {
      const own = file.slice(0, file.indexOf('/', MODULES.length + 1));
      for (const imported of importsOf(file)) {
        if (imported.startsWith('.')) {
          const target = relative(ROOT, resolve(ROOT, dirname(file), imported));
          expect(target.startsWith(`${own}/`), `${file} imports ${target}`).toBe(true);
        } else if (imported.startsWith('slake/')) {
          expect(['slake/collector', 'slake/contract', 'slake/module']).toContain(imported);
        } else {
          const inLambda = file.startsWith(`${own}/src/lambda/`) ? '|@aws-sdk/|@aws-lambda-powertools/' : '';
          expect(imported).toMatch(new RegExp(`^(node:|zod$|aws-cdk-lib|constructs$${inLambda})`));
        }
      }
    },
  );

  test.each(code.filter((file) => /^src\/(collector|pipeline\/(?!build\/))/.test(file)))(
    '%s, which ships to a Lambda, imports neither the CDK nor the compiler',
    (file) => {
      for (const imported of importsOf(file)) expect(imported).not.toMatch(/aws-cdk-lib|constructs|\/build\//);
    },
  );
});

/** What a file imports, types left out: they are gone when it runs. */
function importsOf(file: string): string[] {
  const pattern = /^(?:import|export)\s(?!type\s)[^'"();]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm;
  return [...read(file).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
}

test('every generated file is fresh', async () => {
  const stale = [...(await generatedFiles(ROOT))].filter(
    ([file, text]) => !files.includes(file) || read(file) !== text,
  );

  expect(stale.map(([file]) => file)).toEqual([]);
});
