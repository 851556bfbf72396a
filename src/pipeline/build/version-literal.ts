// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Mapping, Node } from '../../contract/index.ts';
import { DEFAULT_OCSF_VERSION, type OcsfVersion } from '../../ocsf/index.ts';
import { attributeAt, ocsfSchema } from '../../ocsf/schema.ts';
import type { Attribute, ClassTable, OcsfSchema } from '../../ocsf/tables.ts';

/** An object of a mapping's literal, seen from one OCSF version. */
export interface LiteralPlace {
  readonly version: string;
  /** OCSF path of the object, `''` for the event; `[]` for items. */
  readonly path: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** The literal as a version takes it. */
export interface VersionLiteral {
  /** Under the names of the version; what it lacks is not in it. */
  readonly literal: Readonly<Record<string, unknown>>;
  /** OCSF paths that the version lacks; their raw values stay in `unmapped`. */
  readonly leftOut: readonly string[];
  /** Entries of `adjust` that were met. */
  readonly adjusted: readonly string[];
}

/**
 * Turns an object of a literal, which is typed against the default version, into that of another: `adjust` is applied,
 * an array of one item is that item where the version has a single value, and an attribute that the version lacks, has
 * in another shape, or has only with a profile that the mapping does not declare is left out. For the default version
 * nothing is left out: there it is a mistake of the author.
 */
export function literalFor(
  mapping: Mapping,
  literal: Readonly<Record<string, unknown>>,
  { version, path, attributes }: LiteralPlace,
): VersionLiteral {
  if (version === DEFAULT_OCSF_VERSION) return { literal, leftOut: [], adjusted: [] };
  const adjust = mapping.adjust?.[version as OcsfVersion] ?? {};
  const taken: Record<string, unknown> = {};
  const leftOut: string[] = [];
  const adjusted: string[] = [];
  for (const [key, value] of Object.entries(literal)) {
    if (value === undefined) continue;
    const own = path === '' ? key : `${path}.${key}`;
    const isAdjusted = Object.hasOwn(adjust, own);
    if (isAdjusted) adjusted.push(own);
    const name = isAdjusted ? adjust[own] : key;
    const attribute = typeof name === 'string' && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    const fitting = attribute && !lacksProfile(attribute, mapping) ? fittingValue(attribute, value) : undefined;
    if (typeof name === 'string' && fitting !== undefined) taken[name] = fitting;
    else leftOut.push(own);
  }
  return { literal: taken, leftOut, adjusted };
}

/** The event's literal with what the framework itself gives in every event, observables and `type_uid` aside. */
export function wholeEvent(
  version: string,
  mapping: Mapping,
  { uid, categoryUid }: Pick<ClassTable, 'uid' | 'categoryUid'>,
): Readonly<Record<string, unknown>> {
  const literal = mapping.event as unknown as Readonly<Record<string, unknown>>;
  const metadata = {
    ...(literal.metadata as Readonly<Record<string, unknown>>),
    version,
    ...(mapping.profiles ? { profiles: [...mapping.profiles] } : {}),
  };
  return { ...literal, category_uid: categoryUid, class_uid: uid, metadata };
}

/** Whether an attribute is only there with a profile, and the mapping declares none of those. */
export function lacksProfile({ profiles: needed }: Attribute, { profiles = [] }: Mapping): boolean {
  return needed !== undefined && !needed.some((profile) => (profiles as readonly string[]).includes(profile));
}

/** The id that OCSF has for what none of its ids says; the text beside it tells what it is. */
export const OTHER_ID = 99;

/**
 * The ids of the default version's enum at a path that another version does not define, with their captions; none where
 * the other version has no id 99 to stand for them.
 */
export function idsLacking(
  schema: OcsfSchema,
  className: string,
  path: string,
  { enum: own, array }: Attribute,
): Readonly<Record<string, string>> {
  if (schema.version === DEFAULT_OCSF_VERSION || !own || array || !Object.hasOwn(own, OTHER_ID)) return {};
  const usual = ocsfSchema(DEFAULT_OCSF_VERSION);
  if (!Object.hasOwn(usual.classes, className)) return {};
  const names = path.split('.').map((name) => name.replace('[]', ''));
  const captions = attributeAt(usual, className, names)?.enum ?? {};
  return Object.fromEntries(Object.entries(captions).filter(([id]) => !Object.hasOwn(own, id)));
}

/** The expression that a part of a literal is; undefined for a value, an object or an array. */
export function nodeOf(literal: unknown): Node | undefined {
  if (typeof literal !== 'object' || literal === null || !Object.hasOwn(literal, 'node')) return undefined;
  return (literal as { readonly node: Node }).node;
}

/**
 * What an attribute takes of the value that a literal gives: the value, or the item of an array of one where the
 * attribute is a single value. Undefined where it takes neither: of an array of several, no item is the one.
 */
export function fittingValue(attribute: Attribute, literal: unknown): unknown {
  const value = !attribute.array && Array.isArray(literal) && literal.length === 1 ? literal[0] : literal;
  return takes(attribute, value) ? value : undefined;
}

/** Whether an attribute takes the kind of value that a literal gives: an array, an object or neither. */
function takes(attribute: Attribute, literal: unknown): boolean {
  const node = nodeOf(literal);
  if (node?.kind === 'choose') return takes(attribute, node.then) && takes(attribute, node.otherwise ?? node.then);
  if (node) return node.kind !== 'each' || attribute.array;
  if (Array.isArray(literal)) return attribute.array;
  return (typeof literal === 'object' && literal !== null) === (attribute.base === 'object') && !attribute.array;
}
