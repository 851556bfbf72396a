// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfiguration } from '../../config/index.ts';
import { configurableModules, loadModules, requireModules } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { runJourney, type Stage } from './journey.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const modulesFolder = join(root, CDK_FOLDER, 'modules');

test('an interruption ends a journey in the middle of its deployment, and nothing goes on running', async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'slake-journey-'));
  const loaded = await loadModules(modulesFolder);
  const [module] = requireModules(loaded, ['azure'], modulesFolder);
  if (!module) throw new Error('no module azure');
  const configFile = join(root, CDK_FOLDER, 'config.test.yaml');
  const { configuration } = parseConfiguration({ file: configFile, modules: configurableModules(loaded) });
  const interruption = new AbortController();
  const said: string[] = [];
  const stage: Stage = (title, work) => {
    const done = work((detail) => said.push(detail));
    if (title.startsWith('Deploy')) setTimeout(() => interruption.abort(), 50);
    return done;
  };

  const journey = runJourney({
    root,
    stateFolder,
    configFile,
    configuration,
    module,
    events: 1,
    stage,
    signal: interruption.signal,
  });

  await expect(journey).rejects.toMatchObject({ name: 'AbortError' });
  const endpoint = said.find((detail) => detail.startsWith('http://127.0.0.1:'));
  await expect(fetch(String(endpoint))).rejects.toThrow('fetch failed');
  rmSync(stateFolder, { recursive: true, force: true });
});
