// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { moduleNotChosen } from '../errors/checks.ts';
import { Failure } from '../errors/failure.ts';
import { moduleNotFound } from '../errors/module.ts';
import { findModules } from '../module/load.ts';
import { CDK_FOLDER } from '../release/deploy.ts';
import { type CommandContext, type Option, textOption } from './command.ts';

/** The options of commands that work on modules. */
export const moduleOptions: Readonly<Record<string, Option>> = {
  module: { type: 'string', value: '<id>', description: 'The module; in the folder of one, that one without asking' },
  all: { type: 'boolean', description: 'All modules' },
};

/** The option of commands that make the stacks of modules to look at them. */
export const stackOptions: Readonly<Record<string, Option>> = {
  config: {
    type: 'string',
    value: '<file>',
    description: 'Configuration to make stacks with (default: config.test.yaml)',
  },
};

/** Absolute path of the configuration that such a command makes stacks with. */
export function stackConfigFile({
  values,
  root,
  callerFolder,
}: Pick<CommandContext, 'values' | 'root' | 'callerFolder'>): string {
  const given = textOption(values, 'config');
  return given ? resolve(callerFolder, given) : join(root, CDK_FOLDER, 'config.test.yaml');
}

/** A module as far as its folder goes: it may not even load. */
export interface ModuleFolder {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
}

/**
 * The modules that a command line means: --module, --all, or the one whose folder the person is in.
 * Throws SLK-CHECKS-001 where none is meant and SLK-MODULE-001 for one that is not there.
 */
export function chosenModules(
  command: string,
  { values, root, callerFolder }: Pick<CommandContext, 'values' | 'root' | 'callerFolder'>,
): readonly ModuleFolder[] {
  const modules = join(root, CDK_FOLDER, 'modules');
  const known = findModules(modules);
  if (values.all) return known.map((id) => ({ id, folder: join(modules, id) }));
  const id = textOption(values, 'module') ?? moduleAround(modules, callerFolder);
  if (id === undefined) throw new Failure(moduleNotChosen, { command, known });
  const folder = join(modules, id);
  if (!/^[\w-]+$/.test(id) || !existsSync(folder)) throw new Failure(moduleNotFound, { id, folder, known });
  return [{ id, folder }];
}

function moduleAround(modules: string, folder: string): string | undefined {
  const [id = '', ...rest] = relative(modules, folder).split(sep);
  return id === '' || id === '..' || (rest.length > 0 && id.startsWith('..')) ? undefined : id;
}
