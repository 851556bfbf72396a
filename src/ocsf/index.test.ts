// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { type ClassName, DEFAULT_OCSF_VERSION, type EventOf, type ObjectOf, type Profile } from './index.ts';

// What must not compile stands under @ts-expect-error: tsc fails where it compiles after all.

const base = {
  activity_id: 1,
  category_uid: 2,
  class_uid: 2004,
  type_uid: 200401,
  severity_id: 4,
  time: 1730000000000,
  metadata: { version: '1.3.0', product: { vendor_name: 'Contoso' } },
  finding_info: { uid: 'f-1', title: 'Port scan' },
} satisfies EventOf<'detection_finding'>;

const complete: EventOf<'detection_finding'> = {
  ...base,
  raw_data: '{}',
  unmapped: { 'properties.a': 'x' },
  cloud: { provider: 'Azure', account: { uid: 's-1', type_id: 99, type: 'Azure Subscription' } },
  resources: [{ uid: 'r-1', owner: { name: 'bob', type_id: 1 }, data: { any: ['json'] } }],
  evidences: [{ process: { pid: 1, parent_process: { pid: 2, parent_process: { pid: 3 } } } }],
};

// @ts-expect-error an enum id that is not defined
const wrongEnum: EventOf<'detection_finding'> = { ...base, severity_id: 7 };
// @ts-expect-error an attribute of later versions
const unknownAttribute: EventOf<'detection_finding'> = { ...base, is_alert: true };
// @ts-expect-error finding_info.title is required
const missingNested: EventOf<'detection_finding'> = { ...base, finding_info: { uid: 'f-1' } };
// @ts-expect-error product.vendor_name is required
const missingDeep: EventOf<'detection_finding'> = { ...base, metadata: { version: '1.3.0', product: { name: 'x' } } };
// @ts-expect-error a string where a timestamp stands
const wrongType: EventOf<'detection_finding'> = { ...base, time: '2024-10-27T03:33:20Z' };
// @ts-expect-error one object where an array of them stands
const notAnArray: EventOf<'detection_finding'> = { ...base, resources: { uid: 'r-1' } };
// @ts-expect-error an attribute that the nested object does not have
const unknownNested: EventOf<'detection_finding'> = { ...base, cloud: { provider: 'Azure', tenant: 'x' } };
// @ts-expect-error the uid of another class
const otherClass: EventOf<'api_activity'>['class_uid'] = 2004;
// @ts-expect-error text in unmapped only
const unmappedNumber: EventOf<'detection_finding'> = { ...base, unmapped: { count: 1 } };
// @ts-expect-error an HTTP method that is none
const wrongMethod: ObjectOf<'http_request'> = { http_method: 'FETCH' };
// @ts-expect-error no such class
const className: ClassName = 'detection';
// @ts-expect-error no such profile
const profile: Profile = 'clouds';

test('events of a class are typed to the last enum id', () => {
  const refused = [wrongEnum, unknownAttribute, missingNested, missingDeep, wrongType, notAnArray, unknownNested];
  const names = [otherClass, unmappedNumber, wrongMethod, className, profile];

  expect(complete.class_uid).toBe(2004);
  expect([...refused, ...names]).toHaveLength(12);
});

test('the default version is the newest that Security Lake takes', () => {
  expect(DEFAULT_OCSF_VERSION).toBe('1.3.0');
});
