// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.ts';
import { ocsfPathNotColumn, ocsfPathUnknown } from '../errors/ocsf.ts';
import type { Column, LeafType } from './column.ts';
import { nearest } from './nearest.ts';
import { attributesOf, classTable, ocsfSchema, pathSegments } from './schema.ts';
import type { Attribute, Base, OcsfSchema } from './tables.ts';

/** What the columns are derived from; a path is `finding_info.uid`, `resources[].uid` (the brackets may be left out). */
export interface ColumnsRequest {
  readonly version: string;
  readonly className: string;
  readonly paths: readonly string[];
}

/**
 * The Parquet columns that hold exactly the attributes at `paths`, sorted by name at every level, so that a further
 * path adds its columns and changes no other. A free-form object (`unmapped`) becomes a map; any other object must be
 * named by the attributes inside it.
 * @throws Failure `SLK-OCSF-003` for a path the class does not have, `SLK-OCSF-004` for one that gives no column
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 */
export function columnsFor({ version, className, paths }: ColumnsRequest): Column[] {
  const schema = ocsfSchema(version);
  const { attributes } = classTable(schema, className);
  const root: Branch = { children: new Map() };
  for (const path of paths) grow(root, path, { schema, className, attributes });
  return columns(root);
}

interface Branch {
  readonly children: Map<string, { readonly attribute: Attribute; readonly branch: Branch }>;
}

interface Scope {
  readonly schema: OcsfSchema;
  readonly className: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

function grow(root: Branch, path: string, { schema, className, attributes: rootAttributes }: Scope): void {
  let attributes = rootAttributes;
  let branch = root;
  let last: Attribute | undefined;
  for (const { name, isArray } of pathSegments(path)) {
    if (!Object.hasOwn(attributes, name)) {
      const candidate = nearest(name, Object.keys(attributes));
      throw new Failure(ocsfPathUnknown, {
        version: schema.version,
        className,
        path,
        segment: name,
        nearest: candidate,
      });
    }
    last = attributes[name] as Attribute;
    if (isArray && !last.array) throw new Failure(ocsfPathNotColumn, { className, path, why: `${name} is no array` });
    const child = branch.children.get(name) ?? { attribute: last, branch: { children: new Map() } };
    branch.children.set(name, child);
    branch = child.branch;
    attributes = attributesOf(schema, last);
  }
  if (last?.base === 'object' && Object.keys(attributes).length > 0) {
    throw new Failure(ocsfPathNotColumn, { className, path, why: `it is the object ${last.object}` });
  }
}

const LEAVES: Readonly<Record<Exclude<Base, 'object'>, LeafType>> = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'int64',
  datetime: 'timestamp',
  json: 'string',
};

/** The physical type of a scalar attribute's column. */
export function leafTypeOf(base: Exclude<Base, 'object'>): LeafType {
  return LEAVES[base];
}

function columns(branch: Branch): Column[] {
  return [...branch.children]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { attribute, branch: inner }]) =>
      attribute.array
        ? { kind: 'list', name, element: column('element', attribute, inner) }
        : column(name, attribute, inner),
    );
}

function column(name: string, attribute: Attribute, branch: Branch): Column {
  if (attribute.base !== 'object') return { kind: 'leaf', name, type: leafTypeOf(attribute.base) };
  if (branch.children.size === 0) return { kind: 'map', name };
  return { kind: 'struct', name, fields: columns(branch) };
}
