// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { columnsFor } from './columns.ts';

function columns(...paths: string[]) {
  return columnsFor({ version: '1.3.0', className: 'detection_finding', paths });
}

test('scalars get the physical types Security Lake itself uses', () => {
  expect(columns('time', 'severity_id', 'type_uid', 'time_dt', 'message')).toEqual([
    { kind: 'leaf', name: 'message', type: 'string' },
    { kind: 'leaf', name: 'severity_id', type: 'int32' },
    { kind: 'leaf', name: 'time', type: 'int64' },
    { kind: 'leaf', name: 'time_dt', type: 'timestamp' },
    { kind: 'leaf', name: 'type_uid', type: 'int64' },
  ]);
});

test('objects become structs, arrays lists, free-form objects maps, JSON text', () => {
  expect(
    columns(
      'metadata.product.name',
      'metadata.version',
      'resources[].uid',
      'resources[].labels[]',
      'resources[].data',
      'unmapped',
    ),
  ).toEqual([
    {
      kind: 'struct',
      name: 'metadata',
      fields: [
        { kind: 'struct', name: 'product', fields: [{ kind: 'leaf', name: 'name', type: 'string' }] },
        { kind: 'leaf', name: 'version', type: 'string' },
      ],
    },
    {
      kind: 'list',
      name: 'resources',
      element: {
        kind: 'struct',
        name: 'element',
        fields: [
          { kind: 'leaf', name: 'data', type: 'string' },
          { kind: 'list', name: 'labels', element: { kind: 'leaf', name: 'element', type: 'string' } },
          { kind: 'leaf', name: 'uid', type: 'string' },
        ],
      },
    },
    { kind: 'map', name: 'unmapped' },
  ]);
});

test('booleans and floats keep their types', () => {
  const [device] = columns('device.is_managed', 'device.location.coordinates[]');

  expect(device).toEqual({
    kind: 'struct',
    name: 'device',
    fields: [
      { kind: 'leaf', name: 'is_managed', type: 'boolean' },
      {
        kind: 'struct',
        name: 'location',
        fields: [{ kind: 'list', name: 'coordinates', element: { kind: 'leaf', name: 'element', type: 'double' } }],
      },
    ],
  });
});

test('the order of the paths, and naming one twice, changes nothing', () => {
  expect(columns('time', 'cloud.region', 'resources.uid', 'time')).toEqual(
    columns('resources[].uid', 'time', 'cloud.region'),
  );
});

test('a further path leaves the order of the others', () => {
  const names = columns('time', 'cloud.region', 'unmapped').map(({ name }) => name);
  const more = columns('time', 'cloud.region', 'unmapped', 'message').map(({ name }) => name);

  expect(more.filter((name) => name !== 'message')).toEqual(names);
});

test('a path the class does not have is refused, with the nearest one', () => {
  expect(() => columns('finding_info.titel')).toThrow(
    expect.objectContaining({ code: 'SLK-OCSF-003', hint: 'Did you mean "title"?' }),
  );
  expect(() => columns('is_alert')).toThrow('"is_alert" is not defined there');
  expect(() => columns('__proto__')).toThrow('is not defined there');
  expect(() => columns('time.x')).toThrow('"x" is not defined there');
});

test('an object as a whole, and brackets after a single value, are refused', () => {
  expect(() => columns('finding_info')).toThrow('it is the object finding_info');
  expect(() => columns('finding_info[].uid')).toThrow('finding_info is no array');
});
