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
import { type Mark, Marks, newScope, outermost, rowOf, type Scope, scopesOf } from './raw-scope.ts';
import { isPosition, ReadTree } from './read-tree.ts';
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

/** What every function of a mapping is given, before its scopes. */
const PARAMETERS = ['input', 'left', 'observables'];
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Attributes that an object is given once it is made, by its OCSF path. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  '': ['type_uid', 'type_name', 'observables', 'unmapped', 'raw_data'],
  metadata: ['uid'],
};

/** A variable that holds an emitted value, and the code that tells whether the raw event really gave one. */
interface Emitted {
  readonly variable: string;
  /** `false`: a constant, known at build time; otherwise code of a boolean. */
  readonly given: string | false;
  readonly constant?: unknown;
  /** There is a value whatever the raw event holds. */
  readonly isSure?: boolean;
  /** Statements that note what the value was taken from, to run where there is a value. */
  readonly notes?: readonly string[];
}

/** A mark, and the scope that has it. */
interface Marked {
  readonly mark: Mark;
  readonly owner: Scope;
}

/** What an object takes something of: a raw value, or an array that is taken item by item, by its index in the scope. */
type Source = Marked | { readonly array: number; readonly owner: Scope };

/** What is known at one place of the generated code. */
interface Frame {
  /** By raw path and where it starts: the variable that holds the value. */
  readonly known: Map<string, string>;
  /** Statements that read what is needed, before anything else. */
  readonly head: string[];
}

/** The values of an object's attributes. */
type Values = ReadonlyMap<string, Emitted>;

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
  readonly #marks: Marks[] = [];
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
      ...this.#marks.map((marks) => marks.source()),
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
  #call(scope: Scope, lines: readonly string[], list?: string): string {
    const name = `part${this.#index}_${this.#functions.length}`;
    const given = [...PARAMETERS, ...scopesOf(scope).map((each) => each.name)];
    const parameters = list === undefined ? given : [...given, 'list'];
    this.#functions.push([`function ${name}(${parameters.join(', ')}) {`, ...lines, '}'].join('\n'));
    return `${name}(${[...given, ...(list === undefined ? [] : [list])].join(', ')})`;
  }

  #newMarks(): Marks {
    const marks = new Marks(`scope${this.#index}_${this.#marks.length}`);
    this.#marks.push(marks);
    return marks;
  }

  #matcher(): string {
    const place = { where: "''", read: [] };
    const event: Scope = { ...newScope('event', new Marks(''), place), start: 'event', object: 'rt.keys(event)' };
    const when = JSON.stringify(this.#mapping.when);
    const { lines } = this.#apart(() => {
      this.#body.push(`return ${this.#condition(this.#mapping.when, event)};`);
    });
    if (when.includes(`"${ENVELOPE_TIME}"`)) {
      this.#refuse('when', `${ENVELOPE_TIME} is no part of the event`);
    }
    return [`function matches${this.#index}(event) {`, ...lines, '}'].join('\n');
  }

  #mapper(): string {
    const root = newScope('root', this.#newMarks(), { where: "''", read: [] });
    const { lines } = this.#mapping.rows === undefined ? this.#single(root) : this.#rows(this.#mapping.rows, root);
    const start = `const root = ${root.marks.maker}(input.event, 0);`;
    return [`function map${this.#index}(input) {`, start, ...lines, '}'].join('\n');
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
      const where = `(${text(`${keys.join('.')}[`)} + row.at + ']')`;
      const row = newScope('row', this.#newMarks(), { where, read: [...keys, '[]'], isRow: true }, root);
      const list = this.#read(path, root);
      const { lines } = this.#apart(() => {
        const event = this.#event(row, "input.id + '#' + at");
        this.#body.push(`rows.push(${event});`);
      });
      this.#body.push('const rows = [];', `const list = rt.items(${list});`);
      this.#body.push('for (let at = 0; at < list.length; at += 1) {', `const row = ${row.marks.maker}(list[at], at);`);
      this.#body.push(...lines, '}', 'return rows;');
    });
  }

  /** Emits the whole event; returns its variable. */
  #event(scope: Scope, id: string): string {
    const table = this.#class;
    const place: Place = { attributes: table.attributes, path: '' };
    this.#body.push('const left = new rt.Leftover();', 'const observables = new rt.Observables();');
    const literal = this.#literalFor(wholeEvent(this.#schema.version, this.#mapping, table), place);
    const event = this.#name('e');
    this.#build(event, literal, this.#values(literal, place, scope), place);
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
    const caption = this.#name('c');
    this.#body.push(`const ${caption} = ${table}[${event}.type_uid];`);
    this.#body.push(`if (${isThere(caption)}) ${event}.${sibling} = ${caption};`);
  }

  /**
   * Each row of an event keeps what is left of itself and of what the rows share; where the event is too long to be kept
   * as `raw_data`, all of it, since what was made of a value may be less than the value.
   */
  #leftovers(scope: Scope): string[] {
    const index = this.#index;
    const { name, start, parent } = scope;
    const own = parent ? `place${index}.item(${name}.at)` : `place${index}`;
    return [
      `if (input.rawText.length <= ${MAX_TEXT}) {`,
      ...this.#leftApart(scope),
      `rt.leftovers(left, ${start}, ${own}, ${name});`,
      ...(parent ? [`rt.leftovers(left, ${parent.start}, shared${index}, ${name});`] : []),
      '} else {',
      `rt.everything(left, ${start}, ${own});`,
      ...(parent ? [`rt.everything(left, ${parent.start}, shared${index});`] : []),
      '}',
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

  /** Keeps what is left of values whose mark is not that of their place. */
  #leftApart(scope: Scope): string[] {
    return [...scope.marks.apart.values()].map(({ mark, path }) => {
      const keep = `left.keep(${this.#where(path, scope)}, ${this.#read(path, scope)});`;
      return `if ((${wordOf({ mark, owner: scope })} & ${mark.bit}) === 0) ${keep}`;
    });
  }

  #finish(event: string, id: string): string[] {
    for (const path of ['metadata.uid', 'raw_data', 'unmapped']) this.#produces.add(path);
    for (const key of ['name', 'type', 'type_id', 'value']) this.#produces.add(`observables[].${key}`);
    return [
      `${event}.metadata.uid = ${id};`,
      `if (observables.list.length > 0) ${event}.observables = observables.list;`,
      `if (!left.isEmpty) ${event}.unmapped = left.unmapped;`,
      `if (input.rawText.length <= ${MAX_TEXT}) ${event}.raw_data = input.rawText;`,
    ];
  }

  /** Emits the values of an object's attributes, in the order of the literal. */
  #values(literal: Readonly<Record<string, unknown>>, place: Place, scope: Scope): Values {
    const values = new Map<string, Emitted>();
    for (const [key, value] of Object.entries(literal)) {
      if (value === undefined) continue;
      const attribute = place.attributes[key];
      const path = pathOf(place, key);
      if (!attribute) return this.#refuse(path, 'no such attribute in this OCSF version');
      const emitted = this.#value(value, attribute, path, scope);
      this.#note(emitted, this.#observation(emitted, attribute, path));
      values.set(key, emitted);
    }
    return values;
  }

  /** Emits what to do where there is a value: what notes where it is from, then `more`. */
  #note(emitted: Emitted, more: readonly string[]): void {
    const lines = [...(emitted.notes ?? []), ...more];
    if (lines.length > 0) this.#body.push(...whereThere(emitted, lines));
  }

  #observation(emitted: Emitted, attribute: Attribute, path: string): string[] {
    if (attribute.observable === undefined || attribute.base === 'object') return [];
    const name = text(path.replaceAll('[]', ''));
    const type = text(this.#observableCaption(attribute.observable));
    return [`observables.add(${name}, ${attribute.observable}, ${type}, ${emitted.variable});`];
  }

  /**
   * Emits the object of these values. It has all its attributes from the start, undefined where there is no value: what
   * reads objects of one shape is far faster than what reads objects of many.
   */
  #build(variable: string, literal: Readonly<Record<string, unknown>>, values: Values, place: Place): void {
    const entries = new Map<string, string>();
    const corrections: string[] = [];
    for (const [key, emitted] of values) {
      const attribute = place.attributes[key] as Attribute;
      entries.set(key, emitted.variable);
      const derived = derivedSibling(attribute, place, literal);
      const caption = derived && this.#caption(derived, emitted, attribute, place);
      if (derived && caption !== undefined) entries.set(derived, caption);
      const path = pathOf(place, key);
      if (attribute.base !== 'object') this.#produces.add(attribute.array ? `${path}[]` : path);
      const target = `${variable}${member(key)}`;
      const other = this.#otherId(target, derived && `${variable}${member(derived)}`, attribute, path);
      corrections.push(...whereThere(emitted, other));
      if (emitted.constant === undefined) this.#correctSibling(variable, key, attribute, literal, corrections);
    }
    for (const key of LATER[place.path] ?? []) if (!entries.has(key)) entries.set(key, 'undefined');
    const properties = [...entries].map(([key, code]) => `${text(key)}: ${code},`);
    this.#body.push(`const ${variable} = {`, ...properties, '};', ...corrections);
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
    const caption = this.#name('c');
    corrections.push(`const ${caption} = ${table}[${variable}${member(key)}];`);
    corrections.push(`if (${caption} !== undefined) ${variable}${member(sibling)} = ${caption};`);
  }

  /** Code of the caption beside an enum id: a constant where the id is one, else a table look-up. */
  #caption(sibling: string, emitted: Emitted, attribute: Attribute, place: Place): string | undefined {
    const path = pathOf(place, sibling);
    const captions = attribute.enum ?? {};
    this.#produces.add(attribute.array ? `${path}[]` : path);
    if (emitted.constant !== undefined && !Array.isArray(emitted.constant)) {
      const caption = captions[String(emitted.constant)];
      return caption === undefined ? undefined : text(caption);
    }
    const table = this.#constant(JSON.stringify(captions));
    const { variable } = emitted;
    const code = attribute.array ? `${variable}.map((id) => ${table}[id]).filter(Boolean)` : `${table}[${variable}]`;
    return isAlways(emitted) ? code : `${isThere(variable)} ? ${code} : undefined`;
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
      const values = this.#values(literal, place, scope);
      this.#build(object, literal, values, place);
      const given = givenOf(values);
      return given === false
        ? { variable: object, given, constant: literal }
        : { variable: object, given, isSure: true };
    }
    const { lines, result: given } = this.#apart(() => this.#optional(object, literal, attribute, place, scope));
    if (given === false) {
      this.#body.push(...lines);
      return { variable: object, given, constant: literal };
    }
    const made = this.#name('v');
    this.#body.push(`const ${made} = ${this.#call(scope, lines)};`);
    return { variable: made, given: isThere(made) };
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
    const values = this.#values(literal, place, scope);
    const sources = this.#sources;
    this.#sources = [...outer, ...sources];
    const given = givenOf(values);
    if (given !== false) {
      this.#body.push(`if (!(${given})) return undefined;`);
      const table = this.#schema.objects[attribute.object ?? ''];
      const whole = table && attribute.requirement !== 'required' ? wholeness(table, literal, values) : undefined;
      if (whole !== undefined && whole !== given) {
        this.#body.push(`if (!(${whole})) {`, ...this.#undo(sources), 'return undefined;', '}');
      }
    }
    this.#build(object, literal, values, place);
    if (given !== false) this.#body.push(`return ${object};`);
    return given;
  }

  /**
   * What OCSF would refuse is no reason to refuse the event: the object is left out as if it had taken nothing. What
   * was noted before it is remembered at the head of its function.
   */
  #undo(sources: readonly Source[]): string[] {
    const undo: string[] = [];
    const words = new Set(sources.flatMap((source) => ('mark' in source ? [wordOf(source)] : [])));
    for (const word of words) {
      const before = this.#name('b');
      this.#body.unshift(`const ${before} = ${word};`);
      undo.push(`${word} = ${before};`);
    }
    for (const source of sources) {
      if ('array' in source) undo.push(`${source.owner.name}.items[${source.array}] = undefined;`);
    }
    return undo;
  }

  #array(literal: readonly unknown[], attribute: Attribute, path: string, scope: Scope): Emitted {
    if (!attribute.array) this.#refuse(path, 'an array stands where OCSF has a single value');
    const list = this.#name('l');
    const single: Attribute = { ...attribute, array: false, requirement: 'optional' };
    this.#body.push(`const ${list} = [];`);
    let dynamic = false;
    for (const item of literal) {
      const node = nodeOf(item);
      if (node?.kind === 'each') {
        this.#each(node, attribute, path, scope, list);
        dynamic = true;
        continue;
      }
      const emitted = this.#value(item, single, `${path}[]`, scope);
      dynamic ||= emitted.given !== false;
      this.#note(emitted, [`${list}.push(${emitted.variable});`]);
    }
    if (!dynamic) return { variable: list, given: false, constant: literal };
    const filled = this.#name('v');
    this.#body.push(`const ${filled} = ${list}.length === 0 ? undefined : ${list};`);
    return { variable: filled, given: isThere(filled) };
  }

  #expression(node: Node, attribute: Attribute, path: string, scope: Scope): Emitted {
    switch (node.kind) {
      case 'from':
        return this.#fitting(this.#from(node, path, scope), attribute);
      case 'lookup':
        return this.#lookup(node, path, scope);
      case 'compute':
        return this.#fitting(this.#compute(node, scope), attribute);
      case 'each':
        if (!attribute.array) this.#refuse(path, 'each() makes an array where OCSF has a single value');
        return this.#array([{ node }], attribute, path, scope);
      case 'choose':
        return this.#choose(node, attribute, path, scope);
    }
  }

  /** No event up to that length has a text above it. */
  #fitting(emitted: Emitted, { base }: Attribute): Emitted {
    const { variable } = emitted;
    if (base === 'string')
      this.#body.push(`if (input.rawText.length > ${MAX_TEXT}) ${variable} = rt.fitting(${variable});`);
    return emitted;
  }

  #from(node: Extract<Node, { kind: 'from' }>, path: string, scope: Scope): Emitted {
    if (node.paths.length === 0) this.#refuse(path, 'from() needs at least one path');
    const convert = this.#author(node, 'convert');
    const result = this.#name('v');
    const raws = node.paths.map((raw) => this.#read(raw, scope));
    const marks = node.paths.map((raw) => this.#mark(raw, scope));
    if (raws.length === 1) {
      this.#body.push(`let ${result} = ${convert}(${raws[0]});`);
      return { variable: result, given: isThere(result), notes: taken(marks) };
    }
    const source = this.#name('s');
    this.#body.push(`let ${result} = ${convert}(${raws[0]});`, `let ${source} = ${raws[0]};`);
    for (const raw of raws.slice(1)) {
      this.#body.push(`if (${result} === undefined) { ${result} = ${convert}(${raw}); ${source} = ${raw}; }`);
    }
    // The same value under another name is not left over.
    const notes = raws.flatMap((raw, at) => taken([marks[at]]).map((note) => `if (${raw} === ${source}) ${note}`));
    return { variable: result, given: isThere(result), notes };
  }

  #lookup(node: Extract<Node, { kind: 'lookup' }>, _path: string, scope: Scope): Emitted {
    const table = this.#constant(`new Map(${JSON.stringify(tableEntries(node.table, node.ignoreCase))})`);
    const raw = this.#read(node.path, scope);
    const notes = taken([this.#mark(node.path, scope)]);
    const found = this.#name('f');
    const result = this.#name('v');
    this.#body.push(
      `const ${found} = ${table}.get(rt.tableKey(${raw}))${node.ignoreCase ? ` ?? ${table}.get(rt.tableKey(${raw})?.toLowerCase())` : ''};`,
      `const ${result} = ${found} === undefined ? ${JSON.stringify(node.otherwise)} : ${found};`,
      `if (${isThere(found)}) { ${notes.join(' ')} }`,
    );
    return { variable: result, given: isThere(found), isSure: node.otherwise !== undefined };
  }

  #compute(node: Extract<Node, { kind: 'compute' }>, scope: Scope): Emitted {
    const fn = this.#author(node, 'compute');
    const result = this.#name('v');
    const raws = node.paths.map((path) => this.#read(path, scope));
    const notes = taken(node.paths.map((path) => this.#mark(path, scope)));
    this.#body.push(`let ${result} = ${fn}(${raws.join(', ')});`);
    return { variable: result, given: isThere(result), notes };
  }

  /** Adds what `each` makes of the items to the array in `list`. */
  #each(node: Extract<Node, { kind: 'each' }>, attribute: Attribute, path: string, scope: Scope, list: string): void {
    if (this.#isOfAllRows(node.path)) this.#refuse(path, `each("${node.path}") would list other rows of the event`);
    const name = this.#name('s');
    const keys = this.#readKeys(node.path, scope);
    const owner = this.#ownerOf(node.path, scope);
    const array = owner.marks.array(keys, () => this.#newMarks());
    const where = `${this.#where(node.path, scope)} + '[' + ${name}.at + ']'`;
    const inner = newScope(name, array.items, { where, read: [...keys, '[]'] }, scope);
    const outer = this.#sources;
    this.#sources = [];
    const { lines: body } = this.#apart(() => this.#item(node, attribute, path, inner));
    // Seen from outside, what the items are made of is the array, and what they take from elsewhere.
    const elsewhere = this.#sources.filter((source) => source.owner !== inner);
    this.#sources = [...outer, { array: array.index, owner }, ...elsewhere];
    this.#reads.items(keys, array.index);
    const { lines } = this.#apart(() => {
      this.#body.push(
        `const raw = rt.items(${this.#read(node.path, scope)});`,
        `const items = (${owner.name}.items[${array.index}] ??= []);`,
        'for (let at = 0; at < raw.length; at += 1) {',
        `const ${name} = items[at] ?? ${array.items.maker}(raw[at], at);`,
        ...body,
        '}',
      );
    });
    this.#body.push(`${this.#call(scope, lines, list)};`);
    if (attribute.base !== 'object') this.#produces.add(`${path}[]`);
  }

  /** Whether a path leads from the event to its rows: what they hold is theirs, and each keeps its own leftovers. */
  #isOfAllRows(path: Path): boolean {
    const { fromEvent, keys } = this.#parse(path);
    if (!fromEvent || this.#mapping.rows === undefined) return false;
    return parsePath(this.#mapping.rows).keys.every((key, at) => keys[at] === key);
  }

  /** The statements that make an item of the array `raw` one of `list`. */
  #item(node: Extract<Node, { kind: 'each' }>, attribute: Attribute, path: string, scope: Scope): void {
    const test = node.where && this.#condition(node.where, scope);
    const start = this.#body.length;
    this.#body.push(`items[at] = ${scope.name};`);
    const single: Attribute = { ...attribute, array: false, requirement: 'optional' };
    const emitted = this.#value(node.item, single, `${path}[]`, scope);
    const told = node.where ? this.#told(node.where, scope) : [];
    this.#note(emitted, [...told, `list.push(${emitted.variable});`]);
    const apart = this.#leftApart(scope);
    this.#body.push(...apart);
    // An item that another `each` took is not kept whole, so what only this one would take is kept here.
    const skip = apart.length === 0 ? ['continue;'] : ['if (items[at] !== undefined) {', ...apart, '}', 'continue;'];
    if (test !== undefined) this.#body.splice(start, 0, `if (!(${test})) {`, ...skip, '}');
  }

  #choose(node: Extract<Node, { kind: 'choose' }>, attribute: Attribute, path: string, scope: Scope): Emitted {
    const test = this.#condition(node.when, scope);
    const result = this.#name('v');
    const given = this.#name('g');
    const branch = (literal: unknown, told: readonly string[] = []) => {
      const outer = this.#body;
      this.#body = [];
      const emitted = this.#value(literal, attribute, path, scope);
      this.#note(emitted, []);
      this.#body.push(...whereGiven(emitted, told), `${result} = ${emitted.variable};`);
      const lines = this.#body;
      this.#body = outer;
      return { emitted, lines };
    };
    const then = branch(node.then, this.#told(node.when, scope));
    const otherwise = node.otherwise === undefined ? undefined : branch(node.otherwise);
    const branches = [then, ...(otherwise ? [otherwise] : [])];
    const isSure = otherwise !== undefined && branches.every(({ emitted }) => isAlways(emitted));
    // Where each branch is given just where it has a value, so is the whole.
    const isGiven = branches.some(({ emitted }) => emitted.given !== isThere(emitted.variable));
    const code = ({ emitted, lines }: typeof then) =>
      isGiven ? [...lines, `${given} = ${emitted.given === false ? 'true' : emitted.given};`] : lines;
    this.#body.push(`let ${result};`, ...(isGiven ? [`let ${given} = false;`] : []));
    this.#body.push(`if (${test}) {`, ...code(then), '}', ...(otherwise ? ['else {', ...code(otherwise), '}'] : []));
    return { variable: result, given: isGiven ? given : isThere(result), isSure };
  }

  /** The statements that note the raw values which a value tells by being there: its condition names them. */
  #told(condition: Condition, scope: Scope): string[] {
    return taken(comparedPaths(condition).map((path) => this.#mark(path, scope)));
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
      case 'gives':
        return this.#gives(condition.of.node, scope);
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

  /** Code of the test that an expression gives a value; nothing is noted as taken. */
  #gives(node: Node, scope: Scope): string {
    if (node.kind !== 'from' && node.kind !== 'compute') {
      return this.#refuse('gives', `of from() and compute() alone it can be asked, not of ${node.kind}()`);
    }
    const raws = node.paths.map((path) => this.#read(path, scope));
    if (node.kind === 'compute') return `${this.#author(node, 'compute')}(${raws.join(', ')}) !== undefined`;
    const convert = this.#author(node, 'convert');
    return group(
      raws.map((raw) => `${convert}(${raw}) !== undefined`),
      '||',
      'false',
    );
  }

  /** Code of the raw value at `path`. */
  #read(path: Path, scope: Scope): string {
    if (path === ENVELOPE_TIME) return 'input.time';
    const { fromEvent, keys } = this.#parse(path);
    const base = fromEvent ? outermost(scope) : scope;
    const { known, head } = this.#frame;
    let variable = base.start;
    let object = base.object;
    let trail = base.start;
    for (const key of keys) {
      trail += `\u0000${key}`;
      const cached = known.get(trail);
      if (cached) {
        variable = cached;
        object = `rt.keys(${cached})`;
        continue;
      }
      const name = this.#name('r');
      head.push(`const ${name} = ${readKey(variable, object, key)};`);
      known.set(trail, name);
      variable = name;
      object = `rt.keys(${name})`;
    }
    return variable;
  }

  /** What to note once an attribute has taken over the raw value at `path`; what none takes is kept. */
  #mark(path: Path, scope: Scope): Marked | undefined {
    if (path === ENVELOPE_TIME) return undefined;
    const keys = this.#readKeys(path, scope);
    const owner = this.#ownerOf(path, scope);
    const mark = owner.marks.value(keys);
    // An item read by its position is one of those that an `each` takes, too: its place has the marks of those.
    const isApart = keys.some(isPosition);
    if (isApart) owner.marks.apart.set(keys.join('.'), { mark, path });
    this.#reads.add(keys, isApart ? undefined : mark);
    this.#sources.push({ mark, owner });
    return { mark, owner };
  }

  /** The scope that notes what is taken of a path. */
  #ownerOf(path: Path, scope: Scope): Scope {
    return this.#parse(path).fromEvent ? rowOf(scope) : scope;
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
    const { event, when } = this.#mapping;
    const trail = findNode({ event, when }, node, []);
    if (!trail) this.#refuse(member, 'an expression was not found in its own mapping');
    return this.#constant(`m${this.#index}${trail.map((key) => `[${text(key)}]`).join('')}.node.${member}`);
  }
}

function newFrame(): Frame {
  return { known: new Map(), head: [] };
}

/** The entries of a lookup table; in any case, those in lower case too. */
function tableEntries(table: Readonly<Record<string, unknown>>, ignoreCase: boolean): readonly [string, unknown][] {
  const entries = Object.entries(table);
  if (!ignoreCase) return entries;
  const lower = new Map(entries.map(([key, value]) => [key.toLowerCase(), value]));
  // As the author writes them is how most values come, and to write one in lower case takes time.
  return [...new Map([...entries.map(([key]) => [key, lower.get(key.toLowerCase())] as const), ...lower])];
}

/** The text beside an enum id that the mapping does not give. */
function derivedSibling(
  { enum: captions, sibling }: Attribute,
  place: Place,
  literal: Readonly<Record<string, unknown>>,
): string | undefined {
  return captions && sibling && place.attributes[sibling] && literal[sibling] === undefined ? sibling : undefined;
}

function pathOf(place: Place, key: string): string {
  return place.path === '' ? key : `${place.path}.${key}`;
}

function isThere(variable: string): string {
  return `${variable} !== undefined`;
}

function isAlways({ constant, isSure }: Emitted): boolean {
  return constant !== undefined || isSure === true;
}

/** Statements that run where there is a value. */
function whereThere(emitted: Emitted, lines: readonly string[]): readonly string[] {
  return isAlways(emitted) ? lines : [`if (${isThere(emitted.variable)}) {`, ...lines, '}'];
}

/** Statements that run where the raw event gave the value, or it is a constant. */
function whereGiven({ given }: Emitted, lines: readonly string[]): readonly string[] {
  return given === false || lines.length === 0 ? lines : [`if (${given}) {`, ...lines, '}'];
}

/** Code of the test that the raw event gave any of the values; `false` where they are constants. */
function givenOf(values: Values): string | false {
  const given = [...values.values()].map((emitted) => emitted.given).filter((code) => code !== false);
  if (given.length === 0) return false;
  return [...new Set(given)].filter((code) => code !== 'false').join(' || ') || 'false';
}

function wordOf({ mark, owner }: Marked): string {
  return `${owner.name}.taken[${mark.word}]`;
}

/** The statements that set these marks, one for each word. */
function taken(marks: readonly (Marked | undefined)[]): string[] {
  const words = new Map<string, number>();
  for (const each of marks) if (each) words.set(wordOf(each), (words.get(wordOf(each)) ?? 0) | each.mark.bit);
  return [...words].map(([word, bits]) => `${word} |= ${bits};`);
}

function readKey(variable: string, object: string, key: string): string {
  if (isPosition(key)) return `rt.at(${variable}, ${Number(key)}, ${text(key)})`;
  if (INHERITED.has(key)) return `rt.own(${object}, ${text(key)})`;
  return `${object}${member(key)}`;
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

/** The paths at which a condition holds for one value alone, in upper or lower case. */
function comparedPaths(condition: Condition): readonly Path[] {
  if (condition.kind === 'all') return condition.of.flatMap(comparedPaths);
  if (condition.kind !== 'equals') return [];
  const values = new Set(condition.values.map((value) => String(value).toLowerCase()));
  return values.size === 1 ? [condition.path] : [];
}

function isConstant(literal: unknown): boolean {
  return typeof literal !== 'object' && literal !== undefined;
}

/** Code of the test that an object has what its type demands; undefined where the literal alone assures it. */
function wholeness(table: ObjectTable, literal: Readonly<Record<string, unknown>>, values: Values): string | undefined {
  const has = (name: string) => {
    const value = values.get(name);
    return value === undefined ? 'false' : isThere(value.variable);
  };
  const tests = Object.keys(literal)
    .filter((name) => table.attributes[name]?.requirement === 'required' && !isConstant(literal[name]))
    .map(has);
  const { at_least_one: some, just_one: one } = table.constraints;
  const written = (names: readonly string[]) => [...values.keys()].filter((name) => names.includes(name));
  if (some && !written(some).some((name) => isConstant(literal[name]))) {
    tests.push(written(some).map(has).join(' || ') || 'false');
  }
  if (one) tests.push(`(${['0', ...written(one).map((name) => `(${has(name)})`)].join(' + ')}) === 1`);
  if (tests.length < 2) return tests[0];
  return tests.map((test) => `(${test})`).join(' && ');
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
