// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { AwsValue, Value, Values } from './value.ts';

/** The arguments of a call. */
export interface Arguments {
  readonly args: readonly Values[];
  readonly named: Readonly<Record<string, Values>>;
  readonly rest: Values;
  /** Names of the members an argument has as an object literal; empty where it is none. */
  readonly members: (values: Values | undefined) => ReadonlyMap<string, Values>;
}

/** An operation of AWS that a call leads to, and the credentials with which. */
export interface Use {
  readonly service: string;
  /** As the SDK writes it; case and underscores do not count. */
  readonly operation: string;
  readonly foreign: boolean;
}

/** What a call of a library leads to. */
export interface Outcome {
  readonly values?: Iterable<Value>;
  readonly uses?: readonly Use[];
  /** Why it cannot be said what the call does in AWS. */
  readonly unclear?: string;
}

/** Where an import leads: to a file of the program, or out of it. */
export type Target = { readonly file: string; readonly member?: string } | { readonly path: string };

/** What the AWS libraries of a language mean. */
export interface Language {
  /** Resolves an import; `member` is absent for a whole module. Files that run on the way are told to `runs`. */
  readonly resolve: (from: string, module: string, member: string | undefined, runs: (file: string) => void) => Target;
  /** Path of a member of something external. */
  readonly memberPath: (path: string, name: string) => string;
  /** A call, or construction, of something external; undefined where the language knows nothing about it. */
  readonly call: (path: string, given: Arguments, id: string) => Outcome | undefined;
  /** A call of a method of a client or a resource. */
  readonly method: (of: AwsValue, name: string, given: Arguments, id: string) => Outcome;
  /** The value of an attribute of a client or a resource that is read without a call; undefined for a method. */
  readonly attribute: (of: AwsValue, name: string) => Value | undefined;
  /** The values of a parameter of an external type. */
  readonly typed: (path: string) => Value | undefined;
  /** Whether the result of a call that `call` knows nothing about may lead to AWS. */
  readonly follows: (path: string) => boolean;
  /** Path of a name that nothing defines. */
  readonly global: (name: string) => string;
}
