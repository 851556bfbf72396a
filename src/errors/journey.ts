// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
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
    `${sent} events were sent; ${lake} are in the lake, ${rejected} in rejected/, ${deadLetters} pointers are dead letters`,
  hint: 'The log of the embedded AWS holds what the functions printed.',
});

export const noSource = defineError<{ module: string; known: readonly string[] }>({
  code: 'SLK-JOURNEY-003',
  title: 'A module has no source to run on a laptop',
  blame: 'user',
  message: ({ module, known }) =>
    `no source on this machine feeds the module "${module}"; there is one for ${known.join(', ')}`,
  hint: 'Run it for a module that has one: npm start -- --module azure',
});

export const noSamples = defineError<{ folder: string }>({
  code: 'SLK-JOURNEY-004',
  title: 'A module has no samples',
  blame: 'user',
  message: ({ folder }) => `there is no *.raw.json in ${folder}`,
  hint: 'Put raw events of the source there, one per file.',
});
