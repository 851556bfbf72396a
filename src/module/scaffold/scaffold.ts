// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../errors/failure.ts';
import { moduleFolderTaken, moduleIdInvalid, moduleNameInvalid } from '../../errors/module.ts';
import { camelCase, LONGEST_MODULE_ID, MODULE_ID, pascalCase } from '../names.ts';
import { type StarterMapping, starterMapping } from './starter-mapping.ts';

export const TEMPLATE = '_template';
/** What the module of the template calls itself. */
export const TEMPLATE_ID = 'acme';
/** The class that the template itself maps to. */
export const TEMPLATE_CLASS = 'authentication';
export const RUNTIMES = ['python', 'nodejs'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** Names stand in TypeScript, Python, JSON and Markdown, so only what is plain text in each is taken. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 .-]{0,31}$/;
const PROCESSOR = join('src', 'lambda', 'processor');
/** The folder of the template's processor in each language. */
const PROCESSORS: Readonly<Record<Runtime, string>> = { python: PROCESSOR, nodejs: `${PROCESSOR}-nodejs` };

export interface ScaffoldOptions {
  readonly modulesFolder: string;
  readonly id: string;
  /** As people call the product; default: the words of the id with capital letters. */
  readonly name?: string | undefined;
  readonly runtime: Runtime;
  readonly className: string;
  /** Name of the module's lake source for a class. */
  readonly lakeSource: (className: string) => string;
}

/** A new module: its folder, and its files in it. */
export interface Scaffold {
  readonly folder: string;
  readonly files: readonly string[];
}

/**
 * Makes the folder of a new module from the template; it is there whole or not at all.
 * @throws Failure SLK-MODULE-012 to -014; SLK-OCSF-002 for an unknown class
 */
export function scaffold(options: ScaffoldOptions): Scaffold {
  const { modulesFolder, id, name = nameOf(id), runtime, className } = options;
  if (!MODULE_ID.test(id) || id.length > LONGEST_MODULE_ID) {
    throw new Failure(moduleIdInvalid, { id, longest: LONGEST_MODULE_ID });
  }
  if (!NAME.test(name)) throw new Failure(moduleNameInvalid, { name });
  const folder = join(modulesFolder, id);
  if (existsSync(folder)) throw new Failure(moduleFolderTaken, { id, folder });
  const template = join(modulesFolder, TEMPLATE);
  const texts = renamed(chosen(readTemplate(template), runtime), options, name);
  const files = className === TEMPLATE_CLASS ? texts : withMapping(texts, starterMapping(className, name));
  const temporary = join(modulesFolder, `.${id}-${process.pid}`);
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(temporary, path)), { recursive: true });
      writeFileSync(join(temporary, path), text);
    }
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return { folder, files: [...files.keys()].toSorted() };
}

type Texts = ReadonlyMap<string, string>;

function readTemplate(template: string): Texts {
  const entries = readdirSync(template, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(template.length + 1))
      .filter((path) => !/(^|\/)(__pycache__|\.[^/]*)(\/|$)/.test(path))
      .map((path) => [path, readFileSync(join(template, path), 'utf8')]),
  );
}

/** The template with the processor of one language. */
function chosen(texts: Texts, runtime: Runtime): Texts {
  const other = runtime === 'python' ? PROCESSORS.nodejs : PROCESSORS.python;
  const kept = [...texts].filter(([path]) => !path.startsWith(`${other}/`));
  if (runtime === 'python') return new Map(kept);
  return new Map(
    kept.map(([path, text]) => [
      path.replace(`${PROCESSORS.nodejs}/`, `${PROCESSOR}/`),
      text.replace(
        `handler: 'app.lambda_handler',\n      runtime: 'python'`,
        `handler: 'app.handler',\n      runtime: 'typescript'`,
      ),
    ]),
  );
}

/** The template's module is called Acme; each way in which it is written becomes that of the new module. */
function renamed(texts: Texts, { id, className, lakeSource }: ScaffoldOptions, name: string): Texts {
  const pascal = pascalCase(id);
  const names: Readonly<Record<string, string>> = {
    acmeModule: `${camelCase(id)}Module`,
    AcmeConfig: `${pascal}Config`,
    AcmeSecret: `${pascal}Secret`,
    '`acme-3002`': `\`${lakeSource(className)}\``,
    acme: id,
    Acme: name,
  };
  const rename = (text: string) =>
    text.replaceAll(/acmeModule|AcmeConfig|AcmeSecret|`acme-3002`|acme|Acme/g, (found) => names[found] ?? found);
  return new Map([...texts].map(([path, text]) => [rename(path), rename(text)]));
}

/** Another mapping with its sample in place of the template's. */
function withMapping(texts: Texts, mapping: StarterMapping): Texts {
  const kept = [...texts].filter(([path]) => !/^(mappings\/[^/]+\.ts|samples\/.*)$/.test(path));
  const changed = kept.map(([path, text]): [string, string] => [
    path,
    text
      .replace('| `user.session.start` | Authentication (3002) |', `| \`${mapping.eventType}\` | ${mapping.caption} |`)
      .replace('- Maps sign-ins to Authentication.', `- Maps events to ${mapping.caption.replace(/ \(\d+\)$/, '')}.`)
      .replace('--case sign-in`', `--case ${mapping.case}\``)
      .replace(/(?<="eventType": ")user\.session\.start(?=")/, mapping.eventType),
  ]);
  return new Map([
    ...changed,
    [`mappings/${mapping.case}.ts`, mapping.code],
    [`samples/${mapping.case}.raw.json`, `${JSON.stringify(mapping.sample, null, 2)}\n`],
  ]);
}

function nameOf(id: string): string {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
