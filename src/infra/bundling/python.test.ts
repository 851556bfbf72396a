// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { bundlePython, type PythonBundle, projectPython } from './index.ts';
import { lastLines } from './install.ts';
import { checkSize } from './size.ts';
import { filesBelow } from './store.ts';
import { writeWheel } from './wheel.fixture.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'bundle-python-'));
const WHEELS = join(ROOT, 'wheels');
const ARM = { python: '3.13', platform: 'aarch64' } as const;
const dependency = writeWheel(WHEELS, 'dependency');
const nativeOnly = writeWheel(WHEELS, 'nativeonly', 'cp311-cp311-manylinux_2_28_x86_64');
const venv = dirname(dirname(projectPython()));
let count = 0;
let folder: string;
let cacheFolder: string;

afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

beforeEach(() => {
  count += 1;
  folder = processor(join(ROOT, `processor-${count}`), dependency);
  cacheFolder = join(ROOT, `cache-${count}`);
});

/** A processor whose requirements are found in the folder of wheels and nowhere else. */
function processor(at: string, ...requirements: string[]): string {
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  };
  write('app.py', 'import dependency\n');
  write('helpers/__init__.py', '');
  write('helpers/reader.py', 'LIMIT = 1\n');
  write('local_test.py', '');
  write('test_lambda.py', '');
  write('conftest.py', '');
  write('__pycache__/app.cpython-313.pyc', '');
  write('.pytest_cache/README.md', '');
  write('requirements.in', 'dependency\n');
  write('requirements.txt', ['--no-index', `--find-links ${WHEELS}`, ...requirements, ''].join('\n'));
  return at;
}

function bundle(change: Partial<PythonBundle> = {}) {
  return bundlePython({ folder, target: ARM, cacheFolder, ...change });
}

/** An environment like the project's, but without uv. */
function pythonWithoutUv(): string {
  const at = join(ROOT, 'without-uv');
  const python = join(at, 'bin', 'python');
  if (existsSync(python)) return python;
  mkdirSync(dirname(python), { recursive: true });
  copyFileSync(join(venv, 'pyvenv.cfg'), join(at, 'pyvenv.cfg'));
  symlinkSync(join(venv, 'lib'), join(at, 'lib'));
  symlinkSync(projectPython(), python);
  return python;
}

function failure(run: () => unknown): { code: string; message: string; hint: string } {
  try {
    run();
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error('did not fail');
}

test('holds the sources, the collector kit and the requirements; no tests, no traces of an installer', () => {
  const asset = bundle();
  const files = filesBelow(asset.folder);
  expect(files.filter((name) => !name.startsWith('slake_collector/'))).toEqual([
    'app.py',
    'dependency-1.0.0.dist-info/METADATA',
    'dependency-1.0.0.dist-info/WHEEL',
    'dependency-1.0.0.dist-info/entry_points.txt',
    'dependency/__init__.py',
    'helpers/__init__.py',
    'helpers/reader.py',
  ]);
  expect(files).toContain('slake_collector/__init__.py');
  expect(files.filter((name) => /test_|\.pyc$/.test(name))).toEqual([]);
});

test('the same inputs give the same bytes and modes, wherever they stand', () => {
  const one = bundle();
  const elsewhere = processor(join(ROOT, `elsewhere-${count}`), dependency);
  const other = bundle({ folder: elsewhere, cacheFolder: join(ROOT, `other-cache-${count}`) });
  expect(other.folder).not.toBe(one.folder);
  expect(other.hash).toBe(one.hash);
  const modes = (at: string) => filesBelow(at).map((name) => [name, statSync(join(at, name)).mode]);
  expect(modes(other.folder)).toEqual(modes(one.folder));
});

test.runIf(existsSync(join(venv, 'bin', 'uv')))('uv and pip make the same package', () => {
  const python = pythonWithoutUv();
  expect(bundle({ python, cacheFolder: join(ROOT, 'pip-cache') }).hash).toBe(bundle().hash);
});

test('what was made once is found again, without Python', () => {
  const made = bundle();
  expect(bundle({ python: join(ROOT, 'no-python') })).toEqual(made);
});

test('a changed source makes another package, a changed test does not', () => {
  const before = bundle();
  appendFileSync(join(folder, 'test_lambda.py'), '# more\n');
  expect(bundle()).toEqual(before);
  appendFileSync(join(folder, 'helpers/reader.py'), 'MORE = 2\n');
  expect(bundle().hash).not.toBe(before.hash);
});

test('the SDK is left to the runtime, unless boto3 is pinned', () => {
  const botocore = writeWheel(WHEELS, 'botocore');
  const parts = (...requirements: string[]) =>
    readdirSync(bundle({ folder: processor(folder, dependency, ...requirements) }).folder);
  expect(parts(botocore)).not.toContain('botocore');
  expect(parts(botocore, writeWheel(WHEELS, 'boto3'))).toEqual(expect.arrayContaining(['boto3', 'botocore']));
});

test('the package for the host can be imported by the host', async () => {
  const { folder: asset } = bundle({ target: 'host' });
  const code = 'import app, dependency; print(dependency.NAME)';
  const { stdout } = await promisify(execFile)(projectPython(), ['-B', '-c', code], { cwd: asset });
  expect(stdout.trim()).toBe('dependency');
});

test('several processes at once make one package', async () => {
  const entry = fileURLToPath(new URL('index.ts', import.meta.url));
  const script = `
    import { bundlePython } from ${JSON.stringify(entry)};
    console.log(JSON.stringify(bundlePython(${JSON.stringify({ folder, target: ARM, cacheFolder })})));`;
  const runs = await Promise.all(
    Array.from({ length: 3 }, () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])),
  );
  expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
  expect(readdirSync(join(cacheFolder, 'python'))).toHaveLength(1);
}, 60_000);

describe('fails with what to do', () => {
  test('when a requirement has no wheel for the target, and leaves nothing behind', () => {
    const { code, message, hint } = failure(() => bundle({ folder: processor(folder, nativeOnly) }));
    expect([code, message]).toEqual([
      'SLK-BUNDLE-001',
      expect.stringMatching(/Python 3\.13 on aarch64[\s\S]*nativeonly/),
    ]);
    expect(hint).toContain('has a wheel');
    expect(readdirSync(join(cacheFolder, 'python'))).toEqual([]);
  });

  test('when a requirement has no hash', () => {
    const { code, hint } = failure(() => bundle({ folder: processor(folder, 'dependency==1.0.0') }));
    expect([code, hint]).toEqual(['SLK-BUNDLE-001', expect.stringContaining('--generate-hashes')]);
  });

  test('when a wheel is not the one that was hashed', () => {
    const other = `${dependency.slice(0, -8)}00000000`;
    expect(failure(() => bundle({ folder: processor(folder, other) })).code).toBe('SLK-BUNDLE-001');
  });

  test('when there are no requirements', () => {
    rmSync(join(folder, 'requirements.txt'));
    expect(failure(() => bundle())).toMatchObject({ code: 'SLK-BUNDLE-004' });
  });

  test('when it is too large for Lambda, naming the largest parts', () => {
    const asset = join(ROOT, 'large');
    mkdirSync(join(asset, 'heavy'), { recursive: true });
    writeFileSync(join(asset, 'heavy', 'library.so'), Buffer.alloc(3 * 1024 * 1024));
    writeFileSync(join(asset, 'app.py'), '');
    checkSize(folder, asset);
    const { code, message } = failure(() => checkSize(folder, asset, 2 * 1024 * 1024));
    expect([code, message]).toEqual(['SLK-BUNDLE-002', expect.stringMatching(/3 MB.*2 MB.*heavy 3 MB/)]);
  });
});

test('the address of an index loses its password in a message', () => {
  expect(lastLines('Looking at https://somebody:sesame@127.0.0.1:9/simple\n\n')).toEqual([
    'Looking at https://127.0.0.1:9/simple',
  ]);
});
