// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Call, Found, placeKey, type Unclear } from './found.ts';
import type { Arguments, Language, Outcome } from './language.ts';
import { type Defined, type Scope, Scopes } from './scopes.ts';
import type { At, Definition, Expression, FileTree, Step } from './tree.ts';
import { type AwsValue, type Value, Values } from './value.ts';

export interface Solution {
  readonly calls: readonly Call[];
  readonly unclear: readonly Unclear[];
  /** The files that run, in the order they were met. */
  readonly files: readonly string[];
}

const START: At = [1, 1];
const ROUNDS = 60;
const LONGEST_PATH = 160;
const TAKES = new Set(['append', 'add', 'extend', 'insert', 'push', 'unshift', 'set', 'setdefault', 'update', 'put']);
const GIVES = new Set([
  'get',
  'pop',
  'values',
  'items',
  'entries',
  'setdefault',
  'copy',
  'find',
  'filter',
  'at',
  'shift',
]);
/** Something of a library that has nothing to do with AWS. */
const OTHER: Value = { t: 'external', path: '' };

/** Methods of lists and tables: an element is taken for its list, so they are no operations of a client. */
export function isOfContainer(method: string): boolean {
  return TAKES.has(method) || GIVES.has(method);
}

const SPECIAL = /^__\w+__$/;

/**
 * Follows values through a program from its handler: which clients of AWS reach which calls. Order and conditions are
 * left out, so what is found may happen; what is lost on the way is told where a call depends on it.
 */
export function solve(
  files: ReadonlyMap<string, FileTree>,
  entry: { readonly file: string; readonly member: string },
  language: Language,
): Solution {
  const solver = new Solver(files, language);
  solver.runFile(entry.file);
  solver.settle();
  const isEntered = solver.callMember(entry.file, entry.member);
  solver.settle();
  for (const phase of ['types', 'names'] as const) {
    solver.phases.add(phase);
    solver.settle();
  }
  const reached = solver.collect();
  // The phase of names would take every call of an unknown object for one of these.
  solver.phases.delete('names');
  solver.callEverything();
  solver.settle();
  const all = solver.collect();
  const isReached = new Set([...reached.calls, ...reached.unclear].map(({ key }) => key));
  return {
    calls: all.calls.map(({ key, ...call }) => ({ ...call, reached: isReached.has(key) })),
    unclear: [
      ...(isEntered ? [] : [{ file: entry.file, at: START, why: `there is no ${entry.member} in it`, reached: true }]),
      ...(solver.isComplete
        ? []
        : [{ file: entry.file, at: START, why: 'it is too entangled to be followed', reached: true }]),
      ...(reached.unclear.length > 0 ? [] : reached.lost),
      ...all.unclear.map(({ key, ...one }) => ({ ...one, reached: isReached.has(key) })),
    ],
    files: solver.filesInOrder,
  };
}

class Solver {
  private readonly files: ReadonlyMap<string, FileTree>;
  private readonly language: Language;
  private readonly scopes: Scopes;
  private readonly variables = new Map<string, Values>();
  private readonly running = new Set<string>();
  private readonly functions = new Set<string>();
  private readonly literals = new Map<string, Set<string>>();
  readonly phases = new Set<'types' | 'names'>();
  private changed = false;
  /** Present while what is found counts. */
  private found: Found | undefined;
  private isSettled = true;

  constructor(files: ReadonlyMap<string, FileTree>, language: Language) {
    this.files = files;
    this.language = language;
    this.scopes = new Scopes(files);
  }

  /** Whether everything was followed to its end. */
  get isComplete(): boolean {
    return this.isSettled;
  }

  get filesInOrder(): readonly string[] {
    return [...this.running];
  }

  runFile(file: string): void {
    if (!this.files.has(file) || this.running.has(file)) return;
    this.running.add(file);
    this.changed = true;
  }

  settle(): void {
    for (let round = 0; round < ROUNDS; round++) {
      this.changed = false;
      this.pass();
      if (!this.changed) return;
    }
    this.isSettled = false;
  }

  /** Calls a function of a file from outside; false where there is none. What a library made of one counts as called. */
  callMember(file: string, member: string): boolean {
    const values = this.variable(`${file}.${member}`);
    for (const value of values) {
      if (value.t === 'function' || value.t === 'class') {
        this.apply(value, { args: [], named: {}, rest: Values.of(OTHER) });
      }
    }
    return values.size > 0;
  }

  /** Takes every function of the files that run for called. */
  callEverything(): void {
    for (const [id, { file, definition }] of this.scopes.definitions) {
      if (!this.running.has(file)) continue;
      if (definition.kind === 'function') this.reach(id);
      else this.reachMethods(id);
    }
    this.phases.add('types');
  }

  collect(): Found {
    const found = new Found();
    this.found = found;
    this.pass();
    this.found = undefined;
    return found;
  }

  private pass(): void {
    for (const file of this.running) {
      const tree = this.files.get(file);
      if (tree) this.steps(tree.body, { file });
    }
    for (const id of this.functions) {
      const scope = this.scopes.definitions.get(id);
      if (scope) this.body(id, scope);
    }
  }

  private body(id: string, scope: Defined): void {
    const { definition } = scope;
    for (const parameter of definition.parameters) {
      const variable = `${id}.${parameter.name}`;
      if (parameter.value) this.grow(variable, this.eval(parameter.value, scope));
      const isUnknown = [...this.variable(variable)].every((value) => value === OTHER);
      if (parameter.type && this.phases.has('types') && isUnknown) {
        this.grow(variable, this.ofType(this.eval(parameter.type, scope)));
      }
    }
    this.steps(definition.body, scope);
  }

  private ofType(types: Values): Values {
    const made = new Values();
    for (const type of types) {
      if (type.t === 'class') made.add({ t: 'instance', id: type.id });
      else if (type.t === 'external') {
        const value = this.language.typed(type.path);
        if (value) made.add(value);
      }
    }
    return made;
  }

  // Steps

  private steps(steps: readonly Step[], scope: Scope): void {
    for (const step of steps) {
      if (step.k === 'do') this.eval(step.value, scope);
      else if (step.k === 'set') this.assign(step.to, this.eval(step.value, scope), scope);
      else if (step.k === 'import') this.import(step, scope);
      else {
        const values = this.eval(step.value, scope);
        if (scope.definition) this.grow(`${scope.file}#${scope.definition.id}!return`, values);
      }
    }
  }

  private import(step: Extract<Step, { k: 'import' }>, scope: Scope): void {
    const target = this.language.resolve(scope.file, step.module, step.member, (file) => this.runFile(file));
    const own = (name: string) => `${this.scopes.id(scope)}.${name}`;
    if ('path' in target) {
      if (step.name) this.grow(own(step.name), [{ t: 'external', path: target.path }]);
      return;
    }
    this.runFile(target.file);
    if (!step.name) return;
    if (step.member === '*') {
      for (const name of this.files.get(target.file)?.names ?? []) {
        this.grow(own(name), this.variable(`${target.file}.${name}`));
      }
    } else if (target.member === undefined) this.grow(own(step.name), [{ t: 'module', file: target.file }]);
    else this.grow(own(step.name), this.variable(`${target.file}.${target.member}`));
  }

  private assign(to: Expression, values: Values, scope: Scope): void {
    if (values.size === 0) {
      this.eval(to, scope);
      return;
    }
    if (to.k === 'name') this.grow(this.scopes.variable(to.name, scope) ?? `${scope.file}.${to.name}`, values);
    else if (to.k === 'attr' || to.k === 'item') {
      const names = to.k === 'attr' ? [to.name] : this.eval(to.key, scope).texts;
      let stored = false;
      for (const value of this.eval(to.of, scope)) {
        if (value.t === 'instance') {
          for (const name of names.length > 0 ? names : ['*']) this.setField(value.id, name, values);
          stored = true;
        } else if (value.t === 'class') {
          for (const name of names) this.grow(`${value.id}.${name}`, values);
          stored = true;
        } else if (value.t === 'module') {
          for (const name of names) this.grow(`${value.file}.${name}`, values);
          stored = true;
        }
      }
      if (to.k === 'item' && !stored) this.assign(to.of, values, scope);
    } else if (to.k === 'some' || to.k === 'other') for (const part of to.of) this.assign(part, values, scope);
  }

  // Variables

  private variable(name: string): Values {
    const known = this.variables.get(name) ?? new Values();
    this.variables.set(name, known);
    return known;
  }

  private grow(name: string, values: Iterable<Value>): void {
    if (this.variable(name).addAll([...values])) this.changed = true;
  }

  private setField(instance: string, name: string, values: Iterable<Value>): void {
    const names = this.literals.get(instance) ?? new Set();
    this.literals.set(instance, names);
    names.add(name);
    this.grow(`${instance}::${name}`, values);
  }

  private fields(instance: string): ReadonlyMap<string, Values> {
    return new Map(
      [...(this.literals.get(instance) ?? [])].map((name) => [name, this.variable(`${instance}::${name}`)]),
    );
  }

  // Expressions

  private eval(expression: Expression, scope: Scope): Values {
    switch (expression.k) {
      case 'text':
        return Values.of({ t: 'text', value: expression.value });
      case 'name': {
        const variable = this.scopes.variable(expression.name, scope);
        if (variable) return this.variable(variable);
        return Values.of({ t: 'external', path: this.language.global(expression.name) });
      }
      case 'def':
        return Values.of(this.defined(`${scope.file}#${expression.id}`));
      case 'some':
        return Values.union(...expression.of.map((part) => this.eval(part, scope)));
      case 'other':
        for (const part of expression.of) this.eval(part, scope);
        return new Values();
      case 'object': {
        const id = `${scope.file}#${expression.id}`;
        for (const [name, value] of expression.fields) this.setField(id, name, this.eval(value, scope));
        for (const part of expression.rest) {
          for (const value of this.eval(part, scope)) {
            if (value.t === 'instance') {
              for (const [name, values] of this.fields(value.id)) this.setField(id, name, values);
            }
          }
        }
        return Values.of({ t: 'instance', id });
      }
      case 'attr':
        return this.attribute(this.eval(expression.of, scope), expression.name, expression.of, scope);
      case 'item':
        return this.item(expression, scope);
      case 'call':
        return this.call(expression, scope);
    }
  }

  private defined(id: string): Value {
    const found = this.scopes.definitions.get(id);
    if (found?.definition.kind === 'class') {
      // What stands in the body of a class runs with what is around it.
      this.steps(found.definition.body, found);
      for (const part of [...found.definition.bases, ...found.definition.decorators])
        this.eval(part, this.scopes.outer(found));
      return { t: 'class', id };
    }
    if (found) for (const part of found.definition.decorators) this.decorate(part, id, this.scopes.outer(found));
    return { t: 'function', id };
  }

  /** A decorator of a library is taken for one that calls the function; the name stays that of the function. */
  private decorate(decorator: Expression, id: string, scope: Scope): void {
    for (const value of this.eval(decorator, scope)) {
      if (value.t !== 'function') continue;
      this.apply(value, { args: [Values.of({ t: 'function', id })], named: {}, rest: new Values() });
    }
  }

  private item({ of, key, at }: Extract<Expression, { k: 'item' }>, scope: Scope): Values {
    const names = this.eval(key, scope).texts;
    const found = new Values();
    for (const value of this.eval(of, scope)) {
      if (value.t === 'instance') {
        const fields = this.fields(value.id);
        if (names.length === 0) for (const values of fields.values()) found.addAll(values);
        for (const name of [...names, '*']) found.addAll(fields.get(name) ?? []);
      } else if (value.t === 'client' && names.length > 0) {
        for (const name of names) found.add({ t: 'method', of: value, name });
      } else if (value.t === 'module') {
        for (const name of names) found.addAll(this.variable(`${value.file}.${name}`));
      } else {
        found.add(value);
        // A list of clients gives a client; only one that is called then is unclear.
        if (value.t === 'client') this.computed.add(placeKey({ file: scope.file, at }));
      }
    }
    return found;
  }

  private readonly computed = new Set<string>();

  private attribute(of: Values, name: string, expression?: Expression, scope?: Scope): Values {
    const found = new Values();
    if (expression && scope && isSuper(expression)) return this.ofBases(name, scope);
    for (const value of of) found.addAll(this.attributeOf(value, name));
    if (of.size === 0 && this.phases.has('names')) {
      for (const id of this.scopes.methodsCalled(name)) {
        if (this.running.has(this.scopes.definitions.get(id)?.file ?? '')) this.reach(id);
      }
    }
    return found;
  }

  private attributeOf(value: Value, name: string): Iterable<Value> {
    switch (value.t) {
      case 'client':
      case 'resource':
        return [this.language.attribute(value, name) ?? { t: 'method', of: value, name }];
      case 'external': {
        if (value === OTHER) return [OTHER];
        const path = this.language.memberPath(value.path, name);
        return [path.length < LONGEST_PATH ? { t: 'external', path } : OTHER];
      }
      case 'module':
        return this.variable(`${value.file}.${name}`);
      case 'class':
        return this.memberOf(value.id, name, { class: value.id });
      case 'instance':
        return Values.union(
          this.variable(`${value.id}::${name}`),
          this.variable(`${value.id}::*`),
          this.memberOf(value.id, name, { instance: value.id }),
        );
      default:
        return [];
    }
  }

  /** A member by name of a class or the classes it is derived from. */
  private memberOf(
    classId: string,
    name: string,
    through: { readonly instance?: string; readonly class?: string },
    seen = new Set<string>(),
  ): Values {
    const found = new Values();
    const own = this.scopes.definitions.get(classId);
    if (own?.definition.kind !== 'class' || seen.has(classId)) return found;
    seen.add(classId);
    for (const value of this.variable(`${classId}.${name}`)) {
      const how = value.t === 'function' ? this.scopes.definitions.get(value.id)?.definition.how : undefined;
      if (value.t !== 'function' || how === undefined || how === 'plain' || how === 'static') found.add(value);
      else if (how === 'property' && through.instance) {
        found.addAll(this.apply({ ...value, self: through.instance }, NOTHING));
      } else found.add({ ...value, self: through.instance ?? through.class ?? classId });
    }
    if (found.size > 0) return found;
    for (const base of own.definition.bases.flatMap((part) => [...this.eval(part, this.scopes.outer(own))])) {
      if (base.t === 'class') found.addAll(this.memberOf(base.id, name, through, seen));
      else if (base.t === 'external')
        found.add({ t: 'external', path: this.language.memberPath(`${base.path}()`, name) });
    }
    return found;
  }

  private ofBases(name: string, scope: Scope): Values {
    const found = new Values();
    for (let at: Scope = scope; at.definition; at = this.scopes.outer(at)) {
      if (at.definition.kind !== 'class') continue;
      const method = this.scopes.around(scope, ({ how }) => how !== 'plain');
      const self = method?.definition.parameters[0]?.name;
      const instances = method && self ? [...this.variable(`${this.scopes.id(method)}.${self}`)] : [];
      for (const base of at.definition.bases.flatMap((part) => [...this.eval(part, this.scopes.outer(at))])) {
        if (base.t !== 'class') continue;
        for (const value of instances) {
          if (value.t === 'instance') found.addAll(this.memberOf(base.id, name, { instance: value.id }));
        }
      }
      break;
    }
    return found;
  }

  // Calls

  private call(expression: Extract<Expression, { k: 'call' }>, scope: Scope): Values {
    const given = {
      args: expression.args.map((part) => this.eval(part, scope)),
      named: Object.fromEntries(Object.entries(expression.named).map(([name, part]) => [name, this.eval(part, scope)])),
      rest: Values.union(...expression.rest.map((part) => this.eval(part, scope))),
    };
    const { of } = expression;
    const receiver = of.k === 'attr' && !isSuper(of.of) ? this.eval(of.of, scope) : new Values();
    if (of.k === 'name' && of.name === 'super' && scope.definition) {
      for (const value of this.ofBases('__init__', scope)) this.applied(value, given, receiver, expression.at, scope);
      return new Values();
    }
    const found = new Values();
    const called = this.eval(of, scope);
    for (const value of called) found.addAll(this.applied(value, given, receiver, expression.at, scope));
    if (called.size === 0 && this.phases.has('types')) {
      const passed = Values.union(...given.args, ...Object.values(given.named), given.rest);
      for (const value of passed) found.addAll(this.escapes(value, passed, expression.at, scope));
    }
    if (of.k === 'attr') this.containers(of, receiver, given, scope, found);
    if (of.k === 'item' && this.computed.has(placeKey({ file: scope.file, at: of.at }))) {
      for (const value of this.eval(of.of, scope)) {
        if (value.t === 'client') {
          this.found?.tell(`the name of the operation of ${value.service} is computed`, {
            file: scope.file,
            at: expression.at,
          });
        }
      }
    }
    return found;
  }

  /** What a list or a table takes and gives; the receiver stands for its elements. */
  private containers(
    of: Extract<Expression, { k: 'attr' }>,
    receiver: Values,
    given: Given,
    scope: Scope,
    found: Values,
  ): void {
    const passed = Values.union(...given.args, ...Object.values(given.named), given.rest);
    const holds = [...receiver].every((value) => value.t !== 'class' && value.t !== 'module');
    const own = [...receiver].some((value) => value.t === 'instance' && this.scopes.definitions.has(value.id));
    if (TAKES.has(of.name) && holds && !own && of.of.k !== 'call') {
      const kept = [...passed].filter(
        ({ t }) => t === 'client' || t === 'resource' || t === 'instance' || t === 'function',
      );
      if (kept.length > 0) this.assign(of.of, Values.of(...kept), scope);
    }
    if (!GIVES.has(of.name)) return;
    for (const value of receiver) {
      if (value.t === 'client' || value.t === 'function' || value.t === 'class') found.add(value);
      else if (value.t === 'instance' && !own) {
        const names = given.args[0]?.texts ?? [];
        for (const [name, values] of this.fields(value.id)) {
          if (names.length === 0 || names.includes(name) || name === '*') found.addAll(values);
        }
        found.add(value);
      }
    }
  }

  private applied(value: Value, given: Given, receiver: Values, at: At, scope: Scope): Values {
    switch (value.t) {
      case 'function':
      case 'class':
        return this.apply(value, given);
      case 'instance':
        return Values.union(
          ...[...this.memberOf(value.id, '__call__', { instance: value.id })].map((called) =>
            this.applied(called, given, receiver, at, scope),
          ),
        );
      case 'method': {
        const id = placeKey({ file: scope.file, at });
        this.sent(value, given);
        return this.outcome(this.language.method(value.of, value.name, this.arguments(given), id), at, scope);
      }
      case 'resource':
        return Values.of(value);
      case 'external':
        return this.external(value.path, given, receiver, at, scope);
      default:
        return new Values();
    }
  }

  private external(path: string, given: Given, receiver: Values, at: At, scope: Scope): Values {
    const passed = Values.union(...given.args, ...Object.values(given.named), given.rest);
    if (path === this.language.global('getattr')) return this.getattr(given, at, scope);
    const known = this.language.call(path, this.arguments(given), placeKey({ file: scope.file, at }));
    const found = known
      ? this.outcome(known, at, scope)
      : Values.of(
          this.language.follows(path) && path.length < LONGEST_PATH ? { t: 'external', path: `${path}()` } : OTHER,
        );
    const flows = Values.union(receiver, passed);
    for (const value of passed) found.addAll(this.escapes(value, flows, at, scope));
    return found;
  }

  /** A library has it: functions are called with whatever went along, methods of objects may be called. */
  private escapes(value: Value, flows: Values, at: At, scope: Scope): Iterable<Value> {
    if (value.t === 'function') {
      const along = Values.of(...[...flows].filter((one) => one !== value));
      return this.apply(value, { args: [], named: {}, rest: along });
    }
    if (value.t === 'method') return this.applied(value, NOTHING, new Values(), at, scope);
    if (value.t === 'instance') {
      this.reachMethods(value.id);
      for (const field of this.fields(value.id).values()) {
        for (const part of field) if (part.t === 'function') this.apply(part, NOTHING);
      }
    }
    return [];
  }

  private getattr({ args }: Given, at: At, scope: Scope): Values {
    const [of = new Values(), name = new Values()] = args;
    if (name.texts.length > 0) return Values.union(...name.texts.map((text) => this.attribute(of, text)));
    const names = [
      ...new Set([...of].flatMap((value) => (value.t === 'client' || value.t === 'resource' ? [value.service] : []))),
    ];
    if (names.length > 0)
      this.found?.tell(`the name of the operation of ${names.join(', ')} is computed`, { file: scope.file, at: at });
    return args[2] ?? new Values();
  }

  /** Calls a function or a class of the program. */
  private apply(value: Extract<Value, { t: 'function' | 'class' }>, given: Given): Values {
    const found = this.scopes.definitions.get(value.id);
    if (!found) return new Values();
    if (value.t === 'class') {
      this.instance(value.id);
      const self: Value = { t: 'instance', id: value.id };
      const makers = [...this.memberOf(value.id, '__init__', { instance: value.id })].filter(
        ({ t }) => t === 'function',
      );
      for (const maker of makers) if (maker.t === 'function') this.apply(maker, given);
      if (makers.length === 0) {
        this.bind(found.definition, given, (name, values) => this.setField(value.id, name, values));
        for (const parameter of found.definition.parameters) {
          if (parameter.value) this.setField(value.id, parameter.name, this.eval(parameter.value, found));
        }
      }
      return Values.of(self);
    }
    this.reach(value.id);
    const { definition } = found;
    const [first] = definition.parameters;
    const bound = value.self !== undefined && definition.how !== 'plain' && definition.how !== 'static' && first;
    if (bound && first) {
      const t = definition.how === 'class' ? 'class' : 'instance';
      this.grow(`${value.id}.${first.name}`, [{ t, id: value.self ?? '' }]);
    }
    const rest = bound ? { ...definition, parameters: definition.parameters.slice(1) } : definition;
    this.bind(rest, given, (name, values) => this.grow(`${value.id}.${name}`, values));
    return this.variable(`${value.id}!return`);
  }

  private bind(
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

  private reach(id: string): void {
    if (this.functions.has(id)) return;
    this.functions.add(id);
    this.changed = true;
  }

  /** An instance of a class exists: a library whose class it extends calls its methods, and Python its special ones. */
  private instance(classId: string): void {
    const found = this.scopes.definitions.get(classId);
    if (found && this.isForeign(found)) this.reachMethods(classId);
    for (const id of this.scopes.methodsOf(classId)) {
      const definition = this.scopes.definitions.get(id)?.definition;
      if (!definition || !SPECIAL.test(definition.name) || definition.name === '__init__') continue;
      const self = definition.parameters[0]?.name;
      this.reach(id);
      if (self) this.grow(`${id}.${self}`, [{ t: 'instance', id: classId }]);
    }
  }

  private reachMethods(classId: string): void {
    for (const id of this.scopes.methodsOf(classId)) {
      const definition = this.scopes.definitions.get(id)?.definition;
      this.reach(id);
      const self = definition?.parameters[0]?.name;
      if (self && definition.how !== 'static' && definition.how !== 'class') {
        this.grow(`${id}.${self}`, [{ t: 'instance', id: classId }]);
      }
    }
  }

  /** Whether a class extends one that is not in the program. */
  private isForeign(found: Defined, seen = new Set<string>()): boolean {
    if (seen.has(found.definition.id)) return false;
    seen.add(found.definition.id);
    return found.definition.bases.some((part) =>
      [...this.eval(part, this.scopes.outer(found))].some((base) => {
        if (base.t === 'external') return !/^(typing|builtins|abc|enum|collections)\b/.test(base.path);
        const own = base.t === 'class' ? this.scopes.definitions.get(base.id) : undefined;
        return own !== undefined && this.isForeign(own, seen);
      }),
    );
  }

  // What is found

  private arguments(given: Given): Arguments {
    return {
      ...given,
      members: (values) => {
        const found = new Map<string, Values>();
        for (const value of values ?? []) {
          if (value.t !== 'instance') continue;
          for (const [name, part] of this.fields(value.id)) found.set(name, Values.union(found.get(name) ?? [], part));
        }
        return found;
      },
    };
  }

  private sent(method: { readonly of: AwsValue; readonly name: string }, given: Given): void {
    if (method.of.t !== 'client') return;
    for (const value of Values.union(...given.args)) {
      if (value.t === 'command') this.found?.sent(value, method.of.foreign);
    }
  }

  private outcome({ values = [], uses = [], unclear }: Outcome, at: At, scope: Scope): Values {
    const place = { file: scope.file, at };
    if (unclear !== undefined) this.found?.tell(unclear, place);
    if (uses.length === 0) for (const value of values) this.found?.made(value, place);
    for (const use of uses) this.found?.call(use, place, this.around(scope));
    return Values.union(values);
  }

  private around(scope: Scope): Pick<Call, 'within' | 'overrides'> {
    const named = this.scopes.around(scope, ({ kind, name }) => kind === 'function' && name !== '');
    const holder = this.scopes.around(scope, ({ kind }) => kind === 'class');
    return {
      ...(named ? { within: named.definition.name } : {}),
      overrides: holder !== undefined && this.isForeign(holder),
    };
  }
}

interface Given {
  readonly args: readonly Values[];
  readonly named: Readonly<Record<string, Values>>;
  readonly rest: Values;
}

const NOTHING: Given = { args: [], named: {}, rest: new Values() };

/** `super()` of Python, `super` of JavaScript. */
function isSuper(expression: Expression): boolean {
  if (expression.k === 'call') return expression.of.k === 'name' && expression.of.name === 'super';
  return expression.k === 'name' && expression.name === 'super';
}
