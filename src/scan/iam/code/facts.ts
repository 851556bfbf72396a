// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Value, Values } from './value.ts';

/** What is known of a program so far; it only grows. */
export class Facts {
  /** Whether anything has become known since this was set to false. */
  changed = false;
  /** Files that run, in the order they were met. */
  readonly running = new Set<string>();
  /** Functions that are called. */
  readonly functions = new Set<string>();
  private readonly variables = new Map<string, Values>();
  private readonly names = new Map<string, Set<string>>();

  run(file: string): void {
    if (this.running.has(file)) return;
    this.running.add(file);
    this.changed = true;
  }

  reach(id: string): void {
    if (this.functions.has(id)) return;
    this.functions.add(id);
    this.changed = true;
  }

  variable(name: string): Values {
    const known = this.variables.get(name) ?? new Values();
    this.variables.set(name, known);
    return known;
  }

  grow(name: string, values: Iterable<Value>): void {
    if (this.variable(name).addAll([...values])) this.changed = true;
  }

  /** Fields of an object are told by its id; `*` is one whose name is not known. */
  setField(instance: string, name: string, values: Iterable<Value>): void {
    const names = this.names.get(instance) ?? new Set();
    this.names.set(instance, names);
    names.add(name);
    this.grow(`${instance}::${name}`, values);
  }

  fields(instance: string): ReadonlyMap<string, Values> {
    return new Map([...(this.names.get(instance) ?? [])].map((name) => [name, this.variable(`${instance}::${name}`)]));
  }
}
