// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { classTable, ocsfSchema } from '../ocsf/schema.ts';

/** @see https://docs.aws.amazon.com/security-lake/latest/APIReference/API_CreateCustomLogSource.html */
const LONGEST_NAME = 20;
const HASH_LENGTH = 4;

/**
 * Name of the custom source that holds one OCSF class of a module: `azure-2004`, module id and class uid, at most 20
 * characters. A longer id is cut, with a piece of its hash to keep two of them apart; the name depends on nothing
 * else, so it never changes with what else is deployed.
 *
 * Throws SLK-OCSF-002 for a class that OCSF does not have.
 */
export function lakeSourceName(moduleId: string, className: string): string {
  const { uid } = classTable(ocsfSchema(), className);
  const room = LONGEST_NAME - String(uid).length - 1;
  if (moduleId.length <= room) return `${moduleId}-${uid}`;
  const hash = createHash('sha256').update(moduleId).digest('hex').slice(0, HASH_LENGTH);
  return `${moduleId.slice(0, room - HASH_LENGTH)}${hash}-${uid}`;
}
