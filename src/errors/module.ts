// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const moduleNotFound = defineError<{ id: string; folder: string; known: readonly string[] }>({
  code: 'SLK-MODULE-001',
  title: 'Module not found',
  blame: 'user',
  message: ({ id, folder }) => `The module "${id}" has no folder ${folder}.`,
  hint: ({ known }) =>
    known.length === 0
      ? 'No module is there at all. Make one with "npm run new-module".'
      : `Modules found: ${known.join(', ')}. Correct the name under "integrations", or make the module with "npm run new-module".`,
});

export const moduleIndexMissing = defineError<{ id: string; folder: string }>({
  code: 'SLK-MODULE-002',
  title: 'Module without index.ts',
  blame: 'user',
  message: ({ id, folder }) => `The module "${id}" has no index.ts in ${folder}.`,
  hint: 'Add index.ts with: export { <yourModule> as module } from "./<your-module>-module.ts". A folder that is no module starts with "_".',
});

export const moduleImportFailed = defineError<{ id: string; file: string; reason: string }>({
  code: 'SLK-MODULE-003',
  title: 'Module cannot be imported',
  blame: 'user',
  message: ({ id, file, reason }) => `The module "${id}" failed while ${file} was imported: ${reason}`,
  hint: 'Run "npm run build" to see type errors with file and line. A package the module needs must be installed.',
});

export const moduleExportMissing = defineError<{ id: string; file: string; found: readonly string[] }>({
  code: 'SLK-MODULE-004',
  title: 'Module exports no "module"',
  blame: 'user',
  message: ({ id, file, found }) =>
    `The module "${id}" exports no value named "module" from ${file} (it exports: ${found.join(', ') || 'nothing'}).`,
  hint: 'Export what defineModule returned, or an instance of your class, under the name "module".',
});

export const moduleShapeWrong = defineError<{ id: string; file: string; problems: readonly string[] }>({
  code: 'SLK-MODULE-005',
  title: 'Not an integration module',
  blame: 'user',
  message: ({ id, file, problems }) =>
    `The export "module" of "${id}" (${file}) is no integration module: ${problems.join('; ')}.`,
  hint: 'Use defineModule of "slake/module", or implement every member of IIntegrationModule. See docs/MODULE_INTERFACE_SPEC.md.',
});

export const moduleIdDiffers = defineError<{ id: string; moduleId: string; file: string }>({
  code: 'SLK-MODULE-006',
  title: 'Module id differs from its folder',
  blame: 'user',
  message: ({ id, moduleId, file }) => `The module in folder "${id}" calls itself "${moduleId}" (${file}).`,
  hint: 'The folder name is the id in the configuration and in every resource name: make both the same.',
});

export const mappingImportFailed = defineError<{ id: string; file: string; reason: string }>({
  code: 'SLK-MODULE-007',
  title: 'Mapping cannot be imported',
  blame: 'user',
  message: ({ id, file, reason }) => `A mapping of "${id}" failed while ${file} was imported: ${reason}`,
  hint: 'Run "npm run build" to see type errors with file and line.',
});

export const mappingMissing = defineError<{ id: string; file: string }>({
  code: 'SLK-MODULE-008',
  title: 'Mapping file without a mapping',
  blame: 'user',
  message: ({ id, file }) => `The file ${file} of "${id}" exports no mapping.`,
  hint: 'Export what defineMapping of "slake/contract" returned. Code shared by mappings goes into a folder below mappings/.',
});

export const moduleHasNoMappings = defineError<{ id: string; folder: string }>({
  code: 'SLK-MODULE-009',
  title: 'Module without mappings',
  blame: 'user',
  message: ({ id, folder }) =>
    `The module "${id}" has no mapping in ${folder}, so none of its events could reach the lake.`,
  hint: 'Add mappings/<event-type>.ts with defineMapping of "slake/contract".',
});

export const moduleDefinitionWrong = defineError<{ id: string; problems: readonly string[] }>({
  code: 'SLK-MODULE-010',
  title: 'Module definition is wrong',
  blame: 'user',
  message: ({ id, problems }) => `The definition of the module "${id}" is wrong: ${problems.join('; ')}.`,
  hint: 'Correct the call of defineModule. See docs/MODULE_INTERFACE_SPEC.md.',
});

export const moduleConfigInvalid = defineError<{ id: string; problems: readonly string[] }>({
  code: 'SLK-MODULE-011',
  title: 'Module configuration is invalid',
  blame: 'user',
  message: ({ id, problems }) => `The configuration of the module "${id}" is invalid: ${problems.join('; ')}.`,
  hint: 'Correct integrations.<module>.config. "npm run validate-config -- --config <file>" shows each place with line and column.',
});

export const moduleIdInvalid = defineError<{ id: string; longest: number }>({
  code: 'SLK-MODULE-012',
  title: 'Not an id of a module',
  blame: 'user',
  message: ({ id, longest }) =>
    `${JSON.stringify(id)} cannot be the id of a module: it takes lower-case letters, digits and single dashes, begins with a letter, and has at most ${longest} characters`,
  hint: 'The id names the folder and every resource: npm run new-module -- --module google-workspace',
});

export const moduleNameInvalid = defineError<{ name: string }>({
  code: 'SLK-MODULE-013',
  title: 'Not a name of a product',
  blame: 'user',
  message: ({ name }) =>
    `${JSON.stringify(name)} cannot be the name: it takes up to 32 letters, digits, spaces, dots and dashes`,
  hint: 'Give a plain one now (--name "Google Workspace"); it can be changed in the files of the module.',
});

export const moduleFolderTaken = defineError<{ id: string; folder: string }>({
  code: 'SLK-MODULE-014',
  title: 'The module is there already',
  blame: 'user',
  message: ({ id, folder }) => `there is a module or a folder ${id} already: ${folder}`,
  hint: 'Nothing was changed. Take another id, or remove the folder first.',
});
