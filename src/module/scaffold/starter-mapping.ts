// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { type Attribute, attributesOf, type Constraints, classTable, ocsfSchema } from '../../ocsf/schema.ts';
import { camelCase } from '../names.ts';

/** A first mapping to an OCSF class, and an event that it takes. */
export interface StarterMapping {
  /** Text of the mapping's file. */
  readonly code: string;
  /** Name of the mapping's file and of its sample: `api-activity`. */
  readonly case: string;
  /** What the raw events call themselves in `eventType`. */
  readonly eventType: string;
  /** `API Activity (6003)` */
  readonly caption: string;
  /** A raw event with every path that the mapping reads. */
  readonly sample: Readonly<Record<string, unknown>>;
}

/** Derived by the framework, or the same in every starter. */
const GIVEN = new Set(['class_uid', 'category_uid', 'type_uid', 'activity_id', 'severity_id', 'time', 'metadata']);
/** What is taken where any one of some attributes will do, the first that is among them. */
const PREFERRED = ['user', 'ip', 'name', 'uid', 'version', 'hostname', 'service'];

/** By type: the converter that reads it from JSON, where text will not do, and a value that it takes. */
const VALUES: Readonly<Record<string, { readonly convert?: string; readonly value: unknown }>> = {
  ip_t: { convert: 'ip', value: '203.0.113.7' },
  timestamp_t: { convert: 'isoMs', value: '2026-03-04T12:00:00.000Z' },
  integer_t: { convert: 'integer', value: 200 },
  port_t: { convert: 'port', value: 443 },
  long_t: { convert: 'long', value: 200 },
  float_t: { convert: 'float', value: 0.5 },
  boolean_t: { convert: 'boolean', value: true },
  email_t: { value: 'ada@example.com' },
  hostname_t: { value: 'host.example.com' },
  mac_t: { value: '00:00:5e:00:53:01' },
  url_t: { value: 'https://example.com/' },
  file_name_t: { value: 'example.txt' },
};

interface Field {
  readonly attribute: Attribute;
  readonly fields: Map<string, Field>;
}

/**
 * A mapping with every attribute that the class requires, each read from a path of its own name, to be changed to what
 * the source sends. `vendor` names the product.
 * @throws Failure `SLK-OCSF-002` for a class that the default OCSF version does not have
 */
export function starterMapping(className: string, vendor: string): StarterMapping {
  const schema = ocsfSchema();
  const table = classTable(schema, className);
  const fields = fieldsOf(table.attributes, table.constraints);
  const name = className.replaceAll('_', '-');
  const eventType = className.replaceAll('_', '.');
  const converters = new Set<string>();
  const isSent = { message: 'message' in table.attributes, outcome: isOutcome(table.attributes.status_id) };
  const event = [
    `    activity_id: ${firstId(table.attributes.activity_id)},`,
    `    time: from('published', isoMs),`,
    `    severity_id: 1,`,
    ...(isSent.message ? [`    message: from('message'),`] : []),
    ...(isSent.outcome ? [`    status_id: lookup('outcome', { SUCCESS: 1, FAILURE: 2 }, 0),`] : []),
    ...literal(
      [...fields].filter(([field]) => !(field === 'status_id' && isSent.outcome)),
      [],
      '    ',
      converters,
    ),
    `    metadata: {`,
    `      product: { name: '${vendor}', vendor_name: '${vendor}' },`,
    `      event_code: from('eventType'),`,
    `      original_time: from('published'),`,
    `    },`,
  ];
  const used = ['defineMapping', 'equals', 'from', 'isoMs', ...(isSent.outcome ? ['lookup'] : []), ...converters];
  const code = `// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ${[...new Set(used)].toSorted().join(', ')} } from 'slake/contract';
import { STREAM } from './shapes/stream.ts';

/** Events of ${vendor} as ${table.caption}. */
export const ${camelCase(name)} = defineMapping({
  stream: STREAM,
  when: equals('eventType', '${eventType}'),
  class: '${className}',
  event: {
${event.join('\n')}
  },
});
`;
  const sample = {
    id: '5b0a3a1c-2f5e-4a55-9f0e-6a4b1d6f7c01',
    published: '2026-03-04T12:00:00.000Z',
    eventType,
    ...(isSent.outcome ? { outcome: 'SUCCESS' } : {}),
    ...(isSent.message ? { message: `A sample of ${table.caption}` } : {}),
    ...(sampleOf(fields) as object),
  };
  return { code, case: name, eventType, caption: `${table.caption} (${table.uid})`, sample };

  function fieldsOf(attributes: Readonly<Record<string, Attribute>>, constraints: Constraints): Map<string, Field> {
    const found = new Map<string, Field>();
    for (const [attributeName, attribute] of Object.entries(attributes)) {
      if (attribute.requirement !== 'required' || attribute.profiles || GIVEN.has(attributeName)) continue;
      found.set(attributeName, fieldOf(attribute));
    }
    for (const paths of [constraints.at_least_one, constraints.just_one]) {
      // A constraint may name what only a profile brings in.
      const known = paths?.filter((path) => (path.split('.')[0] ?? '') in attributes) ?? [];
      if (known.length === 0 || known.some((path) => found.has(path))) continue;
      addPath(
        found,
        attributes,
        (PREFERRED.find((preferred) => known.includes(preferred)) ?? known[0] ?? '').split('.'),
      );
    }
    return found;
  }

  function fieldOf(attribute: Attribute): Field {
    const attributes = attributesOf(schema, attribute);
    const constraints = attribute.object ? (schema.objects[attribute.object]?.constraints ?? {}) : {};
    const found = fieldsOf(attributes, constraints);
    if (found.size === 0) {
      // An object in which nothing is demanded still has to hold something.
      const texts = Object.keys(attributes).filter((key) => attributes[key]?.type === 'string_t');
      const chosen = PREFERRED.find((preferred) => texts.includes(preferred)) ?? texts[0];
      if (chosen) addPath(found, attributes, [chosen]);
    }
    return { attribute, fields: found };
  }

  function addPath(found: Map<string, Field>, attributes: Readonly<Record<string, Attribute>>, path: string[]): void {
    const [first, ...rest] = path;
    const attribute = first === undefined ? undefined : attributes[first];
    if (first === undefined || !attribute) return;
    const field = found.get(first) ?? fieldOf(attribute);
    found.set(first, field);
    if (rest.length > 0) addPath(field.fields, attributesOf(schema, attribute), rest);
  }
}

/** Lines of an object literal; paths are those of the raw event, or of the item inside a list. */
function literal(
  fields: Iterable<readonly [string, Field]>,
  path: readonly string[],
  indent: string,
  converters: Set<string>,
): string[] {
  return [...fields].flatMap(([name, { attribute, fields: inner }]) => {
    const here = [...path, camelCase(name)];
    if (inner.size > 0 && attribute.array) {
      converters.add('each');
      const item = literal(inner, [], `${indent}  `, converters);
      return [`${indent}${name}: each('${here.join('.')}', {`, ...item, `${indent}}),`];
    }
    if (inner.size > 0) {
      return [`${indent}${name}: {`, ...literal(inner, here, `${indent}  `, converters), `${indent}},`];
    }
    if (attribute.enum && attribute.base === 'int32') return [`${indent}${name}: ${firstId(attribute)},`];
    const convert = attribute.array ? 'texts' : VALUES[attribute.type]?.convert;
    if (convert) converters.add(convert);
    return [`${indent}${name}: from('${here.join('.')}'${convert ? `, ${convert}` : ''}),`];
  });
}

/** The value of every path that the literal reads. */
function sampleOf(fields: ReadonlyMap<string, Field>): Record<string, unknown> {
  const sample: Record<string, unknown> = {};
  for (const [name, { attribute, fields: inner }] of fields) {
    if (inner.size === 0 && attribute.enum && attribute.base === 'int32') continue;
    const value = inner.size > 0 ? sampleOf(inner) : (VALUES[attribute.type]?.value ?? `sample ${name}`);
    sample[camelCase(name)] = attribute.array ? [value] : value;
  }
  return sample;
}

/** Whether 1 and 2 mean success and failure: of findings they are the state of the work on them. */
function isOutcome(status: Attribute | undefined): boolean {
  return status?.enum?.['1'] === 'Success' && status.enum['2'] === 'Failure';
}

/** The first id that says something: neither Unknown (0) nor Other (99), where there is one. */
function firstId(attribute: Attribute | undefined): number {
  const ids = Object.keys(attribute?.enum ?? {}).map(Number);
  return ids.find((id) => id !== 0 && id !== 99) ?? 0;
}
