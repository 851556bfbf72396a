// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

// Run as a process of its own, so that the code of another commit is loaded beside nothing of this one:
// make-templates.ts <root of that commit> <configuration> <module>...
// Prints {"templates": {module: [template, ...]}, "failed": {module: why}} as JSON.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Load = { loadModule: (folder: string, id: string) => Promise<unknown> };
type Synthesize = {
  synthesizeModule: (loaded: unknown, config: string) => MadeTemplates | Promise<MadeTemplates>;
};
type MadeTemplates = readonly { readonly text: string }[];

const [root = '', config = '', modulesFolder = '', ...ids] = process.argv.slice(2);
const imported = (file: string): Promise<unknown> => import(pathToFileURL(join(root, file)).href);
const { loadModule } = (await imported('src/module/load.ts')) as Load;
const { synthesizeModule } = (await imported('src/scan/templates/synthesize.ts')) as Synthesize;

const templates: Record<string, readonly string[]> = {};
const failed: Record<string, string> = {};
for (const id of ids) {
  const folder = join(root, modulesFolder, id);
  if (!existsSync(folder)) {
    templates[id] = [];
    continue;
  }
  try {
    const made = await synthesizeModule(await loadModule(folder, id), config);
    templates[id] = made.map(({ text }) => text);
  } catch (error) {
    failed[id] = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
  }
}
process.stdout.write(JSON.stringify({ templates, failed }));
