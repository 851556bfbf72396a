// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Failure } from '../../../errors/failure.ts';
import { baseOutOfReach, baseUnknown } from '../../../errors/scan.ts';
import { findModules } from '../../../module/load.ts';
import { namesModule } from '../../templates/synthesize.ts';
import type { Asked } from './make-templates.ts';

const SCRIPT = fileURLToPath(new URL('make-templates.ts', import.meta.url));
const PATIENCE_MS = 300_000;
const run = promisify(execFile);

/** The stacks of modules as a commit of the project makes them. */
export interface Base {
  /** Templates as JSON text, by module; of one that is not there yet, that of the core stack alone. */
  readonly templates: Readonly<Record<string, readonly string[]>>;
  /** Why the stacks of a module are not made, by module. */
  readonly failed: Readonly<Record<string, string>>;
  /** Modules that are not there yet. */
  readonly missing: readonly string[];
}

/** A commit of the project. */
export interface Commit {
  /** Whole. */
  readonly hash: string;
  /** As it was asked for. */
  readonly reference: string;
  /** Where the project stands in the repository; empty at its root. */
  readonly prefix: string;
}

/** The commit that a branch, tag or hash means. Throws SLK-SCAN-004 where there is none, -005 where git cannot say. */
export async function commitOf(root: string, reference: string): Promise<Commit> {
  try {
    const prefix = await git(root, 'rev-parse', '--show-prefix');
    // A text that begins with a dash is no option.
    const asked = ['--verify', '--quiet', '--end-of-options', `${reference}^{commit}`];
    return { hash: await git(root, 'rev-parse', ...asked), reference, prefix };
  } catch (error) {
    const said = why(error);
    if (said === '') throw new Failure(baseUnknown, { reference }, { cause: error });
    throw new Failure(baseOutOfReach, { reference, why: said }, { cause: error });
  }
}

async function git(root: string, ...args: readonly string[]): Promise<string> {
  return (await run('git', ['-C', root, ...args])).stdout.trim();
}

/**
 * Makes the stacks of modules with the code of another commit, in a worktree that is removed again. The packages are
 * those that are installed here.
 *
 * @param modulesFolder from the root of the project
 * @param configFile absolute; the commit's own version of it where it has one
 */
export async function baseTemplates(options: {
  readonly root: string;
  readonly commit: Commit;
  readonly modulesFolder: string;
  readonly ids: readonly string[];
  readonly configFile: string;
  readonly signal?: AbortSignal;
}): Promise<Base | { readonly notMade: string }> {
  const { root, commit, modulesFolder, ids, configFile, signal } = options;
  const work = mkdtempSync(join(tmpdir(), 'slake-base-'));
  const tree = join(work, 'tree');
  try {
    await git(root, 'worktree', 'add', '--detach', '--quiet', tree, commit.hash);
    const base = join(tree, commit.prefix);
    if (!existsSync(join(base, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(base, 'node_modules'));
    const inside = relative(root, configFile);
    const own = inside.startsWith('..') || isAbsolute(inside) ? undefined : join(base, inside);
    const config = own && existsSync(own) ? own : configFile;
    const there = findModules(join(base, modulesFolder));
    const missing = ids.filter((id) => !there.includes(id));
    const asked = ids.map((id): Asked => {
      if (there.includes(id)) return { id, ways: [{ module: id, config }], coreOnly: false };
      return { id, ways: waysToCore(there, namesModule(configFile, id) ? config : undefined), coreOnly: true };
    });
    const { stdout } = await run(process.execPath, [SCRIPT, base, modulesFolder, JSON.stringify(asked)], {
      cwd: base,
      maxBuffer: 1 << 28,
      timeout: PATIENCE_MS,
      ...(signal ? { signal } : {}),
    });
    const { templates, failed } = JSON.parse(stdout) as Omit<Base, 'missing'>;
    const none = there.length > 0 ? {} : Object.fromEntries(missing.map((id) => [id, 'it has no module yet']));
    return { templates, failed: { ...failed, ...none }, missing };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      notMade: `the code of ${commit.reference} does not make its stacks here: ${why(error).replaceAll(`${tree}/`, '')}`,
    };
  } finally {
    await git(root, 'worktree', 'remove', '--force', tree).catch(() => undefined);
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The core stack is the same whatever module is deployed with it, so any module of the commit stands in for one that is
 * not there yet: under the configuration where that configures the missing one today, else under the defaults, which the
 * missing one is looked at with.
 */
function waysToCore(there: readonly string[], config: string | undefined): Asked['ways'] {
  const configured = config === undefined ? [] : there.filter((module) => namesModule(config, module));
  return [
    ...configured.map((module) => ({ module, config: config ?? '' })),
    ...there.map((module) => ({ module, config: '' })),
  ];
}

/** The line of a failed process that says why; empty where it said nothing. */
function why(error: unknown): string {
  const { stderr, code, message = '' } = error as { stderr?: string; code?: unknown; message?: string };
  if (code === 'ENOENT') return 'it is not installed';
  if (stderr === undefined) return message;
  const lines = stderr.split('\n').map((line) => line.trim());
  const said = lines.find((line) => /^(fatal|error|\w*Error)\b/i.test(line)) ?? lines.find(Boolean) ?? '';
  return said.replace(/ imported from .*$/, '');
}
