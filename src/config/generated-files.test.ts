// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { renderExample, renderJsonSchema, renderReference } from './generate.ts';
import { loadConfiguration } from './load.ts';

const home = fileURLToPath(new URL('../../integrations/security-lake', import.meta.url));

/** The modules of the project by their configuration alone: the one schema that `config.ts` exports. */
async function projectModules() {
  const folder = join(home, 'cdk/modules');
  const ids = readdirSync(folder).filter(
    (id) => !id.startsWith('_') && readdirSync(join(folder, id)).includes('config.ts'),
  );
  const modules = await Promise.all(
    ids.sort().map(async (id) => {
      const exported: Record<string, unknown> = await import(pathToFileURL(join(folder, id, 'config.ts')).href);
      const configSchema = Object.entries(exported).find(([name]) => name.endsWith('Config'))?.[1];
      if (!(configSchema instanceof z.ZodType)) throw new Error(`modules/${id}/config.ts exports no ...Config`);
      return [id, { configSchema }] as const;
    }),
  );
  return Object.fromEntries(modules);
}

const modules = await projectModules();

it.each([
  ['cdk/config.example.yaml', renderExample],
  ['cdk/config.schema.json', renderJsonSchema],
  ['docs/CONFIG_SCHEMA.md', renderReference],
])('%s is what the schemas give (npm run generate)', (file, render) => {
  expect(readFileSync(join(home, file), 'utf8')).toBe(render(modules));
});

it.each(['config.example.yaml', 'config.test.yaml'])('%s is a valid configuration', (file) => {
  const { configuration, problems } = loadConfiguration({ file, folder: join(home, 'cdk'), modules });

  expect(problems).toEqual([]);
  expect(configuration?.integrations.azure?.enabled).toBe(true);
});
