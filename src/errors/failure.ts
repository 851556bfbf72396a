// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Who can do something about a failure; it decides what is printed and whether it is tried again. */
export type Blame = 'user' | 'source' | 'aws' | 'bug';

/** One kind of failure a person can meet. Codes are permanent: a code is never given to another kind. */
export interface ErrorEntry<Args> {
  readonly code: string;
  readonly title: string;
  readonly blame: Blame;
  /** What happened and why, from the facts in `args`. */
  readonly message: (args: Args) => string;
  /** What to do about it. */
  readonly hint: string | ((args: Args) => string);
}

/** Declares an entry of the catalog; only `src/errors/catalog.ts` calls it. */
export function defineError<Args = Record<never, never>>(entry: ErrorEntry<Args>): ErrorEntry<Args> {
  return entry;
}

/** A failure with its catalog entry: `throw new Failure(configNotFound, { file })`. */
export class Failure<Args = unknown> extends Error {
  readonly entry: ErrorEntry<Args>;
  readonly args: Args;
  readonly hint: string;

  constructor(entry: ErrorEntry<Args>, args: Args, options?: ErrorOptions) {
    super(entry.message(args), options);
    this.name = 'Failure';
    this.entry = entry;
    this.args = args;
    this.hint = typeof entry.hint === 'function' ? entry.hint(args) : entry.hint;
  }

  get code(): string {
    return this.entry.code;
  }

  get blame(): Blame {
    return this.entry.blame;
  }
}
