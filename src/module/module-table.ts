// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { betweenMarkers, cell, markdownTable } from '../config/markdown.ts';
import { ocsfSchema } from '../ocsf/schema.ts';
import type { LoadedModule } from './load.ts';

/**
 * The README of the project with a fresh table of its modules between the markers; a text without markers comes back
 * as it is.
 *
 * @param root folder of the README, where the links begin
 */
export function withModuleTable(readme: string, modules: readonly LoadedModule[], root: string): string {
  const { classes: known } = ocsfSchema();
  return betweenMarkers(readme, 'modules', () =>
    markdownTable(
      ['module', 'brings', 'OCSF classes'],
      modules.map(({ id, folder, module, classes }) => {
        const page = join(folder, 'README.md');
        return [
          existsSync(page) ? `[${id}](${relative(root, page).split(sep).join('/')})` : id,
          cell(module.moduleDescription),
          classes.map((name) => cell(known[name]?.caption ?? name)).join(', '),
        ];
      }),
    ),
  );
}
