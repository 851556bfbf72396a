// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { ConfigurableModules } from '../config/configuration.ts';
import type { Mapping } from '../contract/mapping.ts';
import { Failure } from '../errors/failure.ts';
import {
  mappingImportFailed,
  mappingMissing,
  moduleExportMissing,
  moduleHasNoMappings,
  moduleIdDiffers,
  moduleImportFailed,
  moduleIndexMissing,
  moduleNotFound,
  moduleShapeWrong,
} from '../errors/module.ts';
import { isDefinedModule } from './define-module.ts';
import type { IIntegrationModule } from './integration-module.ts';

export interface LoadedMapping {
  /** File name in mappings/. */
  readonly file: string;
  readonly exportName: string;
  readonly mapping: Mapping;
}

/** A module with all that stands in its folder. */
export interface LoadedModule {
  readonly id: string;
  /** Absolute path. */
  readonly folder: string;
  readonly module: IIntegrationModule;
  /** In order of file and export name. */
  readonly mappings: readonly LoadedMapping[];
  /** The distinct OCSF classes of the mappings, sorted: one lake source each. */
  readonly classes: readonly string[];
}

/** The modules that loaded, and why the others did not. */
export interface LoadedModules {
  readonly modules: readonly LoadedModule[];
  readonly broken: readonly { readonly id: string; readonly failure: Failure }[];
}

/** Ids of the modules in a folder: every folder whose name does not start with `_` or `.`, sorted. */
export function findModules(modulesFolder: string): readonly string[] {
  if (!existsSync(modulesFolder)) return [];
  return readdirSync(modulesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^[_.]/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Loads every module of a folder, and those that are npm packages. A module that does not load is reported in
 * `broken` and stops no other one.
 *
 * @param packages npm package by module id (`integrations.<id>.package`), resolved from `modulesFolder`
 */
export async function loadModules(
  modulesFolder: string,
  packages: Readonly<Record<string, string>> = {},
): Promise<LoadedModules> {
  const modules: LoadedModule[] = [];
  const broken: { id: string; failure: Failure }[] = [];
  const found = findModules(modulesFolder).filter((id) => !(id in packages));
  for (const id of [...found, ...Object.keys(packages)].sort()) {
    try {
      const packageName = packages[id];
      modules.push(
        packageName ? await loadPackage(id, packageName, modulesFolder) : await loadModule(join(modulesFolder, id), id),
      );
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      broken.push({ id, failure: error });
    }
  }
  return { modules, broken };
}

/** The loaded modules of these ids, in their order; throws the reason for the first that is not there. */
export function requireModules(loaded: LoadedModules, ids: readonly string[], modulesFolder: string): LoadedModule[] {
  return ids.map((id) => {
    const module = loaded.modules.find((candidate) => candidate.id === id);
    if (module) return module;
    const failure = loaded.broken.find((candidate) => candidate.id === id)?.failure;
    if (failure) throw failure;
    const known = loaded.modules.map((candidate) => candidate.id);
    throw new Failure(moduleNotFound, { id, folder: join(modulesFolder, id), known });
  });
}

/**
 * The configuration schema of each module; a hand-written one is asked through `validateConfig`. One that did not load
 * takes anything, so that its own failure is told and not that its name is unknown.
 */
export function configurableModules({ modules, broken }: LoadedModules): ConfigurableModules {
  return Object.fromEntries([
    ...modules.map(({ id, module }) => [id, { configSchema: configSchemaOf(module) }] as const),
    ...broken.map(({ id }) => [id, { configSchema: z.unknown() }] as const),
  ]);
}

function configSchemaOf(module: IIntegrationModule): z.ZodType {
  const schema = isDefinedModule(module) ? module.config : z.record(z.string(), z.unknown());
  return schema.superRefine((config, context) => {
    // What the schema itself refuses is told by it; the module would only say it again.
    if (isDefinedModule(module) && !module.config.safeParse(config).success) return;
    for (const { path, message } of module.validateConfig(config).errors) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });
}

/** Loads one module of a folder; throws SLK-MODULE-001 to -009. */
export async function loadModule(folder: string, id: string): Promise<LoadedModule> {
  if (!existsSync(folder)) throw new Failure(moduleNotFound, { id, folder, known: findModules(dirname(folder)) });
  const file = join(folder, 'index.ts');
  if (!existsSync(file)) throw new Failure(moduleIndexMissing, { id, folder });
  return loadFrom(id, folder, file);
}

async function loadPackage(id: string, packageName: string, from: string): Promise<LoadedModule> {
  const file = resolvePackage(id, packageName, from);
  return loadFrom(id, dirname(file), file);
}

function resolvePackage(id: string, packageName: string, from: string): string {
  try {
    return createRequire(join(from, 'index.js')).resolve(packageName);
  } catch (error) {
    throw new Failure(moduleImportFailed, { id, file: packageName, reason: reasonOf(error) }, { cause: error });
  }
}

async function loadFrom(id: string, folder: string, file: string): Promise<LoadedModule> {
  const exports = await importFile(file, (reason, cause) => {
    throw new Failure(moduleImportFailed, { id, file, reason }, { cause });
  });
  if (!('module' in exports)) throw new Failure(moduleExportMissing, { id, file, found: Object.keys(exports) });
  const module = moduleOf(exports.module, id, file);
  const mappings = await loadMappings(join(folder, 'mappings'), id);
  return { id, folder, module, mappings, classes: [...new Set(mappings.map(({ mapping }) => mapping.class))].sort() };
}

function moduleOf(value: unknown, id: string, file: string): IIntegrationModule {
  const problems = shapeProblems(value);
  if (problems.length > 0) throw new Failure(moduleShapeWrong, { id, file, problems });
  const module = value as IIntegrationModule;
  if (module.moduleId !== id) throw new Failure(moduleIdDiffers, { id, moduleId: module.moduleId, file });
  return module;
}

const TEXTS = ['moduleId', 'moduleName', 'moduleVersion', 'moduleDescription'];
const METHODS = ['validateConfig', 'createResources', 'getRequiredPermissions'];
const OPTIONAL_METHODS = ['getHealthCheckConfig', 'getModuleOutputs', 'cleanup'];

function shapeProblems(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`it is ${value === null ? 'null' : `a ${typeof value}`}`];
  const members = value as Readonly<Record<string, unknown>>;
  return [
    ...TEXTS.filter((name) => typeof members[name] !== 'string').map((name) => `${name} is no text`),
    ...METHODS.filter((name) => typeof members[name] !== 'function').map((name) => `${name} is no function`),
    ...OPTIONAL_METHODS.filter((name) => name in members && typeof members[name] !== 'function').map(
      (name) => `${name} is no function`,
    ),
  ];
}

async function loadMappings(folder: string, id: string): Promise<readonly LoadedMapping[]> {
  const files = existsSync(folder) ? readdirSync(folder).filter(isMappingFile).sort() : [];
  const mappings: LoadedMapping[] = [];
  for (const file of files) mappings.push(...(await mappingsOf(join(folder, file), file, id)));
  if (mappings.length === 0) throw new Failure(moduleHasNoMappings, { id, folder });
  return mappings;
}

function isMappingFile(name: string): boolean {
  return /\.(ts|js)$/.test(name) && !/\.(test|d)\.(ts|js)$/.test(name);
}

async function mappingsOf(path: string, file: string, id: string): Promise<readonly LoadedMapping[]> {
  const exports = await importFile(path, (reason, cause) => {
    throw new Failure(mappingImportFailed, { id, file: path, reason }, { cause });
  });
  const mappings = Object.entries(exports)
    .filter((entry): entry is [string, Mapping] => isMapping(entry[1]))
    .map(([exportName, mapping]) => ({ file, exportName, mapping }));
  if (mappings.length === 0) throw new Failure(mappingMissing, { id, file: path });
  return mappings;
}

function isMapping(value: unknown): value is Mapping {
  if (typeof value !== 'object' || value === null) return false;
  const { stream, when, class: className, event } = value as Partial<Mapping>;
  return (
    typeof stream === 'string' && typeof className === 'string' && typeof when === 'object' && typeof event === 'object'
  );
}

async function importFile(
  file: string,
  failed: (reason: string, cause: unknown) => never,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    // A failure of the catalog (a wrong definition) says more than the import that met it.
    if (error instanceof Failure) throw error;
    return failed(reasonOf(error), error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
}
