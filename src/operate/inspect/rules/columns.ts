// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../../errors/counted.ts';
import { leafTypeOf } from '../../../ocsf/columns.ts';
import { schemas } from '../../../ocsf/generated/schemas.ts';
import { attributesOf } from '../../../ocsf/schema.ts';
import type { Attribute, OcsfSchema } from '../../../ocsf/tables.ts';
import { type FileColumn, leavesOf, sourceColumn } from '../file-column.ts';
import { type LakeObject, type LakeRule, shortList } from '../rule.ts';

/** Which columns an object has, and of which types. */
export const columnRules: readonly LakeRule[] = [
  {
    code: 'LAKE-COLUMNS-001',
    title: 'The columns are those of the source',
    level: 'error',
    why: 'A table has the columns of its first objects; new ones are seen only after the crawler has run again.',
    how: 'Names and types in the footer against those that follow from the mappings of the module.',
    fix: 'Deploy the version of the module that wrote the object, or write it again from its raw object.',
    look({ file, source, rows: { versions } }) {
      if (!source) return { notChecked: 'the source is not one of a module here' };
      if (!source.columns) {
        const [version] = versions.keys();
        const why =
          version === undefined ? 'no row tells an OCSF version' : `${source.name} is not written in ${version}`;
        return { notChecked: why };
      }
      const wanted = leavesOf(source.columns.map(sourceColumn));
      const found = leavesOf(file.columns);
      const missing = [...wanted.keys()].filter((path) => !found.has(path));
      const further = [...found.keys()].filter((path) => !wanted.has(path));
      const other = [...wanted].flatMap(([path, type]) => {
        const own = found.get(path);
        return own === undefined || own === type ? [] : [`${path} is ${own}, not ${type}`];
      });
      return [
        ...told(missing, 'is missing', 'are missing'),
        ...told(further, 'is not of the source', 'are not of the source'),
        ...told(other, 'has another type', 'have other types'),
      ];
    },
  },
  {
    code: 'LAKE-TYPE-001',
    title: 'Columns have the types of their OCSF attributes',
    level: 'warning',
    why: 'Tables of a lake are joined and searched together; a number that is text in one of them is not found.',
    how: 'The types in the footer against those of the class: integer_t INT32, long_t and timestamp_t INT64, text UTF8.',
    fix: 'Write with a fixed schema instead of one that the writer infers from the rows.',
    look(object) {
      // LAKE-COLUMNS-001 compares types too, with those of the source.
      if (object.source?.columns) return [];
      const known = classOf(object);
      if (!known) return { notChecked: 'the rows are not of one class and version that are known here' };
      const found: { path: string; why: string }[] = [];
      compare(object.file.columns, known.attributes, '', known.schema, found);
      return told(
        found.map(({ path, why }) => `${path} ${why}`),
        'does not fit',
        'do not fit',
      );
    },
  },
];

function told(columns: readonly string[], one: string, many: string): string[] {
  if (columns.length === 0) return [];
  return [`${counted(columns.length, `column ${one}`, `columns ${many}`)}: ${shortList(columns)}`];
}

function classOf({ rows: { versions, classes } }: LakeObject) {
  const [version = '', ...otherVersions] = versions.keys();
  const [uid, ...otherClasses] = classes.keys();
  const schema = Object.hasOwn(schemas, version) ? schemas[version] : undefined;
  if (!schema || otherVersions.length + otherClasses.length > 0) return undefined;
  const table = Object.values(schema.classes).find((each) => String(each.uid) === uid);
  return table && { schema, attributes: table.attributes };
}

function compare(
  columns: readonly FileColumn[],
  attributes: Readonly<Record<string, Attribute>>,
  prefix: string,
  schema: OcsfSchema,
  found: { path: string; why: string }[],
): void {
  for (const column of columns) {
    const path = prefix === '' ? column.name : `${prefix}.${column.name}`;
    const attribute = Object.hasOwn(attributes, column.name) ? attributes[column.name] : undefined;
    if (!attribute) found.push({ path, why: 'is no attribute' });
    else if (attribute.array !== (column.kind === 'list')) {
      found.push({ path, why: `is ${words(column)}, not ${attribute.array ? 'a list' : 'a single value'}` });
    } else {
      const one = column.kind === 'list' ? column.children[0] : column;
      if (one) compareOne(one, attribute, path);
    }
  }

  function compareOne(column: FileColumn, attribute: Attribute, path: string): void {
    const inner = attributesOf(schema, attribute);
    if (attribute.base !== 'object') {
      const type = leafTypeOf(attribute.base);
      if (column.kind !== 'leaf' || column.type !== type) found.push({ path, why: `is ${words(column)}, not ${type}` });
    } else if (Object.keys(inner).length === 0) {
      if (column.kind !== 'map' || column.type !== undefined)
        found.push({ path, why: `is ${words(column)}, not a map of texts` });
    } else if (column.kind !== 'struct') found.push({ path, why: `is ${words(column)}, not a struct` });
    else compare(column.children, inner, path, schema, found);
  }
}

function words({ kind, type }: FileColumn): string {
  return type ?? (kind === 'leaf' ? 'unknown' : `a ${kind}`);
}
