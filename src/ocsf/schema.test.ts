// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import {
  type Attribute,
  attributeAt,
  attributesOf,
  captionOf,
  classTable,
  observableCaption,
  ocsfSchema,
  pathSegments,
  validatorName,
} from './schema.ts';

const schema = ocsfSchema();

function at(path: string): Attribute {
  const attribute = attributeAt(schema, 'detection_finding', path.split('.'));
  if (!attribute) throw new Error(`no ${path}`);
  return attribute;
}

test('the tables of a version hold its classes, categories and profiles', () => {
  expect(schema.version).toBe('1.3.0');
  expect(Object.keys(schema.classes)).toHaveLength(72);
  expect(classTable(schema, 'detection_finding')).toMatchObject({
    uid: 2004,
    caption: 'Detection Finding',
    categoryUid: 2,
    categoryName: 'Findings',
  });
  expect(schema.classes.authorize_session?.constraints).toEqual({ just_one: ['privileges', 'group'] });
  expect(schema.profiles.cloud?.caption).toBe('Cloud');
  expect(schema.categories.findings).toEqual({ uid: 2, caption: 'Findings' });
});

test('an attribute is found by the names on its path, through arrays and recursive objects', () => {
  expect(at('resources.owner.uid')).toMatchObject({ type: 'string_t', base: 'string', array: false });
  expect(at('resources')).toMatchObject({ base: 'object', object: 'resource_details', array: true });
  expect(at('evidences.process.parent_process.parent_process.pid').base).toBe('int32');
  expect(at('cloud')).toMatchObject({ requirement: 'required', profiles: ['cloud'] });
  expect(attributeAt(schema, 'detection_finding', ['resources', 'nobody'])).toBeUndefined();
  expect(attributeAt(schema, 'detection_finding', ['__proto__'])).toBeUndefined();
  expect(attributeAt(schema, 'detection_finding', ['time', 'x'])).toBeUndefined();
});

test('every type comes down to a physical base', () => {
  expect(at('time').base).toBe('timestamp');
  expect(at('time_dt').base).toBe('datetime');
  expect(at('type_uid').base).toBe('int64');
  expect(at('resources.data').base).toBe('json');
  expect(at('evidences.src_endpoint.port').base).toBe('int32');
  expect(at('evidences.src_endpoint.location.lat').base).toBe('double');
  expect(at('evidences.src_endpoint.ip').base).toBe('string');
});

test('an enum id has its caption, and its sibling a name', () => {
  expect(at('severity_id').sibling).toBe('severity');
  expect(captionOf(at('severity_id'), 4)).toBe('High');
  expect(captionOf(at('severity_id'), 7)).toBeUndefined();
  expect(captionOf(at('severity_id'), 'constructor')).toBeUndefined();
  expect(captionOf(at('time'), 1)).toBeUndefined();
});

test('an observable type comes from the scalar type, the attribute or the object', () => {
  expect(at('evidences.src_endpoint.ip').observable).toBe(2);
  expect(at('evidences.src_endpoint.port').observable).toBe(11);
  expect(at('evidences.process.cmd_line').observable).toBe(13);
  expect(at('evidences.process').observable).toBe(25);
  expect(at('finding_info.uid').observable).toBeUndefined();
  expect(observableCaption(schema, 2)).toBe('IP Address');
  expect(observableCaption(schema, 1000)).toBeUndefined();
});

test('a free-form object has no attributes', () => {
  expect(attributesOf(schema, at('unmapped'))).toEqual({});
});

test('a path falls into names, with a mark where an array stands', () => {
  expect(pathSegments('resources[].owner.uid')).toEqual([
    { name: 'resources', isArray: true },
    { name: 'owner', isArray: false },
    { name: 'uid', isArray: false },
  ]);
});

test('an unknown version or class is named, with the nearest known one', () => {
  expect(() => ocsfSchema('9.9.9')).toThrow('OCSF 9.9.9 has no tables here (known: 1.1.0, 1.3.0, 1.8.0');
  expect(() => ocsfSchema('__proto__')).toThrow('has no tables');
  expect(() => classTable(schema, 'detection_findings')).toThrow(
    expect.objectContaining({ code: 'SLK-OCSF-002', hint: 'Did you mean "detection_finding"?' }),
  );
});

test('a class knows the name of its validator', () => {
  expect(validatorName('detection_finding')).toBe('validateDetectionFinding');
});
