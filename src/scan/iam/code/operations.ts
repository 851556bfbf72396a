// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Catalog } from '../catalog.ts';
import { ENCRYPTED, EXCEPTIONS, IMPLIES, KEY_USES, PREFIXES } from './operation-tables.ts';

/** What an operation asks of a role. */
export interface Need {
  /** Any one of these actions lets it pass. */
  readonly oneOf: readonly string[];
}

/** The permissions of one operation. */
export interface Permissions {
  readonly needs: readonly Need[];
  /** Actions that some requests of it take, or that AWS takes in the caller's name: a grant of them is explained. */
  readonly implies: readonly string[];
}

function plain(text: string): string {
  return text.replaceAll(/[-_]/g, '').toLowerCase();
}

/** The IAM prefix of a service as an SDK calls it; undefined for one that IAM does not know. */
export function prefixOf(service: string, services: ReadonlySet<string>): string | undefined {
  const name = service.toLowerCase();
  const known = PREFIXES[plain(name)];
  if (known) return known;
  return services.has(name) ? name : [...services].find((service) => plain(service) === plain(name));
}

/** The permissions of an operation, as the SDK of any language writes it; undefined where there is no such operation. */
export function permissionsOf(prefix: string, operation: string, catalog: Catalog): Permissions | undefined {
  const wanted = plain(operation);
  const exceptions = Object.entries(EXCEPTIONS[prefix] ?? {});
  const [, exception] = exceptions.find(([name]) => plain(name) === wanted) ?? [];
  const same = catalog.of(prefix)?.actions.find(({ name }) => plain(name.slice(prefix.length + 1)) === wanted)?.name;
  if (exception === undefined && same === undefined) return undefined;
  const needs =
    exception === undefined
      ? [{ oneOf: [same ?? ''] }]
      : exception === '-'
        ? []
        : exception.split(' ').map((all) => ({ oneOf: all.split('|').map((action) => `${prefix}:${action}`) }));
  const implied = Object.entries(IMPLIES[prefix] ?? {}).find(([name]) => plain(name) === wanted)?.[1] ?? '';
  return { needs, implies: implied.split(' ').filter(Boolean) };
}

/** Whether a grant of KMS is explained by calls of a service that encrypts with the caller's key. */
export function isKeyUse(action: string, usedServices: Iterable<string>): boolean {
  const encrypts = [...usedServices].some((service) => ENCRYPTED.has(service));
  return encrypts && KEY_USES.some((known) => known.toLowerCase() === action.toLowerCase());
}
