// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../../errors/failure.ts';
import { baseOutOfReach, baseUnknown } from '../../../errors/scan.ts';
import { findModules } from '../../../module/load.ts';
import { type Captured, capture } from '../../capture.ts';
import { namesModule } from '../../templates/synthesize.ts';
import type { Asked } from './make-templates.ts';

const SCRIPT = fileURLToPath(new URL('make-templates.ts', import.meta.url));
const PATIENCE_SECONDS = 300;

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
  const prefix = await git(root, 'rev-parse', '--show-prefix');
  if (prefix.code !== 0) throw new Failure(baseOutOfReach, { reference, why: why(prefix) });
  // A text that begins with a dash is no option.
  const found = await git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`);
  if (found.code !== 0) throw new Failure(baseUnknown, { reference });
  return { hash: found.stdout.trim(), reference, prefix: prefix.stdout.trim() };
}

function git(root: string, ...args: readonly string[]): Promise<Captured> {
  return capture('git', args, { folder: root });
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
    const added = await git(root, 'worktree', 'add', '--detach', '--quiet', tree, commit.hash);
    if (added.code !== 0) return { notMade: `git lays out no worktree of ${commit.reference}: ${why(added)}` };
    const base = join(tree, commit.prefix);
    if (!existsSync(base)) return { notMade: `${commit.reference} has no folder ${commit.prefix}` };
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
    const made = await capture(process.execPath, [SCRIPT, base, modulesFolder, JSON.stringify(asked)], {
      folder: base,
      seconds: PATIENCE_SECONDS,
      ...(signal ? { signal } : {}),
    });
    signal?.throwIfAborted();
    const answer = made.code === 0 ? answerIn(made.stdout) : undefined;
    if (!answer) {
      const reason = why(made).replaceAll(`${tree}/`, '');
      return { notMade: `the code of ${commit.reference} does not make its stacks here: ${reason}` };
    }
    const { templates, failed } = answer;
    const none = there.length > 0 ? {} : Object.fromEntries(missing.map((id) => [id, 'it has no module yet']));
    return { templates, failed: { ...failed, ...none }, missing };
  } finally {
    await git(root, 'worktree', 'remove', '--force', tree);
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

/** What make-templates printed; the code that it loads may have printed more. */
function answerIn(stdout: string): Omit<Base, 'missing'> | undefined {
  try {
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1));
  } catch {
    return undefined;
  }
}

/** The line of a failed process that says why. */
function why({ failure, code, stderr }: Captured): string {
  if (failure !== undefined) return failure;
  const lines = stderr.split('\n').map((line) => line.trim());
  const said = lines.find((line) => /^(fatal|error|\w*Error)\b/i.test(line)) ?? lines.find(Boolean);
  return said?.replace(/ imported from .*$/, '') ?? `exit code ${code}`;
}
