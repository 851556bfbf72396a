// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** How a file writes values: in code a literal is quoted, elsewhere it may stand bare. */
export type Language = 'code' | 'text';

/** What is known about a match beside the match itself. */
export interface MatchContext {
  readonly language: Language;
  /** The text around the match, some hundred characters to each side. */
  readonly around: string;
  /** The text that directly precedes the secret. */
  readonly before: string;
  /** The characters that directly follow the secret. */
  readonly after: string;
  /** The secret stands between quotes of any kind. */
  readonly quoted: boolean;
  /** The file is a lock file: names, versions and hashes. */
  readonly lockFile: boolean;
}

/** One form in which a secret of a kind is written. */
export interface SecretPattern {
  /** Has the flag `g`; the secret is the group named `secret`. Repetitions are bounded: input is foreign. */
  readonly expression: RegExp;
  /** Checksum, entropy or surroundings that tell a secret from its likeness. Placeholders are excluded before. */
  readonly verify?: (secret: string, context: MatchContext) => boolean;
  /** The secret is checked by `verify` alone, since a placeholder cannot be told by its value. */
  readonly anyValue?: boolean;
}

/**
 * One kind of secret, as data: a file of `kinds/` exports it as `kind`. Codes are permanent.
 */
export interface SecretKind {
  /** `SECRET-` and the kind in upper case. */
  readonly code: string;
  /** What it is: `Storage account key`. */
  readonly title: string;
  /** What someone who has it can do. */
  readonly why: string;
  /** How to make it worthless and where its successor belongs. */
  readonly rotate: string;
  /** Kinds with a higher rank win where two kinds see the same characters; 0 is for kinds that know only a name. */
  readonly rank: number;
  readonly patterns: readonly SecretPattern[];
}

export function defineSecretKind(kind: SecretKind): SecretKind {
  return kind;
}
