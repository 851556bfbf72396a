// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Facts } from './facts.ts';
import { type Given, NOTHING } from './given.ts';
import type { Language } from './language.ts';
import type { Defined, Scope, Scopes } from './scopes.ts';
import type { Expression } from './tree.ts';
import { type Value, Values } from './value.ts';

const SPECIAL = /^__\w+__$/;

/** How values are followed through an expression and a call. */
export interface Follow {
  readonly eval: (expression: Expression, scope: Scope) => Values;
  readonly apply: (value: Extract<Value, { t: 'function' | 'class' }>, given: Given) => Values;
}

/** What instances have from their classes. */
export class Classes {
  private readonly scopes: Scopes;
  private readonly facts: Facts;
  private readonly language: Language;
  private readonly follow: Follow;

  constructor(scopes: Scopes, facts: Facts, language: Language, follow: Follow) {
    this.scopes = scopes;
    this.facts = facts;
    this.language = language;
    this.follow = follow;
  }

  /** A member by name of a class or the classes it is derived from. */
  memberOf(
    classId: string,
    name: string,
    through: { readonly instance?: string; readonly class?: string },
    seen = new Set<string>(),
  ): Values {
    const found = new Values();
    const own = this.scopes.definitions.get(classId);
    if (own?.definition.kind !== 'class' || seen.has(classId)) return found;
    seen.add(classId);
    for (const value of this.facts.variable(`${classId}.${name}`)) {
      const how = value.t === 'function' ? this.scopes.definitions.get(value.id)?.definition.how : undefined;
      if (value.t !== 'function' || how === undefined || how === 'plain' || how === 'static') found.add(value);
      else if (how === 'property' && through.instance) {
        found.addAll(this.follow.apply({ ...value, self: through.instance }, NOTHING));
      } else found.add({ ...value, self: through.instance ?? through.class ?? classId });
    }
    if (found.size > 0) return found;
    for (const base of own.definition.bases.flatMap((part) => [...this.follow.eval(part, this.scopes.outer(own))])) {
      if (base.t === 'class') found.addAll(this.memberOf(base.id, name, through, seen));
      else if (base.t === 'external')
        found.add({ t: 'external', path: this.language.memberPath(`${base.path}()`, name) });
    }
    return found;
  }

  /** A member by name of the classes that the class around a scope is derived from: what `super` gives. */
  ofBases(name: string, scope: Scope): Values {
    const found = new Values();
    for (let at: Scope = scope; at.definition; at = this.scopes.outer(at)) {
      if (at.definition.kind !== 'class') continue;
      const method = this.scopes.around(scope, ({ how }) => how !== 'plain');
      const self = method?.definition.parameters[0]?.name;
      const instances = method && self ? [...this.facts.variable(`${this.scopes.id(method)}.${self}`)] : [];
      for (const base of at.definition.bases.flatMap((part) => [...this.follow.eval(part, this.scopes.outer(at))])) {
        if (base.t !== 'class') continue;
        for (const value of instances) {
          if (value.t === 'instance') found.addAll(this.memberOf(base.id, name, { instance: value.id }));
        }
      }
      break;
    }
    return found;
  }

  /** An instance of a class exists: a library whose class it extends calls its methods, and Python its special ones. */
  made(classId: string): void {
    const found = this.scopes.definitions.get(classId);
    if (found && this.isForeign(found)) this.reachMethods(classId);
    for (const id of this.scopes.methodsOf(classId)) {
      const definition = this.scopes.definitions.get(id)?.definition;
      if (!definition || !SPECIAL.test(definition.name) || definition.name === '__init__') continue;
      const self = definition.parameters[0]?.name;
      this.facts.reach(id);
      if (self) this.facts.grow(`${id}.${self}`, [{ t: 'instance', id: classId }]);
    }
  }

  /** Takes every method of a class for called. */
  reachMethods(classId: string): void {
    for (const id of this.scopes.methodsOf(classId)) {
      const definition = this.scopes.definitions.get(id)?.definition;
      this.facts.reach(id);
      const self = definition?.parameters[0]?.name;
      if (self && definition.how !== 'static' && definition.how !== 'class') {
        this.facts.grow(`${id}.${self}`, [{ t: 'instance', id: classId }]);
      }
    }
  }

  /** Whether a class extends one that is not in the program. */
  isForeign(found: Defined, seen = new Set<string>()): boolean {
    if (seen.has(found.definition.id)) return false;
    seen.add(found.definition.id);
    return found.definition.bases.some((part) =>
      [...this.follow.eval(part, this.scopes.outer(found))].some((base) => {
        if (base.t === 'external') return !/^(typing|builtins|abc|enum|collections)\b/.test(base.path);
        const own = base.t === 'class' ? this.scopes.definitions.get(base.id) : undefined;
        return own !== undefined && this.isForeign(own, seen);
      }),
    );
  }
}
