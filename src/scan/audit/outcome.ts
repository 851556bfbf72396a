// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { FindingPlace } from '../../findings/index.ts';

/** A known hole in a package that is used. */
export interface Vulnerability {
  readonly package: string;
  readonly version: string;
  /** `GHSA-...`, `PYSEC-...`. */
  readonly id: string;
  readonly title: string;
  /** From what is asked for directly to the package. */
  readonly path: readonly string[];
  /** Versions that have it no longer; none where there is no such version. */
  readonly fixedIn: readonly string[];
  readonly place: FindingPlace;
}

/**
 * What an audit of a package set came to. Four outcomes and never two: whoever could not ask has not found nothing.
 */
export type Outcome =
  | { readonly status: 'clean' }
  | {
      readonly status: 'vulnerable';
      readonly vulnerabilities: readonly Vulnerability[];
      /** Packages beside them that nobody could say anything about. */
      readonly skipped: number;
    }
  | { readonly status: 'not-checked'; readonly reason: string; readonly packages: number }
  | { readonly status: 'tool-error'; readonly reason: string };

/** A file that pins packages, with its outcome. */
export interface PackageSet {
  readonly kind: 'npm' | 'pip';
  /** From the root of the project, with slashes. */
  readonly file: string;
  readonly packages: number;
  /** Whom the audit asked, as far as it is known. */
  readonly endpoint: string;
  /** What to type where the endpoint can be reached. */
  readonly command: string;
  readonly outcome: Outcome;
}
