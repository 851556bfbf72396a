// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Definition } from './tree.ts';
import { Values } from './value.ts';

/** What a call is given. */
export interface Given {
  readonly args: readonly Values[];
  readonly named: Readonly<Record<string, Values>>;
  readonly rest: Values;
}

export const NOTHING: Given = { args: [], named: {}, rest: new Values() };

/** Everything that is given, by whatever way. */
export function allOf({ args, named, rest }: Given): Values {
  return Values.union(...args, ...Object.values(named), rest);
}

/** Gives the parameters of a function what a call is given. */
export function bind(
  { parameters }: Pick<Definition, 'parameters'>,
  { args, named, rest }: Given,
  give: (name: string, values: Values) => void,
): void {
  const places = parameters.filter((parameter) => !parameter.rest);
  const catchers = parameters.filter((parameter) => parameter.rest);
  for (const [at, values] of args.entries()) {
    const place = places[at];
    if (place) give(place.name, values);
    else for (const { name } of catchers.slice(0, 1)) give(name, values);
  }
  for (const [name, values] of Object.entries(named)) {
    const place = places.find((parameter) => parameter.name === name);
    if (place) give(name, values);
    else for (const catcher of catchers.slice(-1)) give(catcher.name, values);
  }
  if (rest.size > 0) for (const { name } of parameters) give(name, rest);
}
