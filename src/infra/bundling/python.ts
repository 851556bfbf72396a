// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nothingToBundle } from '../../errors/bundling.ts';
import { Failure } from '../../errors/failure.ts';
import { installRequirements, type PythonTarget } from './install.ts';
import { projectPython } from './project-python.ts';
import { checkSize } from './size.ts';
import { type Asset, digest, filesBelow, keep } from './store.ts';

const COLLECTOR = fileURLToPath(new URL('../../../collector/slake_collector', import.meta.url));
const COLLECTOR_NAME = 'slake_collector';
const REQUIREMENTS = 'requirements.txt';
/** Counts up when the same inputs shall give another package. */
const LAYOUT = '1';

export interface PythonBundle {
  /** The processor: `app.py`, `helpers/`, `requirements.txt`. */
  readonly folder: string;
  readonly target: PythonTarget;
  /** Kept between runs; may be removed at any time no run uses it. */
  readonly cacheFolder: string;
  /** Default: the project's Python. */
  readonly python?: string;
  /** Default: the project's collector kit. */
  readonly collector?: string;
}

/**
 * The package of a Python processor: its sources without tests, the collector kit, and its requirements for the
 * target. The same inputs give the same bytes on every machine; a package that was made once is found again.
 * @throws Failure SLK-BUNDLE-001, SLK-BUNDLE-002, SLK-BUNDLE-004
 * @see https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
 */
export function bundlePython(bundle: PythonBundle): Asset {
  const { folder, target, cacheFolder, python = projectPython(), collector = COLLECTOR } = bundle;
  const requirements = join(folder, REQUIREMENTS);
  if (!existsSync(requirements)) throw new Failure(nothingToBundle, { folder, missing: REQUIREMENTS });
  const sources = packaged(folder);
  const kit = packaged(collector);
  const key = digest([
    LAYOUT,
    targetKey(target, python),
    readFileSync(requirements),
    ...sources.flatMap((name) => [name, readFileSync(join(folder, name))]),
    COLLECTOR_NAME,
    ...kit.flatMap((name) => [name, readFileSync(join(collector, name))]),
  ]);
  return keep(join(cacheFolder, 'python'), key, (asset) => {
    installRequirements({ python, requirements, target, folder: asset });
    removeTraces(asset);
    leaveSdkToRuntime(asset);
    copy(collector, kit, join(asset, COLLECTOR_NAME));
    copy(folder, sources, asset);
    checkSize(folder, asset);
  });
}

/** Files of a source folder that belong into the package: no tests, nothing a tool left behind, no requirements. */
function packaged(folder: string): string[] {
  return filesBelow(folder).filter((path) => {
    const parts = path.split('/');
    const name = parts.at(-1) as string;
    if (parts.some((part) => part.startsWith('.') || part === '__pycache__' || part === 'tests')) return false;
    if (/^(test_.*|.*_test|conftest)\.py$/.test(name)) return false;
    return !/^requirements.*\.(txt|in)$|\.py[co]$/.test(name);
  });
}

/** What the host's Python is, without asking it: starting it would cost more than all else. */
function targetKey(target: PythonTarget, python: string): string {
  if (target !== 'host') return `${target.python} ${target.platform}`;
  const settings = join(dirname(dirname(python)), 'pyvenv.cfg');
  const version = existsSync(settings) ? readFileSync(settings, 'utf8') : '';
  return ['host', process.platform, process.arch, existsSync(python) ? realpathSync(python) : python, version].join(
    ' ',
  );
}

/** Removes what an installer writes about itself and its paths: the modules work without, the bytes differ with. */
function removeTraces(asset: string): void {
  for (const name of ['bin', 'Scripts', '.lock']) rmSync(join(asset, name), { recursive: true, force: true });
  for (const entry of readdirSync(asset, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() && entry.name === '__pycache__') rmSync(path, { recursive: true, force: true });
    const ofInstaller = /^(RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json|uv_build\.json)$/.test(
      entry.name,
    );
    if (ofInstaller && entry.parentPath.endsWith('.dist-info')) rmSync(path, { force: true });
  }
}

/**
 * Removes a botocore that came with a dependency: the runtime's boto3, which the processor imports, belongs to the
 * runtime's botocore. Who wants another version pins boto3 itself, and gets all of it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-include-dependencies
 */
function leaveSdkToRuntime(asset: string): void {
  if (existsSync(join(asset, 'boto3'))) return;
  for (const name of readdirSync(asset)) {
    if (/^(botocore|s3transfer)(-.*\.dist-info)?$/.test(name)) rmSync(join(asset, name), { recursive: true });
  }
}

function copy(from: string, names: readonly string[], to: string): void {
  for (const name of names) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    cpSync(join(from, name), join(to, name));
  }
}
