// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { DEFAULT_OCSF_VERSION } from '../ocsf/index.ts';
import { type configurationOf, type Integration, OcsfVersion } from './configuration.ts';
import type { Finding } from './problem.ts';
import { isGroup, valueAt } from './value.ts';

/** The modules of a file that are configured without errors, whatever else the file holds. */
export interface Configured {
  readonly integrations: Readonly<Record<string, Integration>>;
  /** What counts for modules that choose none themselves; undefined where something else than a version is written. */
  readonly ocsfVersion: string | undefined;
}

export const NOTHING_CONFIGURED: Configured = { integrations: {}, ocsfVersion: undefined };

/** @param findings everything found in `data` */
export function configuredIn(
  data: Readonly<Record<string, unknown>>,
  schema: ReturnType<typeof configurationOf>,
  findings: readonly Finding[],
): Configured {
  const errors = findings.filter(({ level }) => level === 'error').map(({ path }) => path);
  const isSound = ([id]: readonly [string, unknown]) =>
    !errors.some(([top, key]) => top === 'integrations' && key === id);
  const written = isGroup(data.integrations) ? Object.entries(data.integrations) : [];
  const integrations = Object.fromEntries(written.filter(isSound));
  const parsed = schema.pick({ integrations: true }).safeParse({ integrations });
  const version = valueAt(data, ['securityLake', 'ocsfVersion']) ?? DEFAULT_OCSF_VERSION;
  return {
    integrations: parsed.success ? (parsed.data.integrations as Readonly<Record<string, Integration>>) : {},
    ocsfVersion: OcsfVersion.safeParse(version).data,
  };
}
