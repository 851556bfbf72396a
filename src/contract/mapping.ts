// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type ClassName, DEFAULT_OCSF_VERSION, type EventOf, type OcsfVersion, type Profile } from '../ocsf/index.ts';

/** Turns a raw value into an OCSF value; `undefined` means "cannot": the raw value then stays in `unmapped`. */
export type Converter<T> = (value: unknown) => T | undefined;

/**
 * Where a raw value stands: keys joined by dots (`properties.status.code`); a dot inside a key is written `\.`.
 * Inside `each` a path starts at the item (`.` is the item itself); one that starts with `$.` starts at the event.
 * A numeric segment indexes an array. `ENVELOPE_TIME` stands for the envelope's time instead.
 */
export type Path = string;

/**
 * The path of the CloudEvent's `time`, when the source accepted the event: for what has no time of its own.
 * It may stand wherever a path is carried over, not in a condition of `when`.
 */
export const ENVELOPE_TIME = '$envelope.time';

/** A test on the raw event. Data, so that it can be compiled, documented and reasoned about. */
export type Condition =
  | { readonly kind: 'has'; readonly paths: readonly Path[] }
  | { readonly kind: 'equals'; readonly path: Path; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'contains'; readonly path: Path; readonly text: string }
  | { readonly kind: 'gives'; readonly of: Expression<unknown> }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

/** What a mapping literal holds in place of a value. */
export type Node =
  | { readonly kind: 'from'; readonly paths: readonly Path[]; readonly convert: Converter<unknown> }
  | {
      readonly kind: 'lookup';
      readonly path: Path;
      readonly table: Readonly<Record<string, unknown>>;
      readonly otherwise: unknown;
      readonly ignoreCase: boolean;
    }
  | { readonly kind: 'each'; readonly path: Path; readonly item: unknown; readonly where?: Condition }
  | { readonly kind: 'choose'; readonly when: Condition; readonly then: unknown; readonly otherwise?: unknown }
  | { readonly kind: 'compute'; readonly paths: readonly Path[]; readonly compute: (...values: never[]) => unknown };

/** An expression of a mapping that yields a `T`, or nothing. */
export interface Expression<T> {
  readonly node: Node;
  /** Only for the type checker; never present at run time. */
  readonly yields?: T;
}

type Scalar = string | number | boolean;

/** The shape of an OCSF value in a mapping: the value itself, or an expression for it, at every level. */
export type Literal<T> =
  | Expression<T>
  | (T extends Scalar
      ? T
      : T extends readonly (infer Item)[]
        ? readonly (Literal<Item> | Expression<Item[]>)[]
        : { readonly [Key in keyof T]: Literal<Exclude<T[Key], undefined>> });

/** Attributes the framework derives; a mapping that gives one of the optional ones overrides the derivation. */
type Derived = 'class_uid' | 'category_uid' | 'type_uid';

/** The event literal of a mapping to the OCSF class `C`: derived attributes left out, metadata without version. */
export type EventLiteral<C extends ClassName> = {
  readonly [Key in keyof Omit<EventOf<C>, Derived | 'metadata'>]: Literal<Exclude<EventOf<C>[Key], undefined>>;
} & { readonly metadata: Literal<Omit<EventOf<C>['metadata'], 'version'>> };

/** One event type of a source, mapped to one OCSF class. */
export interface Mapping<C extends ClassName = ClassName> {
  /** CloudEvent `type` of the stream the event arrives on. */
  readonly stream: string;
  /** Which raw events of the stream this mapping takes; mappings are asked in the order of their file names' priority. */
  readonly when: Condition;
  /** Mappings with a higher number are asked first; equal numbers must exclude each other. Default 0. */
  readonly priority?: number;
  readonly class: C;
  /**
   * OCSF versions it is made for, beside the default one that its literal is typed against. An attribute that such a
   * version lacks is left out there, and its raw values stay in `unmapped`; an enum id that it lacks becomes 99 with
   * its caption as text. What cannot be made to hold (no id 99, an attribute that only that version demands) is refused
   * when the mapping is compiled.
   */
  readonly versions?: readonly OcsfVersion[];
  /**
   * Where a version wants something else than the literal says: an attribute's name there, or `null` to leave it out,
   * by its path in the event: `{ '1.1.0': { 'actor.app_name': 'invoked_by', 'vulnerabilities[].cwe': null } }`. An
   * array of one item may take the name of a single value.
   */
  readonly adjust?: Partial<Record<OcsfVersion, Readonly<Record<string, string | null>>>>;
  readonly profiles?: readonly Profile[];
  /** Makes one OCSF event of each item of this array (paths then start at the item); `metadata.uid` gets `#n`. */
  readonly rows?: Path;
  readonly event: EventLiteral<C>;
}

/** A mapping to any class: a union by `class`, so that every expression in a literal knows the type it stands for. */
type AnyMapping = { [C in ClassName]: Mapping<C> }[ClassName];

/**
 * Declares how one event type of a source becomes an OCSF event.
 * The literal has the shape of the OCSF class, so an unknown attribute, a wrong enum id or a missing required
 * attribute does not compile.
 */
export function defineMapping(mapping: AnyMapping): Mapping {
  return mapping as Mapping;
}

/** The OCSF versions a mapping claims, the default one first. */
export function versionsOf(mapping: Pick<Mapping, 'versions'>): readonly OcsfVersion[] {
  return [...new Set<OcsfVersion>([DEFAULT_OCSF_VERSION, ...(mapping.versions ?? [])])];
}

/** Characters an OCSF text has at most (`string_t`). */
export const MAX_TEXT = 65_535;

/**
 * Text of a raw scalar; objects, arrays and text above the limit of OCSF cannot become text and stay in `unmapped`.
 * Empty text is no value.
 */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value.length > MAX_TEXT ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** The value at the first of `paths` that is present and convertible (default: as text). */
export function from(path: Path | readonly Path[]): Expression<string>;
export function from<T>(path: Path | readonly Path[], convert: Converter<T>): Expression<T>;
export function from(path: Path | readonly Path[], convert: Converter<unknown> = text): Expression<unknown> {
  return { node: { kind: 'from', paths: typeof path === 'string' ? [path] : path, convert } };
}

/** The table's value for the raw text at `path`; `otherwise` for anything the table does not know. */
export function lookup<const T extends Scalar>(
  path: Path,
  table: Readonly<Record<string, T>>,
  otherwise: T,
  options: { readonly ignoreCase?: boolean } = {},
): Expression<T> {
  return { node: { kind: 'lookup', path, table, otherwise, ignoreCase: options.ignoreCase ?? false } };
}

/**
 * One value per item of the array at `path`; `item` is a literal whose paths start at the item. It stands for an
 * array, or inside one among other values.
 */
export function each<T>(path: Path, item: NoInfer<Literal<T>>, where?: Condition): Expression<T[]> {
  return { node: { kind: 'each', path, item, ...(where ? { where } : {}) } };
}

/** `then` where the condition holds, else `otherwise` (or nothing). */
export function choose<T>(when: Condition, then: NoInfer<Literal<T>>, otherwise?: NoInfer<Literal<T>>): Expression<T> {
  return { node: { kind: 'choose', when, then, ...(otherwise === undefined ? {} : { otherwise }) } };
}

/**
 * The escape hatch: a plain function of the raw values at `paths` (unknown, possibly undefined).
 * It must be pure, must not throw, and yields a scalar, an array of scalars, or nothing.
 */
export function compute<T extends Scalar | readonly Scalar[]>(
  paths: readonly Path[],
  fn: (...values: unknown[]) => T | undefined,
): Expression<T> {
  return { node: { kind: 'compute', paths, compute: fn as (...values: never[]) => unknown } };
}

/** All of these paths hold a value (present and not null). */
export function has(...paths: readonly Path[]): Condition {
  return { kind: 'has', paths };
}

/** The value at `path` is one of `values`. */
export function equals(path: Path, ...values: readonly (string | number | boolean)[]): Condition {
  return { kind: 'equals', path, values };
}

/** The text at `path` contains `text`, whatever its case. */
export function contains(path: Path, text: string): Condition {
  return { kind: 'contains', path, text };
}

/**
 * The expression, one of `from` or `compute`, gives a value here: what stands at its paths can be converted. To ask takes
 * nothing over, so the raw values stay in `unmapped` unless an attribute takes them.
 */
export function gives(of: Expression<unknown>): Condition {
  return { kind: 'gives', of };
}

/** What the expression gives, one of `from` or `compute`; where it gives nothing, `otherwise`. */
export function orElse<T>(of: Expression<T>, otherwise: NoInfer<Literal<T>>): Expression<T> {
  return choose<T>(gives(of), of as Literal<T>, otherwise);
}

export function all(...of: readonly Condition[]): Condition {
  return { kind: 'all', of };
}

export function any(...of: readonly Condition[]): Condition {
  return { kind: 'any', of };
}

export function not(of: Condition): Condition {
  return { kind: 'not', of };
}
