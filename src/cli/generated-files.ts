// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { renderChecks } from '../checks/reference.ts';
import {
  jsonText,
  moduleJsonSchema,
  renderExample,
  renderJsonSchema,
  renderReference,
  withConfigTable,
} from '../config/generate.ts';
import { CloudEvent, Pointer, QueueMessage } from '../contract/envelope.ts';
import type { ErrorEntry } from '../errors/failure.ts';
import { isDefinedModule } from '../module/define-module.ts';
import { configurableModules, type LoadedModule, loadModule, loadModules } from '../module/load.ts';
import { withModuleTable } from '../module/module-table.ts';
import { TEMPLATE, TEMPLATE_ID } from '../module/scaffold/scaffold.ts';
import { generateOcsf, renderLists, renderVersion } from '../ocsf/generate/index.ts';
import { schemas } from '../ocsf/generated/schemas.ts';
import { renderLakeRules } from '../operate/inspect/reference.ts';
import { CDK_FOLDER } from '../release/deploy.ts';
import { renderIamRules } from '../scan/iam/reference.ts';

const OCSF_FOLDER = join('src', 'ocsf', 'generated');
const DOCS_FOLDER = join('integrations', 'security-lake', 'docs');

/** Every generated file of the project, by path from the root, with the text it should have. */
export async function generatedFiles(root: string, ocsfSchema?: string): Promise<ReadonlyMap<string, string>> {
  const modulesFolder = join(root, CDK_FOLDER, 'modules');
  const loaded = await loadModules(modulesFolder);
  const [broken] = loaded.broken;
  if (broken) throw broken.failure;
  const { modules } = loaded;
  const schemasOfModules = configurableModules(loaded);
  const files = new Map<string, string>([
    [join(CDK_FOLDER, 'config.example.yaml'), renderExample(schemasOfModules)],
    [join(CDK_FOLDER, 'config.schema.json'), renderJsonSchema(schemasOfModules)],
    [join(DOCS_FOLDER, 'CONFIG_SCHEMA.md'), renderReference(schemasOfModules)],
    [join(DOCS_FOLDER, 'CHECKS.md'), await renderChecks()],
    [join(DOCS_FOLDER, 'IAM_ANALYZER.md'), renderIamRules()],
    [join(DOCS_FOLDER, 'LAKE_RULES.md'), renderLakeRules()],
    [join(DOCS_FOLDER, 'ERRORS.md'), await errorReference(root)],
    [join('src', 'contract', 'envelope.schema.json'), envelopeSchema()],
  ]);
  for (const module of [...modules, ...(await templateModule(modulesFolder))]) {
    for (const [file, text] of moduleFiles(root, module)) files.set(file, text);
  }
  const readme = join(root, 'README.md');
  if (existsSync(readme)) files.set('README.md', withModuleTable(readFileSync(readme, 'utf8'), modules, root));
  for (const [file, text] of ocsfFiles(root, ocsfSchema)) files.set(join(OCSF_FOLDER, file), text);
  return files;
}

/** What new modules are made from is a module itself, in a folder that no other tool takes for one. */
async function templateModule(modulesFolder: string): Promise<LoadedModule[]> {
  const folder = join(modulesFolder, TEMPLATE);
  return existsSync(folder) ? [await loadModule(folder, TEMPLATE_ID)] : [];
}

/** Those that are not on disk as they should be. */
export function staleFiles(root: string, files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const isStale = (path: string, text: string) => !existsSync(path) || readFileSync(path, 'utf8') !== text;
  return new Map([...files].filter(([file, text]) => isStale(join(root, file), text)));
}

export function writeFiles(root: string, files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

function moduleFiles(root: string, { folder, module }: LoadedModule): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  if (!isDefinedModule(module)) return files;
  const at = relative(root, folder);
  files.set(join(at, 'config.schema.json'), moduleJsonSchema(module.config));
  const readme = join(folder, 'README.md');
  if (existsSync(readme))
    files.set(join(at, 'README.md'), withConfigTable(readFileSync(readme, 'utf8'), module.config));
  return files;
}

/** From a schema document where one is given, else from the committed tables themselves. */
function ocsfFiles(root: string, schemaFile: string | undefined): ReadonlyMap<string, string> {
  if (schemaFile) return generateOcsf({ schemaFile, outDir: join(root, OCSF_FOLDER) });
  const versions = Object.values(schemas);
  return new Map([...versions.flatMap((schema) => [...renderVersion(schema)]), ...renderLists(Object.keys(schemas))]);
}

/** JSON Schema of what travels, for senders that are not written in TypeScript. */
function envelopeSchema(): string {
  const registry = z.registry<{ id: string }>();
  registry.add(CloudEvent, { id: 'CloudEvent' });
  registry.add(Pointer, { id: 'Pointer' });
  registry.add(QueueMessage, { id: 'QueueMessage' });
  const { schemas: definitions } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/$defs/${id}` });
  const $defs = Object.fromEntries(
    Object.entries(definitions).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  );
  const whole = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What a processor sends to the queue of its module',
    $ref: '#/$defs/QueueMessage',
    $defs,
  };
  return jsonText(whole);
}

/** A page with every entry of the error catalog. */
async function errorReference(root: string): Promise<string> {
  const folder = join(root, 'src', 'errors');
  const entries: ErrorEntry<unknown>[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    const values = Object.values((await import(join(folder, file))) as Record<string, unknown>);
    entries.push(...values.filter(isEntry));
  }
  const rows = entries
    .toSorted((a, b) => a.code.localeCompare(b.code, 'en', { numeric: true }))
    .map(({ code, title, blame, hint }) => {
      const advice = typeof hint === 'string' ? hint : 'The message says what to do.';
      return `| ${code} | ${title} | ${blame} | ${advice.replaceAll('|', '\\|')} |`;
    });
  return `# Errors

Generated by \`npm run generate\`. Codes are permanent. The blame says who can do something about it: \`user\` is you,
\`source\` is the service the events come from, \`aws\` is AWS, and a \`bug\` is ours: please report it.

| code | what it means | blame | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
}

function isEntry(value: unknown): value is ErrorEntry<unknown> {
  return typeof value === 'object' && value !== null && 'code' in value && 'blame' in value && 'hint' in value;
}
