// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadModule } from '../src/module/load.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { tryEvents } from '../src/pipeline/build/trial-report.ts';
import { CDK_FOLDER } from '../src/release/deploy.ts';

const ROOT = resolve(import.meta.dirname, '..');
const CORPUS = join(ROOT, '..', 'shared', 'corpus');
const folder = join(ROOT, CDK_FOLDER, 'modules', 'azure');
const { mappings } = await loadModule(folder, 'azure');
const { program } = await loadProgram(mappingFiles(folder, mappings), '1.3.0');

/** Events of others: how many there are, how many conform, what the others are refused for, facts held in percent. */
const ORIGINS: readonly (readonly [origin: string, conform: number, refused: Record<string, number>, held: number])[] =
  [
    ['azure-activity/otel-contrib', 2, {}, 90],
    ['azure-activity/panther', 139, {}, 98],
    // Shortened for a page of documentation: most have no time of their own.
    ['azure-activity/stratus-red-team', 5, {}, 98],
    ['azure-defender-alert/sumo-docs', 1, {}, 98],
    ['azure-defender-alert-restapi/azure-rest-api-specs', 2, {}, 70],
    ['azure-defender-assessment-restapi/azure-rest-api-specs', 1, {}, 98],
    ['azure-defender-regulatory-compliance-restapi/azure-rest-api-specs', 2, {}, 98],
    ['azure-defender-secure-score-control-restapi/azure-rest-api-specs', 5, {}, 98],
    ['azure-defender-subassessment-restapi/azure-rest-api-specs', 1, {}, 98],
    ['entra-audit/panther', 13, {}, 80],
    ['entra-signin/panther', 11, {}, 80],
    ['entra-signin-noninteractive/panther', 2, {}, 98],
    ['entra-signin-serviceprincipal/panther', 5, {}, 80],
  ];

test.for(ORIGINS)('%s: real events conform, and hold what they told', ([origin, conform, refused, held], { skip }) => {
  const file = join(CORPUS, origin, 'events.jsonl');
  skip(!existsSync(file), 'not checked: the corpus is not beside the project');

  const report = tryEvents(program, readFileSync(file, 'utf8'));

  expect(report.conforming).toBe(conform);
  const counts = [...report.refused].map(([reason, lines]) => [reason, lines.length]);
  expect(Object.fromEntries(counts)).toEqual(refused);
  expect(Math.round((100 * report.held) / Math.max(1, report.facts))).toBeGreaterThanOrEqual(held);
});
