// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Line and column, both from 1. */
export type At = readonly [line: number, column: number];

/**
 * What is left of an expression for whoever follows values through a program. A list is the union of its elements;
 * what cannot be followed keeps its parts, since calls may stand in them.
 */
export type Expression =
  | { readonly k: 'name'; readonly name: string }
  | { readonly k: 'attr'; readonly of: Expression; readonly name: string }
  | { readonly k: 'item'; readonly of: Expression; readonly key: Expression; readonly at: At }
  | {
      readonly k: 'call';
      readonly of: Expression;
      readonly args: readonly Expression[];
      readonly named: Readonly<Record<string, Expression>>;
      /** Arguments that are spread: `*args`, `**options`, `...list`. */
      readonly rest: readonly Expression[];
      readonly at: At;
    }
  | { readonly k: 'text'; readonly value: string }
  /** A function or a class that is defined here. */
  | { readonly k: 'def'; readonly id: string }
  | {
      readonly k: 'object';
      /** Distinct in its file. */
      readonly id: string;
      readonly fields: readonly (readonly [name: string, value: Expression])[];
      readonly rest: readonly Expression[];
    }
  /** One of these. */
  | { readonly k: 'some'; readonly of: readonly Expression[] }
  /** A value that is not followed, made of these. */
  | { readonly k: 'other'; readonly of: readonly Expression[] };

/** What a body does; the order of steps and what decides about them is left out. */
export type Step =
  | { readonly k: 'set'; readonly to: Expression; readonly value: Expression }
  | { readonly k: 'do'; readonly value: Expression }
  /** Return, or yield. */
  | { readonly k: 'give'; readonly value: Expression }
  /** `member` of a module, or the whole module where there is none; every member of it for `*`. */
  | {
      readonly k: 'import';
      readonly name: string;
      readonly module: string;
      readonly member?: string;
    };

export interface Parameter {
  readonly name: string;
  readonly value?: Expression;
  /** The annotation. */
  readonly type?: Expression;
  /** Takes all further arguments. */
  readonly rest?: boolean;
}

export interface Definition {
  readonly id: string;
  readonly kind: 'function' | 'class';
  /** As written; empty where it has none. */
  readonly name: string;
  /** The definition around it; absent in the body of the file. */
  readonly within?: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Step[];
  /** Names that belong to this scope. */
  readonly names: readonly string[];
  readonly bases: readonly Expression[];
  readonly decorators: readonly Expression[];
  /** How a function in a class is called. */
  readonly how: 'plain' | 'method' | 'static' | 'class' | 'property';
  readonly returns?: Expression;
  readonly at: At;
}

export interface FileTree {
  /** Path from the root of the project, with slashes. */
  readonly file: string;
  readonly body: readonly Step[];
  readonly names: readonly string[];
  readonly definitions: readonly Definition[];
  readonly unparsed?: { readonly message: string; readonly at: At };
}
