// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// No record of Entra ID is refused because something in it is missing or is not what it mostly is.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadModule } from '../src/module/load.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { tryEvent } from '../src/pipeline/build/sample.ts';
import type { OcsfEvent } from '../src/pipeline/map/mapper.ts';
import { CDK_FOLDER } from '../src/release/deploy.ts';

const folder = join(resolve(import.meta.dirname, '..'), CDK_FOLDER, 'modules', 'azure');
const { mappings } = await loadModule(folder, 'azure');
const files = mappingFiles(folder, mappings);
const VERSIONS = ['1.1.0', '1.3.0', '1.8.0'] as const;
const programs = await Promise.all(VERSIONS.map(async (version) => (await loadProgram(files, version)).program));
const usual = programs[1] as (typeof programs)[number];
const LONG = 'A'.repeat(65_536);

type Fields = Readonly<Record<string, unknown>>;

function sample(name: string): Fields & { readonly properties: Fields } {
  return JSON.parse(readFileSync(join(folder, 'samples', `${name}.raw.json`), 'utf8'));
}

/** A sample with other properties. */
function withProperties(name: string, properties: Fields): Fields {
  const raw = sample(name);
  return { ...raw, properties: { ...raw.properties, ...properties } };
}

/** The row of an event in the usual version; in each version it is taken by one mapping, and valid. */
function row(event: Fields): OcsfEvent {
  for (const program of programs) {
    const { rivals, reasons } = tryEvent(program, event, 'event');
    expect({ rivals, reasons }).toEqual({ rivals: [], reasons: [] });
  }
  return JSON.parse(JSON.stringify(tryEvent(usual, event, 'event').rows[0])) as OcsfEvent;
}

describe.each([[[]], [{}], [{ x: 1 }], [LONG]])('a value that is no text that OCSF takes', (value) => {
  test('tells nobody who signs in', () => {
    const events = [
      withProperties('sign-in-nobody', { userDisplayName: value }),
      withProperties('sign-in-nobody', { userId: value }),
      { ...sample('sign-in-identity-alone'), identity: value },
      withProperties('workload-sign-in-app-alone', { appId: value, appDisplayName: null }),
    ];
    for (const event of events) expect(row(event)).toMatchObject({ user: { name: 'Unknown' } });
  });

  test('tells no service that one signs in to', () => {
    const nothing = { appId: value, appDisplayName: value, resourceDisplayName: null, resourceId: null };

    expect(row(withProperties('sign-in-nobody', nothing))).toMatchObject({ service: { name: 'Microsoft Entra ID' } });
  });

  test('tells no product of an alert', () => {
    expect(row({ ...sample('security-alert-minimal'), ProductName: value, VendorName: value })).toMatchObject({
      metadata: { product: { name: 'Microsoft Defender for Cloud', vendor_name: 'Microsoft' } },
    });
  });
});
