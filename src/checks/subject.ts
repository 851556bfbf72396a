// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Failure } from '../errors/failure.ts';
import { venvPython } from '../infra/bundling/project-python.ts';
import { isDefinedModule } from '../module/define-module.ts';
import type { FunctionRuntime } from '../module/integration-module.ts';
import { type LoadedModule, loadModule } from '../module/load.ts';

/** A file of a module's folder. */
export interface ModuleFile {
  /** From the module's folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly kind: 'file' | 'link-outside' | 'other';
}

/** A processor of a module: where its code is and what runs it. */
export interface ProcessorFolder {
  /** From the module's folder, with slashes. */
  readonly path: string;
  /** Absolute. */
  readonly folder: string;
  readonly runtime: FunctionRuntime;
  /** `<file>.<function>`; the guide's name where the module does not load. */
  readonly handler: string;
}

/** What is checked: one module's folder and what could be made of it. */
export interface Subject {
  readonly id: string;
  /** Root of the project, absolute. */
  readonly root: string;
  /** Absolute. */
  readonly folder: string;
  /** Without what tools leave behind; sorted. */
  readonly files: readonly ModuleFile[];
  /** Absent where the module does not load. */
  readonly loaded?: LoadedModule;
  readonly loadFailure?: Failure;
  readonly processors: readonly ProcessorFolder[];
  /** Interpreter of the project's Python environment; absent where there is none. */
  readonly python?: string;
  readonly signal: AbortSignal;
  /** Text of a file, by path from the module's folder; undefined where it is no readable text. */
  text(path: string): string | undefined;
}

/** What tools leave behind, and what is no part of a module. */
const LEFT_BEHIND =
  /^(node_modules|__pycache__|\.pytest_cache|\.hypothesis|\.ruff_cache|\.coverage.*|htmlcov|.*\.pyc)$/;
/** Larger files are not read as text: no source file comes near. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024;

/** Looks at the folder of a module; nothing of it makes this fail. */
export async function lookAt(options: {
  readonly id: string;
  readonly root: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}): Promise<Subject> {
  const { id, root, folder, signal } = options;
  const files = filesOf(folder);
  const load = await loadModule(folder, id).then(
    (loaded) => ({ loaded }),
    (error: unknown) => {
      if (error instanceof Failure) return { loadFailure: error };
      throw error;
    },
  );
  const python = venvPython(root);
  return {
    id,
    root,
    folder,
    files,
    signal,
    ...load,
    processors: processorsOf(folder, 'loaded' in load ? load.loaded : undefined),
    ...(existsSync(python) ? { python } : {}),
    text: (path) => readText(folder, files, path),
  };
}

function filesOf(folder: string, below = ''): ModuleFile[] {
  const here = join(folder, below);
  return readdirSync(here, { withFileTypes: true })
    .filter(({ name }) => !LEFT_BEHIND.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): ModuleFile[] => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return filesOf(folder, path);
      const bytes = lstatSync(join(folder, path)).size;
      if (entry.isFile()) return [{ path, bytes, kind: 'file' }];
      if (entry.isSymbolicLink() && leadsInside(folder, path)) return [{ path, bytes, kind: 'file' }];
      return [{ path, bytes, kind: entry.isSymbolicLink() ? 'link-outside' : 'other' }];
    });
}

function leadsInside(folder: string, path: string): boolean {
  try {
    const target = realpathSync(join(folder, path));
    return target.startsWith(realpathSync(folder) + sep) && statSync(target).isFile();
  } catch {
    return false;
  }
}

function readText(folder: string, files: readonly ModuleFile[], path: string): string | undefined {
  const file = files.find((candidate) => candidate.path === path);
  if (file?.kind !== 'file' || file.bytes > MOST_TEXT_BYTES) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(folder, path)));
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The processors a loaded module has with its default configuration; else the folders that hold one. */
function processorsOf(folder: string, loaded: LoadedModule | undefined): ProcessorFolder[] {
  const declared = declaredProcessors(loaded);
  if (declared.length > 0) {
    return declared.map(({ folder: path, runtime, handler }) => ({
      path: relative(folder, join(folder, path)).split(sep).join('/'),
      folder: join(folder, path),
      runtime,
      handler,
    }));
  }
  const lambdas = join(folder, 'src', 'lambda');
  if (!existsSync(lambdas)) return [];
  return readdirSync(lambdas, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /processor/.test(entry.name))
    .map(({ name }) => ({
      path: `src/lambda/${name}`,
      folder: join(lambdas, name),
      runtime: existsSync(join(lambdas, name, 'app.ts')) ? 'typescript' : 'python',
      handler: 'app.lambda_handler',
    }));
}

function declaredProcessors(loaded: LoadedModule | undefined) {
  if (!loaded || !isDefinedModule(loaded.module)) return [];
  try {
    return loaded.module.processors();
  } catch {
    // Its configuration has required keys: then the folders tell.
    return [];
  }
}
