// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

// Run as a process of its own, so that the code of another commit is loaded beside nothing of this one:
// make-templates.ts <root of that commit> <folder of its modules> <JSON of Asked[]>
// Prints {"templates": {module: [template, ...]}, "failed": {module: why}} as JSON, in the last line.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Which stacks stand for a module. */
export interface Asked {
  readonly id: string;
  /** Modules of the commit and configurations to make stacks with; the first that succeeds counts. */
  readonly ways: readonly { readonly module: string; readonly config: string }[];
  /** Leaves out the stack of the module itself. */
  readonly coreOnly: boolean;
}

type Load = { loadModule: (folder: string, id: string) => Promise<unknown> };
type Synthesize = {
  synthesizeModule: (loaded: unknown, config: string) => MadeTemplates | Promise<MadeTemplates>;
};
type MadeTemplates = readonly { readonly text: string }[];

const [root = '', modulesFolder = '', asked = '[]'] = process.argv.slice(2);
const imported = (file: string): Promise<unknown> => import(pathToFileURL(join(root, file)).href);
const { loadModule } = (await imported('src/module/load.ts')) as Load;
const { synthesizeModule } = (await imported('src/scan/templates/synthesize.ts')) as Synthesize;

const templates: Record<string, readonly string[]> = {};
const failed: Record<string, string> = {};
for (const { id, ways, coreOnly } of JSON.parse(asked) as readonly Asked[]) {
  for (const { module, config } of ways) {
    try {
      const made = await synthesizeModule(await loadModule(join(root, modulesFolder, module), module), config);
      templates[id] = (coreOnly ? made.slice(0, 1) : made).map(({ text }) => text);
      delete failed[id];
      break;
    } catch (error) {
      failed[id] = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
    }
  }
}
process.stdout.write(`\n${JSON.stringify({ templates, failed })}`);
