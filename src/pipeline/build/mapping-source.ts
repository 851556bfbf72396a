// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  type Condition,
  ENVELOPE_TIME,
  MAX_TEXT,
  type Mapping,
  type Node,
  type Path,
  parsePath,
} from '../../contract/index.ts';
import { Failure } from '../../errors/failure.ts';
import { unusableLiteral } from '../../errors/pipeline.ts';
import type { Attribute, ClassTable, ObjectTable, OcsfSchema } from '../../ocsf/schema.ts';
import { ReadTree } from './read-tree.ts';
import { idsLacking, literalFor, nodeOf, OTHER_ID, wholeEvent } from './version-literal.ts';

/** A mapping as it stands in a module: the file and export it comes from. */
export interface MappingUnit {
  /** `<file>#<export>` relative to the module. */
  readonly name: string;
  readonly mapping: Mapping;
}

/** What the compiler makes of one mapping. */
export interface MappingSource {
  /** Statements and functions of an ES module; `m<index>` is the mapping value, `rt` the runtime. */
  readonly code: string;
  /** Name of the object of type CompiledMapping that the code declares. */
  readonly variable: string;
  /** OCSF attribute paths the mapping can produce (`resources[].uid`). */
  readonly produces: ReadonlySet<string>;
  /** Raw paths the mapping reads. */
  readonly reads: readonly string[];
  /** OCSF paths of its literal that this version does not have. */
  readonly leftOut: readonly string[];
}

/** Set instead of a flag by what is no part of the raw event. */
const NO_FLAG = 'ignored';
/** What every function of a mapping is given, before its scopes. */
const PARAMETERS = ['input', 'unmapped', 'observables'];
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** A variable that holds an emitted value, and the code that tells whether the raw event really gave one. */
interface Emitted {
  readonly variable: string;
  /** `false`: a constant, known at build time; otherwise code of a boolean. */
  readonly given: string | false;
  readonly constant?: unknown;
}

/** Where paths start: the event, or the item of an `each`. In the generated code it is an object of its own. */
interface Scope {
  readonly parent?: Scope;
  /** Variable of the object; it has the members `value`, `at` where it is an item, the flags and the positions. */
  readonly name: string;
  /** Code of the value that relative paths start at. */
  readonly start: string;
  /** Code of the raw path of `start`, for messages and `unmapped`. */
  readonly where: string;
  /** Raw path of `start` with `[]` for items. */
  readonly read: readonly string[];
  /** By raw path: what an attribute may take over from the raw event; what none takes goes to `unmapped`. */
  readonly taken: Map<string, Taken>;
  /** By raw path: the arrays whose items an `each` may skip. */
  readonly skipped: Map<string, Skipped>;
  /** The scope is a row: an event of its own. */
  readonly isRow: boolean;
}

/** A raw value, by its path from a scope. */
interface Raw {
  readonly path: Path;
  readonly scope: Scope;
}

interface Taken extends Raw {
  /** Member of the scope that is true once an attribute took the value. */
  readonly flag: string;
}

interface Skipped extends Raw {
  /** Member of the scope that is true at each position that some `each` took. */
  readonly positions: string;
}

/** A raw value that an object takes something of: known by its flag, or an array whose items `each` takes. */
type Source = { readonly flag: string } | Raw;

/** What is known at one place of the generated code. */
interface Frame {
  /** By raw path and where it starts: the variable that holds the value. */
  readonly known: Map<string, string>;
  /** Statements that read what is needed, before anything else. */
  readonly head: string[];
}

/** What an emitted value is for: its OCSF attributes. */
interface Place {
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** OCSF path of the object, `''` for the event. */
  readonly path: string;
}

/** Compiles one mapping to straight-line code: no look-up of paths, tables of captions resolved, siblings derived. */
export function mappingSource(schema: OcsfSchema, unit: MappingUnit, index: number): MappingSource {
  return new Compiler(schema, unit, index).compile();
}

class Compiler {
  readonly #schema: OcsfSchema;
  readonly #unit: MappingUnit;
  readonly #mapping: Mapping;
  readonly #class: ClassTable;
  readonly #index: number;
  readonly #produces = new Set<string>();
  readonly #leftOut = new Set<string>();
  readonly #reads = new ReadTree();
  readonly #constants: string[] = [];
  readonly #functions: string[] = [];
  #next = 0;
  #frame: Frame = newFrame();
  #body: string[] = [];
  /** Raw values that the object being emitted is made of. */
  #sources: Source[] = [];

  constructor(schema: OcsfSchema, unit: MappingUnit, index: number) {
    this.#schema = schema;
    this.#unit = unit;
    this.#mapping = unit.mapping;
    this.#index = index;
    const found = schema.classes[unit.mapping.class];
    if (!found) this.#refuse('class', `OCSF ${schema.version} has no class "${unit.mapping.class}"`);
    this.#class = found as ClassTable;
  }

  compile(): MappingSource {
    const matcher = this.#matcher();
    const mapper = this.#mapper();
    const variable = `mapping${this.#index}`;
    const code = [
      `// ${this.#unit.name}`,
      ...this.#constants,
      ...this.#readTables(),
      matcher,
      ...this.#functions,
      mapper,
      `const ${variable} = { name: ${text(this.#unit.name)}, stream: ${text(this.#mapping.stream)}, class: ${text(this.#class.name)}, version: ${text(this.#schema.version)}, priority: ${this.#mapping.priority ?? 0}, matches: matches${this.#index}, map: map${this.#index} };`,
    ].join('\n');
    return { code, variable, produces: this.#produces, reads: this.#reads.paths(), leftOut: [...this.#leftOut] };
  }

  #refuse(where: string, why: string): never {
    throw new Failure(unusableLiteral, { mapping: this.#unit.name, where, why });
  }

  #name(prefix: string): string {
    this.#next += 1;
    return `${prefix}${this.#next}`;
  }

  #constant(value: string): string {
    const name = `k${this.#index}_${this.#constants.length}`;
    this.#constants.push(`const ${name} = ${value};`);
    return name;
  }

  /** What `emit` writes, with the reads it needs before it; nothing of it is known to what stands elsewhere. */
  #apart<Result>(emit: () => Result): { readonly lines: readonly string[]; readonly result: Result } {
    const outer = { frame: this.#frame, body: this.#body };
    this.#frame = newFrame();
    this.#body = [];
    const result = emit();
    const lines = [...this.#frame.head, ...this.#body];
    this.#frame = outer.frame;
    this.#body = outer.body;
    return { lines, result };
  }

  /** Code that calls a new function of these statements: engines optimize many small ones far sooner than a large one. */
  #call(scope: Scope, lines: readonly string[]): string {
    const name = `part${this.#index}_${this.#functions.length}`;
    const parameters = [...PARAMETERS, ...scopesOf(scope).map((each) => each.name)].join(', ');
    this.#functions.push([`function ${name}(${parameters}) {`, ...lines, '}'].join('\n'));
    return `${name}(${parameters})`;
  }

  #matcher(): string {
    const scope = newScope('event', "''", []);
    const { lines } = this.#apart(() => {
      this.#body.push(`return ${this.#condition(this.#mapping.when, { ...scope, start: 'event' })};`);
    });
    if (JSON.stringify(this.#mapping.when).includes(`"${ENVELOPE_TIME}"`)) {
      this.#refuse('when', `${ENVELOPE_TIME} is no part of the event`);
    }
    return [`function matches${this.#index}(event) {`, ...lines, '}'].join('\n');
  }

  #mapper(): string {
    const root = newScope('root', "''", []);
    const { lines } = this.#mapping.rows === undefined ? this.#single(root) : this.#rows(this.#mapping.rows, root);
    return [`function map${this.#index}(input) {`, scopeObject(root, 'input.event'), ...lines, '}'].join('\n');
  }

  #single(root: Scope) {
    return this.#apart(() => {
      const event = this.#event(root, 'input.id');
      this.#body.push(`return [${event}];`);
    });
  }

  #rows(path: Path, root: Scope) {
    return this.#apart(() => {
      const { keys } = parsePath(path);
      const scope = {
        ...newScope('row', `(${text(`${keys.join('.')}[`)} + row.at + ']')`, [...keys, '[]'], root),
        isRow: true,
      };
      const list = this.#read(path, root);
      const { lines } = this.#apart(() => {
        const event = this.#event(scope, "input.id + '#' + at");
        this.#body.push(`rows.push(${event});`);
      });
      this.#body.push('const rows = [];', `const list = rt.items(${list});`);
      this.#body.push('for (let at = 0; at < list.length; at += 1) {', scopeObject(scope, 'list[at]', 'at'));
      this.#body.push(...lines, '}', 'return rows;');
    });
  }

  /** Emits the whole event; returns its variable. */
  #event(scope: Scope, id: string): string {
    const table = this.#class;
    const place: Place = { attributes: table.attributes, path: '' };
    this.#body.push('const unmapped = {};', 'const observables = [];');
    const literal = this.#literalFor(wholeEvent(this.#schema.version, this.#mapping, table), place);
    const event = this.#name('e');
    this.#object(event, literal, place, scope, true);
    if (place.attributes.type_uid) this.#typeUid(event);
    this.#body.push(...this.#leftovers(scope), ...this.#finish(event, id));
    return event;
  }

  /** An object of the literal as this version takes it; what the version lacks is noted. */
  #literalFor(literal: Readonly<Record<string, unknown>>, place: Place): Readonly<Record<string, unknown>> {
    const { version } = this.#schema;
    const taken = literalFor(this.#mapping, literal, { version, path: place.path, attributes: place.attributes });
    for (const path of taken.leftOut) this.#leftOut.add(path);
    return taken.literal;
  }

  #typeUid(event: string): void {
    const { uid, attributes } = this.#class;
    this.#produces.add('type_uid');
    this.#body.push(`${event}.type_uid = ${uid * 100} + (${event}.activity_id ?? 0);`);
    const sibling = attributes.type_uid?.sibling;
    const captions = attributes.type_uid?.enum;
    if (!sibling || !captions || !attributes[sibling]) return;
    this.#produces.add(sibling);
    const table = this.#constant(JSON.stringify(captions));
    this.#body.push(
      `if (${table}[${event}.type_uid] !== undefined) ${event}.${sibling} = ${table}[${event}.type_uid];`,
    );
  }

  /** Each row of an event keeps what is left of itself and of what the rows share. */
  #leftovers(scope: Scope): string[] {
    const index = this.#index;
    // First what is kept whole, so that the residue does not keep its parts again.
    if (!scope.parent) return [...this.#tail(scope), `rt.residue(unmapped, ${scope.start}, place${index});`];
    return [
      ...this.#tail(scope),
      `rt.residue(unmapped, ${scope.start}, place${index}.item(${scope.name}.at));`,
      `rt.residue(unmapped, ${scope.parent.start}, shared${index});`,
    ];
  }

  /** The constants that `#leftovers` reads. */
  #readTables(): string[] {
    const index = this.#index;
    const read = this.#reads.source();
    if (this.#mapping.rows === undefined) return [`const place${index} = new rt.RawPlace('', ${read});`];
    const { keys } = parsePath(this.#mapping.rows);
    return [
      `const read${index} = ${read};`,
      `const place${index} = new rt.RawPlace(${text(keys.join('.'))}, rt.part(read${index}, ${JSON.stringify(keys)}));`,
      `const shared${index} = new rt.RawPlace('', rt.without(read${index}, ${JSON.stringify(keys)}));`,
    ];
  }

  #tail(scope: Scope): string[] {
    const taken = [...scope.taken.values()].map(({ flag, ...raw }) => {
      const value = this.#read(raw.path, raw.scope);
      return `if (!${flag} && rt.present(${value})) rt.keep(unmapped, ${this.#where(raw.path, raw.scope)}, ${value});`;
    });
    const skipped = [...scope.skipped.values()].map(({ positions, path, scope: from }) => {
      return `rt.keepOthers(unmapped, ${this.#where(path, from)}, ${this.#read(path, from)}, ${positions});`;
    });
    return [...taken, ...skipped];
  }

  #finish(event: string, id: string): string[] {
    for (const path of ['metadata.uid', 'raw_data', 'unmapped']) this.#produces.add(path);
    for (const key of ['name', 'type', 'type_id', 'value']) this.#produces.add(`observables[].${key}`);
    return [
      `${event}.metadata.uid = ${id};`,
      `if (observables.length > 0) ${event}.observables = observables;`,
      `for (const some in unmapped) { ${event}.unmapped = unmapped; break; }`,
      `if (input.rawText.length <= ${MAX_TEXT}) ${event}.raw_data = input.rawText;`,
    ];
  }

  /** Fills the object in `variable`; returns the code that tells whether the raw event gave any of it. */
  #object(
    variable: string,
    literal: Readonly<Record<string, unknown>>,
    place: Place,
    scope: Scope,
    always: boolean,
  ): string | false {
    const given = this.#name('g');
    this.#body.push(`const ${variable} = {};`, `let ${given} = false;`);
    let dynamic = false;
    const corrections: string[] = [];
    for (const [key, value] of Object.entries(literal)) {
      if (value === undefined) continue;
      const attribute = place.attributes[key];
      const path = place.path === '' ? key : `${place.path}.${key}`;
      if (!attribute) this.#refuse(path, 'no such attribute in this OCSF version');
      const emitted = this.#value(value, attribute, path, scope);
      this.#assign(variable, key, emitted, attribute, path, place, literal);
      if (emitted.constant === undefined) this.#correctSibling(variable, key, attribute, literal, corrections);
      if (emitted.given !== false) {
        dynamic = true;
        if (emitted.given !== 'false') this.#body.push(`if (${emitted.given}) ${given} = true;`);
      }
    }
    this.#body.push(...corrections);
    return dynamic && !always ? given : false;
  }

  /** Where a mapping gives the text beside an enum id too, that text is for id 99; other ids have their caption. */
  #correctSibling(
    variable: string,
    key: string,
    attribute: Attribute,
    literal: Readonly<Record<string, unknown>>,
    corrections: string[],
  ): void {
    const { sibling, enum: captions } = attribute;
    if (!captions || !sibling || attribute.array || literal[sibling] === undefined) return;
    const table = this.#constant(JSON.stringify({ ...captions, 99: undefined }));
    const caption = `${table}[${variable}${member(key)}]`;
    corrections.push(`if (${caption} !== undefined) ${variable}${member(sibling)} = ${caption};`);
  }

  #assign(
    variable: string,
    key: string,
    emitted: Emitted,
    attribute: Attribute,
    path: string,
    place: Place,
    literal: Readonly<Record<string, unknown>>,
  ): void {
    const value = emitted.variable;
    const lines = [`${variable}${member(key)} = ${value};`];
    const { sibling } = attribute;
    const derived =
      attribute.enum && sibling && place.attributes[sibling] && literal[sibling] === undefined ? sibling : undefined;
    if (derived) lines.push(...this.#sibling(variable, derived, emitted, attribute, place));
    lines.push(
      ...this.#otherId(`${variable}${member(key)}`, derived && `${variable}${member(derived)}`, attribute, path),
    );
    if (attribute.observable !== undefined && attribute.base !== 'object') {
      const name = path.replaceAll('[]', '');
      const type = this.#observableCaption(attribute.observable);
      lines.push(`rt.observe(observables, ${text(name)}, ${attribute.observable}, ${text(type)}, ${value});`);
    }
    if (attribute.base !== 'object') this.#produces.add(attribute.array ? `${path}[]` : path);
    if (emitted.constant !== undefined) this.#body.push(...lines);
    else this.#body.push(`if (${value} !== undefined) {`, ...lines, '}');
  }

  /** The caption beside an enum id: a constant where the id is one, else a table look-up. */
  #sibling(variable: string, sibling: string, emitted: Emitted, attribute: Attribute, place: Place): string[] {
    const path = place.path === '' ? sibling : `${place.path}.${sibling}`;
    const target = `${variable}${member(sibling)}`;
    const captions = attribute.enum ?? {};
    this.#produces.add(attribute.array ? `${path}[]` : path);
    if (emitted.constant !== undefined && !Array.isArray(emitted.constant)) {
      const caption = captions[String(emitted.constant)];
      return caption === undefined ? [] : [`${target} = ${text(caption)};`];
    }
    const table = this.#constant(JSON.stringify(captions));
    if (attribute.array) return [`${target} = ${emitted.variable}.map((id) => ${table}[id]).filter(Boolean);`];
    return [`if (${table}[${emitted.variable}] !== undefined) ${target} = ${table}[${emitted.variable}];`];
  }

  /** An enum id that this version lacks is 99 in it; the text beside it is then its caption in the default version. */
  #otherId(target: string, sibling: string | undefined, attribute: Attribute, path: string): string[] {
    const lacking = idsLacking(this.#schema, this.#class.name, path, attribute);
    if (Object.keys(lacking).length === 0) return [];
    const table = this.#constant(JSON.stringify(lacking));
    const say = sibling ? [`${sibling} = ${table}[${target}];`] : [];
    return [`if (${table}[${target}] !== undefined) {`, ...say, `${target} = ${OTHER_ID};`, '}'];
  }

  #observableCaption(id: number): string {
    return this.#schema.objects.observable?.attributes.type_id?.enum?.[String(id)] ?? 'Other';
  }

  #value(literal: unknown, attribute: Attribute, path: string, scope: Scope): Emitted {
    const node = nodeOf(literal);
    if (node) return this.#expression(node, attribute, path, scope);
    if (Array.isArray(literal)) return this.#array(literal, attribute, path, scope);
    if (typeof literal === 'object' && literal !== null) {
      if (attribute.base !== 'object') this.#refuse(path, 'an object stands where OCSF has a scalar');
      return this.#nested(literal as Record<string, unknown>, attribute, path, scope);
    }
    if (attribute.base === 'object') this.#refuse(path, 'a scalar stands where OCSF has an object');
    return { variable: JSON.stringify(literal), given: false, constant: literal };
  }

  #nested(written: Readonly<Record<string, unknown>>, attribute: Attribute, path: string, scope: Scope): Emitted {
    const table = this.#schema.objects[attribute.object ?? ''];
    if (!table) this.#refuse(path, `OCSF ${this.#schema.version} has no object "${attribute.object}"`);
    const place: Place = { attributes: table.attributes, path };
    const literal = this.#literalFor(written, place);
    if (Object.keys(literal).length === 0) return { variable: 'undefined', given: 'false' };
    // Constants alone say nothing of the event, so an object of theirs is left out unless OCSF demands it.
    const demanded = attribute.requirement === 'required' && Object.values(literal).some(isConstant);
    const object = this.#name('o');
    if (demanded) {
      const given = this.#object(object, literal, place, scope, false);
      return given === false ? { variable: object, given, constant: literal } : { variable: object, given };
    }
    const { lines, result: given } = this.#apart(() => this.#optional(object, literal, attribute, place, scope));
    if (given === false) {
      this.#body.push(...lines);
      return { variable: object, given, constant: literal };
    }
    const made = this.#name('v');
    this.#body.push(`const ${made} = ${this.#call(scope, lines)};`);
    return { variable: made, given: `${made} !== undefined` };
  }

  /** The statements of a function that returns an object, or undefined where the raw event gives none of it. */
  #optional(
    object: string,
    literal: Readonly<Record<string, unknown>>,
    attribute: Attribute,
    place: Place,
    scope: Scope,
  ): string | false {
    const outer = this.#sources;
    this.#sources = [];
    const given = this.#object(object, literal, place, scope, false);
    const sources = this.#sources;
    this.#sources = [...outer, ...sources];
    if (given === false) return false;
    this.#body.push(`if (!${given}) return undefined;`);
    const table = this.#schema.objects[attribute.object ?? ''];
    const whole = table && attribute.requirement !== 'required' ? wholeness(table, literal, object) : undefined;
    if (whole === undefined) {
      this.#body.push(`return ${object};`);
      return given;
    }
    // What OCSF would refuse is no reason to refuse the event: the object is left out as if it had taken nothing.
    const undo: string[] = [];
    for (const flag of new Set(sources.flatMap((source) => ('flag' in source ? [source.flag] : [])))) {
      const snapshot = this.#name('b');
      this.#body.unshift(`const ${snapshot} = ${flag};`);
      undo.push(`${flag} = ${snapshot};`);
    }
    for (const source of sources) {
      if ('flag' in source) continue;
      const { path, scope: from } = source;
      undo.push(`rt.keep(unmapped, ${this.#where(path, from)}, ${this.#read(path, from)});`);
    }
    this.#body.push(`if (${whole}) return ${object};`, ...undo, 'return undefined;');
    return given;
  }

  #array(literal: readonly unknown[], attribute: Attribute, path: string, scope: Scope): Emitted {
    if (!attribute.array) this.#refuse(path, 'an array stands where OCSF has a single value');
    const list = this.#name('v');
    const single: Attribute = { ...attribute, array: false, requirement: 'optional' };
    const itemPath = `${path}[]`;
    this.#body.push(`let ${list} = [];`);
    let dynamic = false;
    for (const item of literal) {
      const node = nodeOf(item);
      if (node?.kind === 'each') {
        const items = this.#each(node, attribute, path, scope);
        this.#body.push(`if (${items.variable} !== undefined) ${list}.push(...${items.variable});`);
        dynamic = true;
        continue;
      }
      const emitted = this.#value(item, single, itemPath, scope);
      dynamic ||= emitted.given !== false;
      if (emitted.constant !== undefined) this.#body.push(`${list}.push(${emitted.variable});`);
      else this.#body.push(`if (${emitted.variable} !== undefined) ${list}.push(${emitted.variable});`);
    }
    if (!dynamic) return { variable: list, given: false, constant: literal };
    this.#body.push(`if (${list}.length === 0) ${list} = undefined;`);
    return { variable: list, given: `${list} !== undefined` };
  }

  #expression(node: Node, attribute: Attribute, path: string, scope: Scope): Emitted {
    switch (node.kind) {
      case 'from':
        return this.#from(node, path, scope);
      case 'lookup':
        return this.#lookup(node, path, scope);
      case 'compute':
        return this.#compute(node, scope);
      case 'each':
        return this.#each(node, attribute, path, scope);
      case 'choose':
        return this.#choose(node, attribute, path, scope);
    }
  }

  #from(node: Extract<Node, { kind: 'from' }>, path: string, scope: Scope): Emitted {
    if (node.paths.length === 0) this.#refuse(path, 'from() needs at least one path');
    const convert = this.#author(node, 'convert');
    const result = this.#name('v');
    const raws = node.paths.map((raw) => this.#read(raw, scope));
    const flags = node.paths.map((raw) => this.#flag(raw, scope));
    this.#body.push(`let ${result} = ${convert}(${raws[0]});`);
    if (raws.length === 1) {
      this.#body.push(`if (${result} !== undefined) ${flags[0]} = true;`);
      return { variable: result, given: `${result} !== undefined` };
    }
    const source = this.#name('s');
    this.#body.push(`let ${source} = ${raws[0]};`);
    for (const raw of raws.slice(1)) {
      this.#body.push(`if (${result} === undefined) { ${result} = ${convert}(${raw}); ${source} = ${raw}; }`);
    }
    // The same value under another name is not left over.
    const marks = raws.map((raw, at) => `if (${raw} === ${source}) ${flags[at]} = true;`);
    this.#body.push(`if (${result} !== undefined) { ${marks.join(' ')} }`);
    return { variable: result, given: `${result} !== undefined` };
  }

  #lookup(node: Extract<Node, { kind: 'lookup' }>, _path: string, scope: Scope): Emitted {
    const entries = Object.entries(node.table).map(([key, value]) => [
      node.ignoreCase ? key.toLowerCase() : key,
      value,
    ]);
    const table = this.#constant(`new Map(${JSON.stringify(entries)})`);
    const raw = this.#read(node.path, scope);
    const flag = this.#flag(node.path, scope);
    const found = this.#name('f');
    const result = this.#name('v');
    this.#body.push(
      `const ${found} = ${table}.get(rt.tableKey(${raw}, ${node.ignoreCase}));`,
      `const ${result} = ${found} === undefined ? ${JSON.stringify(node.otherwise)} : ${found};`,
      `if (${found} !== undefined) ${flag} = true;`,
    );
    return { variable: result, given: `${found} !== undefined` };
  }

  #compute(node: Extract<Node, { kind: 'compute' }>, scope: Scope): Emitted {
    const fn = this.#author(node, 'compute');
    const result = this.#name('v');
    const raws = node.paths.map((path) => this.#read(path, scope));
    const marks = node.paths.map((path) => `${this.#flag(path, scope)} = true;`);
    this.#body.push(
      `const ${result} = ${fn}(${raws.join(', ')});`,
      `if (${result} !== undefined) { ${marks.join(' ')} }`,
    );
    return { variable: result, given: `${result} !== undefined` };
  }

  #each(node: Extract<Node, { kind: 'each' }>, attribute: Attribute, path: string, scope: Scope): Emitted {
    if (!attribute.array) this.#refuse(path, 'each() makes an array where OCSF has a single value');
    const name = this.#name('s');
    const keys = this.#readKeys(node.path, scope);
    const inner = newScope(name, `${this.#where(node.path, scope)} + '[' + ${name}.at + ']'`, [...keys, '[]'], scope);
    const positions = this.#positions(node.path, scope);
    const outer = this.#sources;
    this.#sources = [];
    const { lines: body } = this.#apart(() => this.#item(node, attribute, path, inner, positions));
    // Seen from outside, what the items are made of is the array.
    this.#sources = [...outer, { path: node.path, scope }];
    this.#reads.touch(keys);
    const { lines } = this.#apart(() => {
      this.#body.push(
        `const raw = rt.items(${this.#read(node.path, scope)});`,
        'const list = [];',
        'for (let at = 0; at < raw.length; at += 1) {',
        scopeObject(inner, 'raw[at]', 'at'),
        ...body,
        '}',
        'return list.length === 0 ? undefined : list;',
      );
    });
    const list = this.#name('v');
    this.#body.push(`const ${list} = ${this.#call(scope, lines)};`);
    if (attribute.base !== 'object') this.#produces.add(`${path}[]`);
    return { variable: list, given: `${list} !== undefined` };
  }

  /** The statements that make an item of the array `raw` one of `list`. */
  #item(
    node: Extract<Node, { kind: 'each' }>,
    attribute: Attribute,
    path: string,
    scope: Scope,
    positions: string,
  ): void {
    if (node.where) this.#body.push(`if (!(${this.#condition(node.where, scope)})) continue;`);
    this.#body.push(`${positions}[at] = true;`);
    const single: Attribute = { ...attribute, array: false, requirement: 'optional' };
    const emitted = this.#value(node.item, single, `${path}[]`, scope);
    const push = emitted.constant !== undefined ? '' : `if (${emitted.variable} !== undefined) `;
    this.#body.push(...this.#tail(scope), `${push}list.push(${emitted.variable});`);
  }

  #choose(node: Extract<Node, { kind: 'choose' }>, attribute: Attribute, path: string, scope: Scope): Emitted {
    const test = this.#condition(node.when, scope);
    const result = this.#name('v');
    const given = this.#name('g');
    const branch = (literal: unknown): string[] => {
      const outer = this.#body;
      this.#body = [];
      const emitted = this.#value(literal, attribute, path, scope);
      this.#body.push(
        `${result} = ${emitted.variable};`,
        `${given} = ${emitted.given === false ? 'true' : emitted.given};`,
      );
      const lines = this.#body;
      this.#body = outer;
      return lines;
    };
    const then = branch(node.then);
    const otherwise = node.otherwise === undefined ? [] : ['else {', ...branch(node.otherwise), '}'];
    this.#body.push(`let ${result};`, `let ${given} = false;`, `if (${test}) {`, ...then, '}', ...otherwise);
    return { variable: result, given };
  }

  #condition(condition: Condition, scope: Scope): string {
    switch (condition.kind) {
      case 'has':
        return group(
          condition.paths.map((path) => `rt.present(${this.#read(path, scope)})`),
          '&&',
          'true',
        );
      case 'equals': {
        const raw = this.#read(condition.path, scope);
        return group(
          condition.values.map((value) => `${raw} === ${JSON.stringify(value)}`),
          '||',
          'false',
        );
      }
      case 'contains':
        return `rt.containsText(${this.#read(condition.path, scope)}, ${text(condition.text.toLowerCase())})`;
      case 'all':
        return group(
          condition.of.map((part) => this.#condition(part, scope)),
          '&&',
          'true',
        );
      case 'any':
        return group(
          condition.of.map((part) => this.#condition(part, scope)),
          '||',
          'false',
        );
      case 'not':
        return `!(${this.#condition(condition.of, scope)})`;
    }
  }

  /** Code of the raw value at `path`. */
  #read(path: Path, scope: Scope): string {
    if (path === ENVELOPE_TIME) return 'input.time';
    const { fromEvent, keys } = this.#parse(path);
    const base = fromEvent ? outermost(scope) : scope;
    const { known, head } = this.#frame;
    let variable = base.start;
    let trail = base.start;
    for (const key of keys) {
      trail += `\u0000${key}`;
      const cached = known.get(trail);
      if (cached) {
        variable = cached;
        continue;
      }
      const name = this.#name('r');
      head.push(`const ${name} = ${readKey(variable, key)};`);
      known.set(trail, name);
      variable = name;
    }
    return variable;
  }

  /** What to set once an attribute has taken over the raw value at `path`; what none takes is kept. */
  #flag(path: Path, scope: Scope): string {
    if (path === ENVELOPE_TIME) return `${outermost(scope).name}.${NO_FLAG}`;
    const keys = this.#readKeys(path, scope);
    this.#reads.add(keys);
    const owner = this.#parse(path).fromEvent ? rowOf(scope) : scope;
    const key = keys.join('\u0000');
    const known = owner.taken.get(key);
    if (known) {
      this.#sources.push({ flag: known.flag });
      return known.flag;
    }
    const flag = `${owner.name}.${this.#name('k')}`;
    this.#sources.push({ flag });
    owner.taken.set(key, { flag, path, scope });
    return flag;
  }

  /** Where to note the positions of an array that some `each` takes; the items none takes are kept. */
  #positions(path: Path, scope: Scope): string {
    const owner = this.#parse(path).fromEvent ? rowOf(scope) : scope;
    const key = this.#readKeys(path, scope).join('\u0000');
    const known = owner.skipped.get(key);
    if (known) return known.positions;
    const positions = `${owner.name}.${this.#name('p')}`;
    owner.skipped.set(key, { positions, path, scope });
    return positions;
  }

  #parse(path: Path): { fromEvent: boolean; keys: readonly string[] } {
    try {
      return parsePath(path);
    } catch (error) {
      return this.#refuse(path, (error as Error).message);
    }
  }

  #readKeys(path: Path, scope: Scope): readonly string[] {
    const { fromEvent, keys } = this.#parse(path);
    return fromEvent ? keys : [...scope.read, ...keys];
  }

  /** Code of the path as it is written in `unmapped`. */
  #where(path: Path, scope: Scope): string {
    const { fromEvent, keys } = this.#parse(path);
    const own = keys.join('.');
    if (fromEvent || scope.where === "''") return text(own);
    return own === '' ? `(${scope.where})` : `(${scope.where} + ${text(`.${own}`)})`;
  }

  /** An author's function, reached through the imported mapping value, so that nothing of it is copied. */
  #author(node: Node, member: 'convert' | 'compute'): string {
    const trail = findNode(this.#mapping.event, node, []);
    if (!trail) this.#refuse(member, 'an expression was not found in its own mapping');
    return this.#constant(`m${this.#index}.event${trail.map((key) => `[${text(key)}]`).join('')}.node.${member}`);
  }
}

function newScope(name: string, where: string, read: readonly string[], parent?: Scope): Scope {
  const none = { taken: new Map(), skipped: new Map(), isRow: false };
  return { name, start: `${name}.value`, where, read, ...none, ...(parent ? { parent } : {}) };
}

function newFrame(): Frame {
  return { known: new Map(), head: [] };
}

/** The scopes that `scope` lies in, outermost first, and itself. */
function scopesOf(scope: Scope): readonly Scope[] {
  return scope.parent ? [...scopesOf(scope.parent), scope] : [scope];
}

/** The statement that makes the object of a scope: what is below it has to be emitted first. */
function scopeObject(scope: Scope, value: string, at?: string): string {
  const own = (path: string) => path.slice(scope.name.length + 1);
  const members = [
    `value: ${value}`,
    ...(at === undefined ? [] : [`at: ${at}`]),
    ...(scope.parent ? [] : [`${NO_FLAG}: false`]),
    ...[...scope.taken.values()].map(({ flag }) => `${own(flag)}: false`),
    ...[...scope.skipped.values()].map(({ positions }) => `${own(positions)}: []`),
  ];
  return `const ${scope.name} = { ${members.join(', ')} };`;
}

/** The scope of the OCSF event that `scope` is part of. */
function rowOf(scope: Scope): Scope {
  return scope.isRow || !scope.parent ? scope : rowOf(scope.parent);
}

function outermost(scope: Scope): Scope {
  return scope.parent ? outermost(scope.parent) : scope;
}

function readKey(variable: string, key: string): string {
  if (/^\d+$/.test(key)) return `rt.items(${variable})[${key}] ?? rt.keys(${variable})[${text(key)}]`;
  if (INHERITED.has(key)) return `rt.own(rt.keys(${variable}), ${text(key)})`;
  return `rt.keys(${variable})${member(key)}`;
}

function member(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${text(key)}]`;
}

/** A string as source text; JSON is valid JavaScript, the two line separators included since ES2019. */
function text(value: string): string {
  return JSON.stringify(value);
}

function group(parts: readonly string[], operator: string, empty: string): string {
  return parts.length === 0 ? empty : `(${parts.join(` ${operator} `)})`;
}

function isConstant(literal: unknown): boolean {
  return typeof literal !== 'object' && literal !== undefined;
}

/** Code of the test that an object has what its type demands; undefined where the literal alone assures it. */
function wholeness(table: ObjectTable, literal: Readonly<Record<string, unknown>>, object: string): string | undefined {
  const isThere = (name: string) => `${object}${member(name)} !== undefined`;
  const tests = Object.keys(literal)
    .filter((name) => table.attributes[name]?.requirement === 'required' && !isConstant(literal[name]))
    .map(isThere);
  const { at_least_one: some, just_one: one } = table.constraints;
  const written = (names: readonly string[]) => names.filter((name) => literal[name] !== undefined);
  if (some && !written(some).some((name) => isConstant(literal[name]))) {
    tests.push(group(written(some).map(isThere), '||', 'false'));
  }
  if (one) tests.push(`(${['0', ...written(one).map((name) => `(${isThere(name)})`)].join(' + ')}) === 1`);
  return tests.length === 0 ? undefined : group(tests, '&&', 'true');
}

/** The keys that lead from `value` to the expression of `node`. */
function findNode(value: unknown, node: Node, trail: readonly string[]): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ((value as { node?: unknown }).node === node) return trail;
  for (const [key, part] of Object.entries(value)) {
    const found = findNode(part, node, [...trail, key]);
    if (found) return found;
  }
  return undefined;
}
