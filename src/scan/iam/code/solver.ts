// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Classes } from './classes.ts';
import { GIVES, TAKES } from './containers.ts';
import { Facts } from './facts.ts';
import { type Call, Found, placeKey } from './found.ts';
import { allOf, bind, type Given, NOTHING } from './given.ts';
import type { Arguments, Language, Outcome } from './language.ts';
import { type Defined, type Scope, Scopes } from './scopes.ts';
import type { At, Expression, FileTree, Step } from './tree.ts';
import { type AwsValue, type Value, Values } from './value.ts';

const ROUNDS = 60;
const LONGEST_PATH = 160;
/** Something of a library that has nothing to do with AWS. */
const OTHER: Value = { t: 'external', path: '' };

/** Follows values through a program; `solve` says in which phases. */
export class Solver {
  private readonly files: ReadonlyMap<string, FileTree>;
  private readonly language: Language;
  private readonly scopes: Scopes;
  private readonly facts = new Facts();
  private readonly classes: Classes;
  readonly phases = new Set<'types' | 'names'>();
  /** Present while what is found counts. */
  private found: Found | undefined;
  private isSettled = true;

  constructor(files: ReadonlyMap<string, FileTree>, language: Language) {
    this.files = files;
    this.language = language;
    this.scopes = new Scopes(files);
    this.classes = new Classes(this.scopes, this.facts, language, {
      eval: (expression, scope) => this.eval(expression, scope),
      apply: (value, given) => this.apply(value, given),
    });
  }

  /** Whether everything was followed to its end. */
  get isComplete(): boolean {
    return this.isSettled;
  }

  get filesInOrder(): readonly string[] {
    return [...this.facts.running];
  }

  runFile(file: string): void {
    if (this.files.has(file)) this.facts.run(file);
  }

  settle(): void {
    for (let round = 0; round < ROUNDS; round++) {
      this.facts.changed = false;
      this.pass();
      if (!this.facts.changed) return;
    }
    this.isSettled = false;
  }

  /** Calls a function of a file from outside; false where there is none. What a library made of one counts as called. */
  callMember(file: string, member: string): boolean {
    const values = this.facts.variable(`${file}.${member}`);
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
      if (!this.facts.running.has(file)) continue;
      if (definition.kind === 'function') this.facts.reach(id);
      else this.classes.reachMethods(id);
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
    for (const file of this.facts.running) {
      const tree = this.files.get(file);
      if (tree) this.steps(tree.body, { file });
    }
    for (const id of this.facts.functions) {
      const scope = this.scopes.definitions.get(id);
      if (scope) this.body(id, scope);
    }
  }

  private body(id: string, scope: Defined): void {
    const { definition } = scope;
    for (const parameter of definition.parameters) {
      const variable = `${id}.${parameter.name}`;
      if (parameter.value) this.facts.grow(variable, this.eval(parameter.value, scope));
      const isUnknown = [...this.facts.variable(variable)].every((value) => value === OTHER);
      if (parameter.type && this.phases.has('types') && isUnknown) {
        this.facts.grow(variable, this.ofType(this.eval(parameter.type, scope)));
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
        if (scope.definition) this.facts.grow(`${scope.file}#${scope.definition.id}!return`, values);
      }
    }
  }

  private import(step: Extract<Step, { k: 'import' }>, scope: Scope): void {
    const target = this.language.resolve(scope.file, step.module, step.member, (file) => this.runFile(file));
    const own = (name: string) => `${this.scopes.id(scope)}.${name}`;
    if ('path' in target) {
      if (step.name) this.facts.grow(own(step.name), [{ t: 'external', path: target.path }]);
      return;
    }
    this.runFile(target.file);
    if (!step.name) return;
    if (step.member === '*') {
      for (const name of this.files.get(target.file)?.names ?? []) {
        this.facts.grow(own(name), this.facts.variable(`${target.file}.${name}`));
      }
    } else if (target.member === undefined) this.facts.grow(own(step.name), [{ t: 'module', file: target.file }]);
    else this.facts.grow(own(step.name), this.facts.variable(`${target.file}.${target.member}`));
  }

  private assign(to: Expression, values: Values, scope: Scope): void {
    if (values.size === 0) {
      this.eval(to, scope);
      return;
    }
    if (to.k === 'name') this.facts.grow(this.scopes.variable(to.name, scope) ?? `${scope.file}.${to.name}`, values);
    else if (to.k === 'attr' || to.k === 'item') {
      const names = to.k === 'attr' ? [to.name] : this.eval(to.key, scope).texts;
      let stored = false;
      for (const value of this.eval(to.of, scope)) {
        if (value.t === 'instance') {
          for (const name of names.length > 0 ? names : ['*']) this.facts.setField(value.id, name, values);
          stored = true;
        } else if (value.t === 'class') {
          for (const name of names) this.facts.grow(`${value.id}.${name}`, values);
          stored = true;
        } else if (value.t === 'module') {
          for (const name of names) this.facts.grow(`${value.file}.${name}`, values);
          stored = true;
        }
      }
      if (to.k === 'item' && !stored) this.assign(to.of, values, scope);
    } else if (to.k === 'some' || to.k === 'other') for (const part of to.of) this.assign(part, values, scope);
  }

  // Expressions

  private eval(expression: Expression, scope: Scope): Values {
    switch (expression.k) {
      case 'text':
        return Values.of({ t: 'text', value: expression.value });
      case 'name': {
        const variable = this.scopes.variable(expression.name, scope);
        if (variable) return this.facts.variable(variable);
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
        for (const [name, value] of expression.fields) this.facts.setField(id, name, this.eval(value, scope));
        for (const part of expression.rest) {
          for (const value of this.eval(part, scope)) {
            if (value.t === 'instance') {
              for (const [name, values] of this.facts.fields(value.id)) this.facts.setField(id, name, values);
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
        const fields = this.facts.fields(value.id);
        if (names.length === 0) for (const values of fields.values()) found.addAll(values);
        for (const name of [...names, '*']) found.addAll(fields.get(name) ?? []);
      } else if (value.t === 'client' && names.length > 0) {
        for (const name of names) found.add({ t: 'method', of: value, name });
      } else if (value.t === 'module') {
        for (const name of names) found.addAll(this.facts.variable(`${value.file}.${name}`));
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
    if (expression && scope && isSuper(expression)) return this.classes.ofBases(name, scope);
    for (const value of of) found.addAll(this.attributeOf(value, name));
    if (of.size === 0 && this.phases.has('names')) {
      for (const id of this.scopes.methodsCalled(name)) {
        if (this.facts.running.has(this.scopes.definitions.get(id)?.file ?? '')) this.facts.reach(id);
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
        return this.facts.variable(`${value.file}.${name}`);
      case 'class':
        return this.classes.memberOf(value.id, name, { class: value.id });
      case 'instance':
        return Values.union(
          this.facts.variable(`${value.id}::${name}`),
          this.facts.variable(`${value.id}::*`),
          this.classes.memberOf(value.id, name, { instance: value.id }),
        );
      default:
        return [];
    }
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
      for (const value of this.classes.ofBases('__init__', scope))
        this.applied(value, given, receiver, expression.at, scope);
      return new Values();
    }
    const found = new Values();
    const called = this.eval(of, scope);
    for (const value of called) found.addAll(this.applied(value, given, receiver, expression.at, scope));
    if (called.size === 0 && this.phases.has('types')) {
      const passed = allOf(given);
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
    const passed = allOf(given);
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
        for (const [name, values] of this.facts.fields(value.id)) {
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
          ...[...this.classes.memberOf(value.id, '__call__', { instance: value.id })].map((called) =>
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
    const passed = allOf(given);
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
      this.classes.reachMethods(value.id);
      for (const field of this.facts.fields(value.id).values()) {
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
      this.classes.made(value.id);
      const self: Value = { t: 'instance', id: value.id };
      const makers = [...this.classes.memberOf(value.id, '__init__', { instance: value.id })].filter(
        ({ t }) => t === 'function',
      );
      for (const maker of makers) if (maker.t === 'function') this.apply(maker, given);
      if (makers.length === 0) {
        bind(found.definition, given, (name, values) => this.facts.setField(value.id, name, values));
        for (const parameter of found.definition.parameters) {
          if (parameter.value) this.facts.setField(value.id, parameter.name, this.eval(parameter.value, found));
        }
      }
      return Values.of(self);
    }
    this.facts.reach(value.id);
    const { definition } = found;
    const [first] = definition.parameters;
    const bound = value.self !== undefined && definition.how !== 'plain' && definition.how !== 'static' && first;
    if (bound && first) {
      const t = definition.how === 'class' ? 'class' : 'instance';
      this.facts.grow(`${value.id}.${first.name}`, [{ t, id: value.self ?? '' }]);
    }
    const rest = bound ? { ...definition, parameters: definition.parameters.slice(1) } : definition;
    bind(rest, given, (name, values) => this.facts.grow(`${value.id}.${name}`, values));
    return this.facts.variable(`${value.id}!return`);
  }

  // What is found

  private arguments(given: Given): Arguments {
    return {
      ...given,
      members: (values) => {
        const found = new Map<string, Values>();
        for (const value of values ?? []) {
          if (value.t !== 'instance') continue;
          for (const [name, part] of this.facts.fields(value.id))
            found.set(name, Values.union(found.get(name) ?? [], part));
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
      overrides: holder !== undefined && this.classes.isForeign(holder),
    };
  }
}

/** `super()` of Python, `super` of JavaScript. */
function isSuper(expression: Expression): boolean {
  if (expression.k === 'call') return expression.of.k === 'name' && expression.of.name === 'super';
  return expression.k === 'name' && expression.name === 'super';
}
