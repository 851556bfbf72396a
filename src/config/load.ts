// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import {
  configInvalid,
  configNotFound,
  configUnreadable,
  type Problem,
  parameterUnread,
  unknownKey,
  unknownModule,
} from '../errors/config.ts';
import { Failure } from '../errors/failure.ts';
import { checkValue, secrets, unique } from './check.ts';
import {
  type ConfigurableModules,
  type Configuration,
  configurationOf,
  fileShapeOf,
  type Integration,
  settle,
} from './configuration.ts';
import { type Configured, configuredIn, NOTHING_CONFIGURED } from './configured.ts';
import { inEnvironment, variantsOf } from './environments.ts';
import { respelt } from './misspelt.ts';
import { nearest } from './nearest.ts';
import { type ParameterValues, parameterNames, withParameters } from './parameters.ts';
import { type Finding, finding, type KeyPath, renderPath, renderProblem } from './problem.ts';
import { regions } from './regions.ts';
import { ruleFindings } from './rules.ts';
import { shapeOf } from './shape.ts';
import { type Place, type PlacedFinding, readSource, unusableNames } from './source.ts';
import { isGroup, valueAt } from './value.ts';

/** No configuration comes near; what is larger is another file, or an attack. */
const maxBytes = 256 * 1024;

export interface LoadOptions {
  /** Path of the YAML file, absolute or from `folder`. */
  readonly file: string;
  /** The modules that are present, by id; each checks `integrations.<id>.config` with its own schema. */
  readonly modules: ConfigurableModules;
  /** Takes a file that holds `integrations:` and nothing else for a piece of a configuration, and checks that piece. */
  readonly fragments?: boolean;
  /** Values of Parameter Store, for `${ssm:/name}`; without them such a value is an error. */
  readonly parameters?: ParameterValues | undefined;
  /** Where a relative `file` starts, and what problems show it relative to. Default: the current folder. */
  readonly folder?: string;
}

export interface LoadedConfiguration {
  /** Parsed, with every default applied; `undefined` where there is an error. */
  readonly configuration: Configuration | undefined;
  /** The checked piece, where the file is one and `fragments` are taken; then there is no configuration. */
  readonly fragment?: Fragment;
  /** What is without errors of the modules, also where the file has some: for rules that ask more than a schema. */
  readonly configured: Configured;
  /** Everything found in the file, by line: errors and warnings. */
  readonly problems: readonly Problem[];
  /** Absolute path of the file. */
  readonly file: string;
  /** Where the value that counts at a path is written, and under which keys. */
  readonly locate: (path: KeyPath) => Pick<Problem, 'file' | 'line' | 'column' | 'path'>;
}

/** A piece of a configuration: modules alone. */
export interface Fragment {
  readonly integrations: Readonly<Record<string, Integration>>;
}

export interface ParsedConfiguration extends LoadedConfiguration {
  readonly configuration: Configuration;
}

/** Reads and checks a configuration file. Whatever is wrong with it is among `problems`; nothing is thrown. */
export function loadConfiguration(options: LoadOptions): LoadedConfiguration {
  const { file, name, read } = readFile(options);
  if (typeof read !== 'string') {
    const problems = [located(read, NOWHERE, name)];
    return { ...nothing, problems, file, locate: (path) => ({ file: name, ...NOWHERE, path: renderPath(path) }) };
  }
  const { findings, locate: placeOf, ...checked } = check(read, options);
  const problems = findings.map((found) => located(found, found.place, name)).sort(byPlace);
  const locate = (path: KeyPath) => {
    const { path: written, place } = placeOf(path);
    return { file: name, ...place, path: renderPath(written) };
  };
  return { ...checked, problems, file, locate };
}

/** Of a file that cannot be read. */
const nothing = { configuration: undefined, configured: NOTHING_CONFIGURED };

/**
 * Like `loadConfiguration`, for callers that cannot go on without a configuration.
 * @throws Failure of `configInvalid` with all problems, where one of them is an error
 */
export function parseConfiguration(options: LoadOptions): ParsedConfiguration {
  const loaded = loadConfiguration(options);
  const { configuration, problems } = loaded;
  if (configuration === undefined) throw invalid(loaded, problems);
  return { ...loaded, configuration };
}

/** A finding about a loaded configuration as a problem, at the place where the value is written. */
export function problemOf({ locate }: LoadedConfiguration, found: Finding): Problem {
  const { code, level, message, hint } = found;
  return { code, level, ...locate(found.path), message, hint };
}

/** The failure of a configuration with these problems, the worst of which is an error. */
export function invalid({ file }: Pick<LoadedConfiguration, 'file'>, problems: readonly Problem[]): Failure<unknown> {
  return new Failure(configInvalid, { file, lines: problems.map(renderProblem), problems }) as Failure<unknown>;
}

/** The text of a configuration file. Throws SLK-CONFIG-001 where it cannot be read. */
export function readConfiguration(place: FilePlace): NamedFile & { readonly text: string } {
  const { read, ...file } = readFile(place);
  if (typeof read !== 'string') throw unreadable(file, [{ ...read, place: NOWHERE }]);
  return { ...file, text: read };
}

/** The failure of a file with these findings of its reader. */
export function unreadable({ file, name }: NamedFile, findings: readonly PlacedFinding[]): Failure<unknown> {
  const problems = findings.map((found) => located(found, found.place, name));
  return invalid({ file }, problems);
}

type FilePlace = Pick<LoadOptions, 'file' | 'folder'>;

interface NamedFile {
  /** Absolute path. */
  readonly file: string;
  /** As a person standing in the folder would write it. */
  readonly name: string;
}

/** Where a problem of the file itself is. */
const NOWHERE: Place = { line: 0, column: 0 };

/** The text of a file, or why it cannot be read. */
function readFile({
  file: written,
  folder = process.cwd(),
}: FilePlace): NamedFile & { readonly read: string | Finding } {
  const file = resolve(folder, written);
  return { file, name: nameOf(file, folder), read: readText(file) };
}

/**
 * The npm packages that a configuration names for its modules, by module id, so that they can be loaded before the
 * configuration is checked. A file that cannot be read names none; what is wrong with it, `loadConfiguration` says.
 */
export function namedPackages(options: Omit<LoadOptions, 'modules'>): Readonly<Record<string, string>> {
  const { integrations } = topLevels(options);
  if (!isGroup(integrations)) return {};
  const named = Object.entries(integrations).map(([id, entry]) => [id, valueAt(entry, ['package'])] as const);
  return Object.fromEntries(named.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The data of a file before any module is known, with the other keys named rightly; none where it cannot be read. */
function topLevels(place: FilePlace): Readonly<Record<string, unknown>> {
  const { read } = readFile(place);
  const { data = {} } = typeof read === 'string' ? readSource(read) : {};
  const { data: spelt } = respelt(data, fileShapeOf(NO_MODULES), () => undefined);
  return spelt as Readonly<Record<string, unknown>>;
}

const NO_MODULES: ConfigurableModules = {};

interface CheckedText extends Pick<LoadedConfiguration, 'configuration' | 'fragment' | 'configured'> {
  readonly findings: readonly PlacedFinding[];
  /** Where the value that counts at a path is written, and under which keys. */
  readonly locate: (path: KeyPath) => Written;
}

interface Written {
  readonly path: KeyPath;
  readonly place: Place;
}

function check(text: string, { modules, fragments = false, parameters }: LoadOptions): CheckedText {
  const source = readSource(text);
  if (source.data === undefined) {
    return { ...nothing, findings: source.findings, locate: (path) => ({ path, place: source.locate(path) }) };
  }

  const whole = configurationOf(modules);
  const spelt = respelt(source.data, fileShapeOf(modules), (path, known) =>
    unknownIntegration(path, known, source.data),
  );
  const file = spelt.data as Readonly<Record<string, unknown>>;
  const isFragment = fragments && Object.keys(file).join() === 'integrations';
  const schema = isFragment ? whole.pick({ integrations: true }) : whole;
  const shape = shapeOf(schema);
  const { variants, findings: environmentFindings } = variantsOf(file);
  const locate = (path: KeyPath): Written => {
    const written = spelt.written(path);
    return { path: written, place: source.locate(written) };
  };
  const placed = (found: Finding, path: KeyPath = found.path) => ({ ...found, ...locate(path) });
  // The reader has told of it already.
  const isTold = ({ code, path }: Finding) => code === unknownKey.code && unusableNames.has(String(path.at(-1)));
  const findings: PlacedFinding[] = [
    ...source.findings,
    ...spelt.findings.map((found) => ({ ...found, place: source.locate(found.path) })),
    ...environmentFindings.map((found) => placed(found)),
  ];
  let value: unknown;
  let active: Pick<CheckedText, 'locate' | 'configured'> = { ...nothing, locate };
  for (const { data: written, isActive, isOwn, written: placeOf } of variants) {
    const read = withParameters(withoutEmptyConfigs(written), shape, parameters);
    const data = read.data as Readonly<Record<string, unknown>>;
    const checked = checkValue(schema, data, {
      written: (path) => source.written(spelt.written(placeOf(path))),
      unknown: (path, known) => unknownIntegration(path, known, data),
    });
    const mistaken = new Set(checked.findings.map(({ path }) => renderPath(path)));
    const unread = new Set(read.unread.map(renderPath));
    const rules = (isFragment ? [] : ruleFindings(data, shape)).filter(({ path }) => !mistaken.has(renderPath(path)));
    const all = [...checked.findings, ...rules].filter(({ path }) => !unread.has(renderPath(path)));
    // Of an environment that the file is not for, only its own values count.
    // Its parameters may be those of another account; they are read when the file is for it.
    const parametersOf = isActive ? read.findings : read.findings.filter(({ code }) => code !== parameterUnread.code);
    const own = [...parametersOf, ...all].filter(({ path }) => isActive || isOwn(path));
    findings.push(...own.map((found) => placed(found, placeOf(found.path))).filter((found) => !isTold(found)));
    if (!isActive) continue;
    value = checked.value;
    active = {
      configured: configuredIn(data, whole, [...read.findings, ...all]),
      locate: (path) => locate(placeOf(path)),
    };
  }
  // Whatever a key may mean, its name as written says that it holds a secret.
  findings.push(...secrets(source.data).map((found) => ({ ...found, place: source.locate(found.path) })));
  const result = { ...active, configuration: undefined, findings: unique(findings) };
  if (findings.some(({ level }) => level === 'error') || value === undefined) return result;
  if (isFragment) return { ...result, fragment: value as Fragment };
  return { ...result, configuration: settle(value as Parameters<typeof settle>[0]) };
}

/** The parameters of Parameter Store that count in a file, so that they can be read before it is loaded. */
export function namedParameters(options: Pick<LoadOptions, 'file' | 'folder'>): {
  readonly names: readonly string[];
  readonly region: string | undefined;
} {
  const data = variantsOf(topLevels(options)).variants[0]?.data;
  const region = data?.awsRegion;
  return { names: parameterNames(data), region: isRegion(region) ? region : undefined };
}

function isRegion(value: unknown): value is string {
  return (regions as readonly unknown[]).includes(value);
}

/** `config:` with nothing below it, or only comments, is a module's configuration without keys. */
function withoutEmptyConfigs(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { integrations } = data;
  if (!isGroup(integrations)) return data;
  const entries = Object.entries(integrations).map(([id, entry]) => {
    if (!isGroup(entry) || entry.config !== null) return [id, entry];
    const { config: _, ...rest } = entry;
    return [id, rest];
  });
  return { ...data, integrations: Object.fromEntries(entries) };
}

function unknownIntegration(path: KeyPath, known: readonly string[], data: unknown): Finding | undefined {
  const [section, id, ...below] = inEnvironment(path);
  if (section !== 'integrations' || id === undefined || below.length > 0) return undefined;
  const packaged = typeof valueAt(data, [...path, 'package']) === 'string';
  return finding(unknownModule, path, { nearest: nearest(String(id), known), known, packaged });
}

function readText(file: string): string | Finding {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > maxBytes)
      return finding(configUnreadable, [], { reason: `it is larger than ${maxBytes} bytes` });
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const code = isGroup(error) && typeof error.code === 'string' ? error.code : '';
    if (code === 'ENOENT') return finding(configNotFound, [], { beside: configurationsBeside(file) });
    return finding(configUnreadable, [], { reason: reasons[code] ?? 'the system refuses' });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8',
};

function configurationsBeside(file: string): string[] {
  try {
    return readdirSync(dirname(file))
      .filter((name) => /^config.*\.ya?ml$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** As a person standing in `folder` would write it. */
function nameOf(file: string, folder: string): string {
  const name = relative(folder, file);
  return name === '' ? basename(file) : name.startsWith('..') || isAbsolute(name) ? file : name;
}

function located(found: Finding, place: Place, file: string): Problem {
  const { code, level, path, message, hint } = found;
  return { code, level, file, line: place.line, column: place.column, path: renderPath(path), message, hint };
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}
