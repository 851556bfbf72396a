// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { z } from 'zod';
import { Failure } from '../../errors/failure.ts';
import { ocsfDocumentInvalid } from '../../errors/ocsf.ts';
import type { Attribute, Base, ClassTable, Constraints, ObjectTable, OcsfSchema, ScalarType } from '../tables.ts';

const Name = z.string().regex(/^[a-z][a-z0-9_]*$/);
const Deprecated = z.object({ since: z.string() });

const DocumentAttribute = z.object({
  type: z.string(),
  object_type: z.string().optional(),
  is_array: z.boolean().optional(),
  requirement: z.enum(['required', 'recommended', 'optional']),
  enum: z.record(z.string(), z.object({ caption: z.string() })).optional(),
  sibling: z.string().optional(),
  profiles: z.array(z.string()).nullish(),
  observable: z.int().optional(),
  '@deprecated': Deprecated.optional(),
});
type DocumentAttribute = z.infer<typeof DocumentAttribute>;

const Attributes = z.record(Name, DocumentAttribute);
const DocumentConstraints = z.strictObject({
  at_least_one: z.array(z.string()).optional(),
  just_one: z.array(z.string()).optional(),
});

const DocumentType = z.object({
  type: z.string().optional(),
  max_len: z.int().optional(),
  range: z.tuple([z.number(), z.number()]).optional(),
  regex: z.string().optional(),
  values: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  observable: z.int().optional(),
});
type DocumentType = z.infer<typeof DocumentType>;

/** The parts of a compiled schema that become tables; everything else, descriptions above all, is left behind. */
const Document = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  categories: z.object({ attributes: z.record(z.string(), z.object({ uid: z.int(), caption: z.string() })) }),
  profiles: z.record(z.string(), z.object({ caption: z.string() })),
  dictionary: z.object({ types: z.object({ attributes: z.record(Name, DocumentType) }) }),
  classes: z.record(
    Name,
    z.object({
      uid: z.int(),
      caption: z.string(),
      category_uid: z.int(),
      attributes: Attributes,
      profiles: z.array(z.string()).optional(),
      constraints: DocumentConstraints.optional(),
      '@deprecated': Deprecated.optional(),
    }),
  ),
  objects: z.record(
    Name,
    z.object({
      caption: z.string(),
      attributes: Attributes,
      constraints: DocumentConstraints.optional(),
      observable: z.int().optional(),
      '@deprecated': Deprecated.optional(),
    }),
  ),
});
type Document = z.infer<typeof Document>;

/** Types whose base their supertype does not tell. */
const BASES: Readonly<Record<string, ScalarType['base']>> = {
  string_t: 'string',
  integer_t: 'int32',
  long_t: 'int64',
  float_t: 'double',
  boolean_t: 'boolean',
  timestamp_t: 'timestamp',
  datetime_t: 'datetime',
  json_t: 'json',
};

/**
 * Reads a compiled OCSF schema: the JSON that ocsf-schema-compiler prints.
 * @param text the document; `file` is only named in failures
 * @throws Failure `SLK-OCSF-005` where the document has not that form
 * @see https://github.com/ocsf/ocsf-schema-compiler
 */
export function readSchema(text: string, file: string): OcsfSchema {
  const document = parse(text, file);
  const types = mapSorted(document.dictionary.types.attributes, (type, name) =>
    scalarType(type, name, document.dictionary.types.attributes, file),
  );
  const attribute = attributeReader(document, types, file);
  return {
    version: document.version,
    classes: mapSorted(document.classes, (table, name): ClassTable => {
      const attributes = mapSorted(table.attributes, attribute);
      return {
        name,
        uid: table.uid,
        caption: table.caption,
        categoryUid: table.category_uid,
        categoryName: attributes.category_uid?.enum?.[table.category_uid] ?? '',
        attributes: knownSiblings(attributes),
        constraints: constraints(table.constraints),
        profiles: [...(table.profiles ?? [])].sort(),
        ...deprecation(table['@deprecated']),
      };
    }),
    objects: mapSorted(
      document.objects,
      (table, name): ObjectTable => ({
        name,
        caption: table.caption,
        attributes: knownSiblings(mapSorted(table.attributes, attribute)),
        constraints: constraints(table.constraints),
        ...(table.observable === undefined ? {} : { observable: table.observable }),
        ...deprecation(table['@deprecated']),
      }),
    ),
    types,
    profiles: mapSorted(document.profiles, ({ caption }) => ({ caption })),
    categories: mapSorted(document.categories.attributes, ({ uid, caption }) => ({ uid, caption })),
  };
}

function parse(text: string, file: string): Document {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Failure(ocsfDocumentInvalid, { file, why: 'it is no JSON' }, { cause: error });
  }
  const result = Document.safeParse(json);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new Failure(ocsfDocumentInvalid, { file, why: `${first?.path.join('.')}: ${first?.message}` });
}

function scalarType(
  type: DocumentType,
  name: string,
  types: Readonly<Record<string, DocumentType>>,
  file: string,
): ScalarType {
  const base = BASES[name] ?? (type.type === undefined ? undefined : BASES[type.type]);
  if (base === undefined || (type.type !== undefined && !(type.type in types))) {
    throw new Failure(ocsfDocumentInvalid, { file, why: `type ${name} comes down to nothing known` });
  }
  return {
    base,
    ...(type.type === undefined ? {} : { of: type.type }),
    ...(type.max_len === undefined ? {} : { maxLen: type.max_len }),
    ...(type.range === undefined ? {} : { range: type.range }),
    ...(type.regex === undefined ? {} : { regex: type.regex }),
    ...(type.values === undefined || base === 'boolean' ? {} : { values: type.values }),
    ...(type.observable === undefined ? {} : { observable: type.observable }),
  };
}

function attributeReader(document: Document, types: Readonly<Record<string, ScalarType>>, file: string) {
  return (source: DocumentAttribute, name: string): Attribute => {
    const isObject = source.type === 'object_t';
    const scalar = types[source.type];
    const object = isObject ? document.objects[source.object_type ?? ''] : undefined;
    const base: Base | undefined = isObject ? object && 'object' : scalar?.base;
    if (base === undefined) {
      throw new Failure(ocsfDocumentInvalid, { file, why: `attribute ${name} has the unknown type ${source.type}` });
    }
    const observable = source.observable ?? scalar?.observable ?? object?.observable;
    return {
      type: source.type,
      base,
      ...(isObject ? { object: source.object_type } : {}),
      array: source.is_array ?? false,
      requirement: source.requirement,
      ...(source.enum ? { enum: mapSorted(source.enum, ({ caption }) => caption) } : {}),
      ...(source.sibling && source.enum ? { sibling: source.sibling } : {}),
      ...(source.profiles?.length ? { profiles: [...source.profiles].sort() } : {}),
      ...(observable === undefined ? {} : { observable }),
      ...deprecation(source['@deprecated']),
    };
  };
}

/** Some objects name a sibling that they do not have. */
function knownSiblings(attributes: Record<string, Attribute>): Record<string, Attribute> {
  return mapSorted(attributes, (attribute) => {
    if (attribute.sibling === undefined || attribute.sibling in attributes) return attribute;
    const { sibling: _, ...rest } = attribute;
    return rest;
  });
}

function constraints(source: Constraints | undefined): Constraints {
  return {
    ...(source?.at_least_one ? { at_least_one: source.at_least_one } : {}),
    ...(source?.just_one ? { just_one: source.just_one } : {}),
  };
}

function deprecation(source: { since: string } | undefined): { deprecated?: { since: string } } {
  return source ? { deprecated: { since: source.since } } : {};
}

function mapSorted<In, Out>(source: Readonly<Record<string, In>>, map: (value: In, name: string) => Out) {
  const result: Record<string, Out> = {};
  for (const name of Object.keys(source).sort()) result[name] = map(source[name] as In, name);
  return result;
}
