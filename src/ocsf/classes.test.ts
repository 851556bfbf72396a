// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { schemas } from './generated/schemas.ts';
import { validators } from './generated/validators.ts';
import { type Attribute, attributesOf, type Constraints, type OcsfSchema } from './schema.ts';

// The validators are generated from the tables; here every class, attribute by attribute, is held against them.

const TEXTS: Readonly<Record<string, string>> = {
  datetime_t: '2024-10-27T03:33:20Z',
  email_t: 'bob@example.com',
  ip_t: '10.1.2.3',
  mac_t: '18:36:F3:98:4F:9A',
  uuid_t: '11111111-2222-3333-4444-555555555555',
  bytestring_t: 'YQ==',
};

const TIME = 1730000000000;

function scalar(attribute: Attribute): unknown {
  const [id] = Object.keys(attribute.enum ?? {});
  if (id !== undefined) return attribute.base === 'string' ? id : Number(id);
  if (attribute.base === 'boolean') return true;
  if (attribute.base === 'timestamp') return TIME;
  if (attribute.base === 'string' || attribute.base === 'datetime') return TEXTS[attribute.type] ?? 'x';
  return attribute.base === 'json' ? { any: ['json'] } : 1;
}

/** A value that is right for an attribute, with no more than is required in it. */
function value(schema: OcsfSchema, attribute: Attribute): unknown {
  const object = schema.objects[attribute.object ?? ''];
  const single = object ? least(schema, attributesOf(schema, attribute), object.constraints) : scalar(attribute);
  return attribute.array ? [single] : single;
}

function least(schema: OcsfSchema, attributes: Readonly<Record<string, Attribute>>, constraints: Constraints) {
  const object: Record<string, unknown> = {};
  const required = Object.keys(attributes).filter((name) => isRequired(attributes[name] as Attribute));
  for (const name of required) object[name] = value(schema, attributes[name] as Attribute);
  for (const names of [constraints.at_least_one ?? [], constraints.just_one ?? []]) {
    const [first = ''] = names.filter((name) => attributes[name] && !attributes[name].profiles);
    if (names.some((name) => name in object) || !attributes[first]) continue;
    object[first] = value(schema, attributes[first]);
  }
  return object;
}

function isRequired(attribute: Attribute): boolean {
  return attribute.requirement === 'required' && !attribute.profiles;
}

/** An event of a class that has nothing but what is required. */
function leastEvent(schema: OcsfSchema, className: string): Record<string, unknown> {
  const table = schema.classes[className];
  if (!table) throw new Error(`no class ${className}`);
  const event = least(schema, table.attributes, table.constraints);
  event.type_uid = Number(event.class_uid) * 100 + Number(event.activity_id ?? 0);
  event.metadata = { ...(event.metadata as object), version: schema.version };
  if (className === 'patch_state')
    event.device = { ...(event.device as object), os: { name: 'x', type_id: 100, version: '1' } };
  return event;
}

describe.each(Object.keys(schemas))('OCSF %s', (version) => {
  const schema = schemas[version] as OcsfSchema;
  const classNames = Object.keys(schema.classes);

  test.each(classNames)('%s: an event with what is required is right', async (className) => {
    const validate = (await validators[version]?.())?.[className];
    const errors = validate?.(leastEvent(schema, className)).filter(({ level }) => level === 'error');

    expect(errors).toEqual([]);
  });

  test.each(classNames)('%s: every attribute takes its own type and refuses others', async (className) => {
    const validate = (await validators[version]?.())?.[className];
    const event = leastEvent(schema, className);
    for (const [name, attribute] of Object.entries(schema.classes[className]?.attributes ?? {})) {
      if (name === 'metadata') continue;
      const profiles = attribute.profiles ?? [];
      const metadata = { ...(event.metadata as object), profiles };
      const about = (changed: unknown) =>
        validate?.({ ...event, metadata, [name]: changed }).filter(
          ({ path, level }) => level === 'error' && path.split(/[.[]/)[0] === name,
        );

      const right = name in event ? event[name] : value(schema, attribute);
      expect(about(right), name).toEqual([]);
      if (attribute.base !== 'json') expect(about(Symbol.for('x')), name).not.toEqual([]);
      if (profiles.length > 0) {
        const undeclared = validate?.({ ...event, [name]: right });
        expect(undeclared, name).toContainEqual(expect.objectContaining({ code: 'attribute_unknown', path: name }));
      }
      if (isRequired(attribute)) {
        const code = 'attribute_required_missing';
        expect(about(undefined), name).toContainEqual(expect.objectContaining({ code, path: name }));
      }
    }
  });
});
