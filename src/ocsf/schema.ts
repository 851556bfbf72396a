// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.ts';
import { ocsfClassUnknown, ocsfVersionUnknown } from '../errors/ocsf.ts';
import { schemas } from './generated/schemas.ts';
import { DEFAULT_OCSF_VERSION } from './index.ts';
import { nearest } from './nearest.ts';
import type { Attribute, ClassTable, OcsfSchema } from './tables.ts';

export { validatorName } from './names.ts';
export type {
  Attribute,
  Base,
  ClassTable,
  Constraints,
  Deprecation,
  ObjectTable,
  OcsfSchema,
  Requirement,
  ScalarType,
} from './tables.ts';

/**
 * The tables of an OCSF version. They are large: only tools load them, never what ships to a Lambda.
 * @throws Failure `SLK-OCSF-001` for a version without tables
 */
export function ocsfSchema(version: string = DEFAULT_OCSF_VERSION): OcsfSchema {
  if (!Object.hasOwn(schemas, version)) {
    throw new Failure(ocsfVersionUnknown, { version, known: Object.keys(schemas) });
  }
  return schemas[version] as OcsfSchema;
}

/**
 * The table of a class.
 * @throws Failure `SLK-OCSF-002` for a class that the version does not have
 */
export function classTable(schema: OcsfSchema, className: string): ClassTable {
  if (!Object.hasOwn(schema.classes, className)) {
    const candidate = nearest(className, Object.keys(schema.classes));
    throw new Failure(ocsfClassUnknown, { version: schema.version, className, nearest: candidate });
  }
  return schema.classes[className] as ClassTable;
}

/** The attributes an attribute's value has: those of its object type, none for scalars and for free-form objects. */
export function attributesOf(schema: OcsfSchema, attribute: Attribute): Readonly<Record<string, Attribute>> {
  return (attribute.object === undefined ? undefined : schema.objects[attribute.object]?.attributes) ?? {};
}

/**
 * The attribute at a path of names (`['resources', 'owner', 'uid']`; arrays take no segment), or undefined.
 * @throws Failure `SLK-OCSF-002` for a class that the version does not have
 */
export function attributeAt(schema: OcsfSchema, className: string, path: readonly string[]): Attribute | undefined {
  let attributes = classTable(schema, className).attributes;
  let found: Attribute | undefined;
  for (const name of path) {
    if (!Object.hasOwn(attributes, name)) return undefined;
    found = attributes[name] as Attribute;
    attributes = attributesOf(schema, found);
  }
  return found;
}

/** The caption of an enum id, as its sibling attribute holds it; undefined for an id that is not defined. */
export function captionOf(attribute: Attribute, id: string | number): string | undefined {
  return attribute.enum && Object.hasOwn(attribute.enum, id) ? attribute.enum[id] : undefined;
}

/** The caption of an observable `type_id` (2 -> `IP Address`). */
export function observableCaption(schema: OcsfSchema, typeId: number): string | undefined {
  const attribute = schema.objects.observable?.attributes.type_id;
  return attribute && captionOf(attribute, typeId);
}

/** Takes `resources[].owner.uid` apart into names; `isArray` where the name is followed by `[]`. */
export function pathSegments(path: string): readonly { readonly name: string; readonly isArray: boolean }[] {
  return path.split('.').map((segment) => {
    const isArray = segment.endsWith('[]');
    return { name: isArray ? segment.slice(0, -2) : segment, isArray };
  });
}
