// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from './counted.ts';
import { defineError } from './failure.ts';

export const processorFailed = defineError<{ functionName: string; why: string }>({
  code: 'SLK-JOURNEY-001',
  title: 'The processor failed',
  blame: 'bug',
  message: ({ functionName, why }) => `${functionName} answered with an error: ${why}`,
  hint: 'The log of the embedded AWS holds what the function printed.',
});

export const eventsMissing = defineError<{ sent: number; lake: number; rejected: number; deadLetters: number }>({
  code: 'SLK-JOURNEY-002',
  title: 'Not every event arrived',
  blame: 'bug',
  message: ({ sent, lake, rejected, deadLetters }) =>
    `${counted(sent, 'event was', 'events were')} sent; in the lake ${lake}, in rejected/ ${rejected}, ${counted(deadLetters, 'pointer is a dead letter', 'pointers are dead letters')}`,
  hint: 'The log of the embedded AWS holds what the functions printed.',
});

export const noSource = defineError<{ module: string; file: string; known: readonly string[] }>({
  code: 'SLK-JOURNEY-003',
  title: 'A module has no source to run on a laptop',
  blame: 'user',
  message: ({ module, file, known }) =>
    `nothing on this machine feeds the module "${module}": there is no ${file}, and the framework has a source only for ${known.join(', ')}`,
  hint: 'Write local-source.ts, which exports startSource; a module of "npm run new-module" has one to begin with.',
});

export const noSamples = defineError<{ folder: string }>({
  code: 'SLK-JOURNEY-004',
  title: 'A module has no samples',
  blame: 'user',
  message: ({ folder }) => `there is no *.raw.json in ${folder}`,
  hint: 'Put raw events of the source there, one per file.',
});

export const sourceNotExported = defineError<{ file: string }>({
  code: 'SLK-JOURNEY-005',
  title: 'The source of a module is not exported',
  blame: 'user',
  message: ({ file }) => `${file} does not export a function startSource`,
  hint: 'Export startSource, of the type StartLocalSource of slake/module.',
});

export const moduleNotEnabled = defineError<{ module: string; file: string }>({
  code: 'SLK-JOURNEY-006',
  title: 'The configuration does not enable the module',
  blame: 'user',
  message: ({ module, file }) => `${file} does not enable the module ${module}`,
  hint: 'Put it under integrations with enabled: true, or leave --config out.',
});
