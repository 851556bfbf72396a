// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Mapping, versionsOf } from '../../contract/index.ts';
import type { OcsfVersion } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import type { Attribute, ClassTable, ObjectTable, OcsfSchema } from '../../ocsf/tables.ts';
import { fittingValue, idsLacking, lacksProfile, literalFor, nodeOf, wholeEvent } from './version-literal.ts';

/** Something of a mapping that an OCSF version would refuse in every event, or in every event of a kind. */
export interface ClaimProblem {
  /** OCSF path, `vulnerabilities[].cwe`; `class`, `profiles` or `adjust` where the mapping itself is meant. */
  readonly path: string;
  readonly why: string;
}

/** A problem with the version it is one in. */
export interface VersionProblem extends ClaimProblem {
  readonly version: OcsfVersion;
}

/** The problems of a mapping in every version that it claims. */
export function problemsOfClaims(mapping: Mapping): VersionProblem[] {
  return versionsOf(mapping).flatMap((version) =>
    problemsIn(ocsfSchema(version), mapping).map((problem) => ({ version, ...problem })),
  );
}

/**
 * What an OCSF version refuses of a mapping, as far as the literal tells: a class or profile that is not there, enum ids
 * that it does not define and cannot have as 99, attributes it demands, constraints that nothing can meet. What an
 * expression computes, and whether a raw event gives what is demanded, is known only of an event: the samples are the
 * check of that.
 */
export function problemsIn(schema: OcsfSchema, mapping: Mapping): ClaimProblem[] {
  const table = Object.hasOwn(schema.classes, mapping.class) ? schema.classes[mapping.class] : undefined;
  if (!table) return [{ path: 'class', why: `there is no class ${mapping.class}` }];
  const check = new ClaimCheck(schema, mapping, table);
  return check.problems();
}

class ClaimCheck {
  readonly #schema: OcsfSchema;
  readonly #mapping: Mapping;
  readonly #class: ClassTable;
  readonly #problems = new Map<string, ClaimProblem>();
  readonly #adjusted = new Set<string>();

  constructor(schema: OcsfSchema, mapping: Mapping, table: ClassTable) {
    this.#schema = schema;
    this.#mapping = mapping;
    this.#class = table;
  }

  problems(): ClaimProblem[] {
    for (const profile of this.#mapping.profiles ?? []) {
      if (!this.#class.profiles.includes(profile))
        this.#add('profiles', `${this.#class.name} has no profile ${profile}`);
    }
    const event = wholeEvent(this.#schema.version, this.#mapping, this.#class);
    this.#object(event, this.#class, '', ['type_uid']);
    for (const path of Object.keys(this.#mapping.adjust?.[this.#schema.version as OcsfVersion] ?? {})) {
      if (!this.#adjusted.has(path)) this.#add('adjust', `the literal has nothing at ${path}`);
    }
    return [...this.#problems.values()];
  }

  #add(path: string, why: string): void {
    this.#problems.set(`${path} ${why}`, { path, why });
  }

  #object(
    written: Readonly<Record<string, unknown>>,
    table: Pick<ObjectTable, 'attributes' | 'constraints'>,
    path: string,
    derived: readonly string[] = [],
  ): boolean {
    const { version } = this.#schema;
    const { attributes, constraints } = table;
    const { literal, adjusted } = literalFor(this.#mapping, written, { version, path, attributes });
    const below = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const own of adjusted) this.#adjusted.add(own);
    this.#renames(written, attributes, path);
    const given = new Set<string>(derived);
    for (const [name, value] of Object.entries(literal)) {
      const attribute = attributes[name];
      if (value === undefined || !attribute || !this.#value(value, attribute, below(name))) continue;
      given.add(name);
      if (attribute.enum && attribute.sibling) given.add(attribute.sibling);
      if (lacksProfile(attribute, this.#mapping)) {
        this.#add(below(name), `is there only with the profile ${attribute.profiles?.join(' or ')}`);
      }
    }
    // An object of which nothing is left is itself left out.
    if (given.size === 0) return false;
    for (const [name, attribute] of Object.entries(attributes)) {
      if (attribute.requirement !== 'required' || given.has(name) || lacksProfile(attribute, this.#mapping)) continue;
      this.#add(below(name), 'is required, and the literal does not give it');
    }
    for (const names of [constraints.at_least_one, constraints.just_one]) {
      if (!names || names.some((name) => given.has(name.split('.')[0] as string))) continue;
      this.#add(path === '' ? 'event' : path, `needs one of ${names.join(', ')}, and the literal gives none`);
    }
    return true;
  }

  /** A new name must be one of the version that takes the value, and not one that the literal gives already. */
  #renames(
    written: Readonly<Record<string, unknown>>,
    attributes: Readonly<Record<string, Attribute>>,
    path: string,
  ): void {
    const adjust = this.#mapping.adjust?.[this.#schema.version as OcsfVersion] ?? {};
    for (const [key, value] of Object.entries(written)) {
      const own = path === '' ? key : `${path}.${key}`;
      const name = Object.hasOwn(adjust, own) ? adjust[own] : null;
      if (typeof name !== 'string') continue;
      const refuse = (why: string) => this.#add('adjust', `${own} cannot be ${name}: ${why}`);
      const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (!attribute) refuse('there is no such attribute');
      else if (written[name] !== undefined) refuse('the literal gives it too');
      else if (fittingValue(attribute, value) === undefined) refuse('it has another shape');
    }
  }

  /** Whether the version takes anything of the value. */
  #value(literal: unknown, attribute: Attribute, path: string): boolean {
    const node = nodeOf(literal);
    switch (node?.kind) {
      case 'from':
      case 'compute':
        return true;
      case 'lookup':
        for (const value of [...Object.values(node.table), node.otherwise]) this.#scalar(value, attribute, path);
        return true;
      case 'each':
        return this.#value(node.item, attribute, `${path}[]`);
      case 'choose': {
        const branches = [node.then, ...(node.otherwise === undefined ? [] : [node.otherwise])];
        return branches.map((branch) => this.#value(branch, attribute, path)).some(Boolean);
      }
    }
    if (Array.isArray(literal)) {
      return literal
        .map((item) => this.#value(item, attribute, nodeOf(item)?.kind === 'each' ? path : `${path}[]`))
        .some(Boolean);
    }
    if (typeof literal === 'object' && literal !== null) {
      const table = this.#schema.objects[attribute.object ?? ''];
      return table !== undefined && this.#object(literal as Readonly<Record<string, unknown>>, table, path);
    }
    this.#scalar(literal, attribute, path);
    return true;
  }

  #scalar(value: unknown, attribute: Attribute, path: string): void {
    const id = String(value);
    if (!attribute.enum || Object.hasOwn(attribute.enum, id)) return;
    if (Object.hasOwn(idsLacking(this.#schema, this.#class.name, path, attribute), id)) return;
    this.#add(path, `has no value ${id}`);
  }
}
