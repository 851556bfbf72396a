// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  validateAuthorizeSession,
  validateDetectionFinding,
  validateDnsActivity,
  validatePatchState,
  validateSecurityFinding,
  validators,
} from './generated/1.3.0/validators.ts';
import type { EventOf } from './index.ts';
import { type Issue, validatorFor } from './validate.ts';

const good = {
  activity_id: 1,
  activity_name: 'Create',
  category_uid: 2,
  category_name: 'Findings',
  class_uid: 2004,
  class_name: 'Detection Finding',
  type_uid: 200401,
  type_name: 'Detection Finding: Create',
  severity_id: 4,
  severity: 'High',
  time: 1730000000000,
  time_dt: '2024-10-27T03:33:20Z',
  metadata: {
    version: '1.3.0',
    uid: 'e-1',
    profiles: ['cloud', 'datetime'],
    product: { name: 'Defender', vendor_name: 'Microsoft' },
  },
  cloud: { provider: 'Azure', account: { uid: 's-1', type_id: 99, type: 'Azure Subscription' } },
  finding_info: { uid: 'f-1', title: 'Port scan', types: ['Recon', 'Scan'], created_time: 1730000000000 },
  resources: [
    { uid: 'r-1', data: { any: ['json'] } },
    { name: 'r-2', owner: { name: 'bob', type_id: 1 } },
  ],
  evidences: [
    {
      src_endpoint: { ip: '10.1.2.3', port: 445, hostname: 'vm1.example.com', mac: '18:36:F3:98:4F:9A' },
      process: { pid: 7, parent_process: { pid: 1 }, file: { name: 'a.exe', type_id: 1, type: 'Regular File' } },
      url: { url_string: 'https://example.com', categories: ['Adult/Mature Content'], category_ids: [1] },
    },
  ],
  raw_data: '{}',
  unmapped: { 'properties.a': 'x' },
} satisfies EventOf<'detection_finding'>;

/** `good` with other values at paths (`resources.0.uid`); undefined takes the attribute away. */
function but(changes: Record<string, unknown>): Record<string, unknown> {
  const event = structuredClone(good) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() as string;
    let holder = event;
    for (const key of keys) holder = holder[key] as Record<string, unknown>;
    Object.defineProperty(holder, last, { value, enumerable: true, configurable: true, writable: true });
  }
  return event;
}

function found(issues: readonly Issue[]): string[] {
  return issues.map(({ level, code, path }) => `${level} ${code} ${path}`);
}

function issuesOf(changes: Record<string, unknown>): string[] {
  return found(validateDetectionFinding(but(changes)));
}

test('an event that is right has no issue', () => {
  expect(validateDetectionFinding(good)).toEqual([]);
});

test('null and undefined are absent', () => {
  expect(issuesOf({ raw_data: null, message: undefined, 'resources.0.name': null })).toEqual([]);
  expect(issuesOf({ severity_id: null })).toEqual(['error attribute_required_missing severity_id']);
});

test.each([
  ['unknown attribute', { is_alert: true }, ['error attribute_unknown is_alert']],
  ['unknown, nested', { 'cloud.account.tenant': 'x' }, ['error attribute_unknown cloud.account.tenant']],
  ['unknown, in an array', { 'resources.1.x': 1 }, ['error attribute_unknown resources[1].x']],
  ['a prototype key', { 'cloud.__proto__': {} }, ['error attribute_unknown cloud.__proto__']],
  ['a key of Object', { constructor: 'x' }, ['error attribute_unknown constructor']],
  ['missing', { time: undefined }, ['error attribute_required_missing time']],
  ['missing, nested', { 'finding_info.title': undefined }, ['error attribute_required_missing finding_info.title']],
  [
    'missing, deep',
    { 'metadata.product': { uid: 'p' } },
    ['error attribute_required_missing metadata.product.vendor_name'],
  ],
  ['number for text', { message: 1 }, ['error attribute_wrong_type message']],
  ['text for a number', { count: '1' }, ['error attribute_wrong_type count']],
  ['fraction for an integer', { count: 1.5 }, ['error attribute_wrong_type count']],
  ['not a number', { count: Number.NaN }, ['error attribute_wrong_type count']],
  [
    'text for a boolean',
    { 'evidences.0.process.file.is_system': 'true' },
    ['error attribute_wrong_type evidences[0].process.file.is_system'],
  ],
  ['text for an object', { cloud: 'Azure' }, ['error attribute_wrong_type cloud']],
  ['array for an object', { cloud: [] }, ['error attribute_wrong_type cloud']],
  ['object for an array', { resources: { uid: 'r' } }, ['error attribute_wrong_type resources']],
  ['wrong item', { 'finding_info.types': ['a', 2] }, ['error attribute_wrong_type finding_info.types[1]']],
  ['null item', { 'finding_info.types': [null] }, ['error attribute_wrong_type finding_info.types[0]']],
  ['text for free-form', { unmapped: 'x' }, ['error attribute_wrong_type unmapped']],
  ['unknown enum id', { severity_id: 7 }, ['error attribute_enum_value_unknown severity_id']],
  ['text for an enum id', { severity_id: '4' }, ['error attribute_wrong_type severity_id']],
  [
    'unknown enum id in a list',
    { 'evidences.0.url.category_ids': [1, 9999], 'evidences.0.url.categories': undefined },
    ['error attribute_enum_array_value_unknown evidences[0].url.category_ids[1]'],
  ],
  [
    'wrong caption in a list',
    { 'evidences.0.url.categories': ['Pets'] },
    ['error attribute_enum_array_sibling_incorrect evidences[0].url.categories[0]'],
  ],
  [
    'caption missing in a list',
    { 'evidences.0.url.categories': [] },
    ['error attribute_enum_array_sibling_missing evidences[0].url.categories[0]'],
  ],
  ['wrong caption', { severity: 'Low' }, ['warning attribute_enum_sibling_incorrect severity']],
  [
    'caption of Other',
    { 'cloud.account.type': 'Other' },
    ['warning attribute_enum_sibling_suspicious_other cloud.account.type'],
  ],
  ['another type_uid', { type_uid: 200402, type_name: undefined }, ['error type_uid_incorrect type_uid']],
  [
    'another class_uid',
    { class_uid: 2001, type_uid: undefined, class_name: undefined },
    ['error class_uid_unknown class_uid', 'error attribute_required_missing type_uid'],
  ],
  [
    'another category',
    { category_uid: 3, category_name: undefined },
    ['error attribute_enum_value_unknown category_uid'],
  ],
  ['integer over 32 bits', { count: 2 ** 31 }, ['error attribute_value_exceeds_range count']],
  ['integer a double cannot hold', { duration: 2 ** 53 }, ['error attribute_value_exceeds_range duration']],
  [
    'port',
    { 'evidences.0.src_endpoint.port': 65536 },
    ['error attribute_value_exceeds_range evidences[0].src_endpoint.port'],
  ],
  ['time in seconds', { time: 1730000000 }, ['error attribute_value_exceeds_range time']],
  ['time in microseconds', { time: 1730000000000000 }, ['error attribute_value_exceeds_range time']],
  [
    'timestamp in nanoseconds',
    { 'finding_info.created_time': 1e18 },
    ['error attribute_value_exceeds_range finding_info.created_time'],
  ],
  ['text too long', { raw_data: 'x'.repeat(65536) }, ['error attribute_value_exceeds_max_len raw_data']],
  [
    'text too long for its supertype',
    { 'evidences.0.process.name': 'x'.repeat(65536) },
    ['error attribute_value_exceeds_super_type_max_len evidences[0].process.name'],
  ],
  [
    'not an address',
    { 'evidences.0.src_endpoint.ip': 'localhost' },
    ['warning attribute_value_regex_not_matched evidences[0].src_endpoint.ip'],
  ],
  ['not a date', { time_dt: 'yesterday' }, ['warning attribute_value_regex_not_matched time_dt']],
  ['constraint', { 'cloud.account': { type_id: 10 } }, ['error constraint_failed cloud.account']],
  ['undeclared profile', { 'metadata.profiles': ['datetime'] }, ['error attribute_unknown cloud']],
  [
    'no profiles',
    { 'metadata.profiles': undefined },
    ['error attribute_unknown time_dt', 'error attribute_unknown cloud'],
  ],
  ['required by a profile', { cloud: undefined }, ['error attribute_required_missing cloud']],
  [
    'unknown profile',
    { 'metadata.profiles': ['cloud', 'datetime', 'clouds'] },
    ['error profile_unknown metadata.profiles[2]'],
  ],
  [
    'a profile that is no text',
    { 'metadata.profiles': ['cloud', 'datetime', 1] },
    ['error attribute_wrong_type metadata.profiles[2]'],
  ],
  ['later version', { 'metadata.version': '1.8.0' }, ['error version_incompatible_later metadata.version']],
  ['earlier version', { 'metadata.version': '1.1.0' }, ['warning version_earlier metadata.version']],
  [
    'first development',
    { 'metadata.version': '0.9.0' },
    ['error version_incompatible_initial_development metadata.version'],
  ],
  ['prerelease', { 'metadata.version': '1.3.0-dev' }, ['error version_incompatible_prerelease metadata.version']],
  ['no version', { 'metadata.version': 'latest' }, ['error version_invalid_format metadata.version']],
  [
    'deprecated attribute',
    { 'metadata.extension': { name: 'x', uid: '1', version: '1' } },
    ['warning attribute_deprecated metadata.extension'],
  ],
])('%s', (_, changes, expected) => {
  expect(issuesOf(changes)).toEqual(expected);
});

test('an enum of text is checked like one of numbers', () => {
  const event = but({
    'metadata.profiles': ['cloud', 'datetime', 'osint'],
    osint: [{ type_id: 1, tlp: 'PINK', uid: 'o', value: 'x' }],
  });

  expect(found(validateDetectionFinding(event))).toEqual(['error attribute_enum_value_unknown osint[0].tlp']);
});

test('all that is wrong is reported at once, with path and reason', () => {
  const issues = validateDetectionFinding(
    but({ message: 1, severity_id: 7, 'cloud.x': 1, 'resources.1.owner.type_id': 50 }),
  );

  expect(issues).toEqual([
    {
      code: 'attribute_enum_value_unknown',
      path: 'severity_id',
      message: 'not defined for this enum',
      level: 'error',
      value: 7,
    },
    { code: 'attribute_unknown', path: 'cloud.x', message: 'not defined in object cloud', level: 'error' },
    {
      code: 'attribute_enum_value_unknown',
      path: 'resources[1].owner.type_id',
      message: 'not defined for this enum',
      level: 'error',
      value: 50,
    },
    {
      code: 'attribute_wrong_type',
      path: 'message',
      message: 'expected string_t, got integer',
      level: 'error',
      value: 1,
    },
  ]);
});

test('an issue carries no long value and no long name', () => {
  const long = 'secret'.repeat(50);
  const issues = validateDetectionFinding(but({ count: long, time_dt: long, [long]: 1 }));

  expect(issues).toHaveLength(3);
  expect(JSON.stringify(issues).length).toBeLessThan(500);
});

test('what an object of its own kind holds without end is cut off', () => {
  const process: Record<string, unknown> = { pid: 1 };
  process.parent_process = process;
  let deep: Record<string, unknown> = { pid: 1 };
  for (let level = 0; level < 100_000; level++) deep = { pid: 1, parent_process: deep };

  for (const endless of [process, deep]) {
    const [issue, ...others] = validateDetectionFinding(but({ evidences: [{ process: endless }] }));

    expect(issue?.code).toBe('attribute_nested_too_deep');
    expect(others).toEqual([]);
  }
});

test('warnings in masses do not hide an error', () => {
  const endpoints = Array.from({ length: 5000 }, () => ({ ip: 'nowhere' }));
  const evidences = endpoints.map((src_endpoint) => ({ src_endpoint }));
  const issues = validateDetectionFinding(but({ evidences, time: undefined }));

  expect(issues.length).toBeLessThan(200);
  expect(found(issues)).toContain('error attribute_required_missing time');
});

test('errors in masses are cut off', () => {
  const resources = Array.from({ length: 100_000 }, () => 1);

  expect(validateDetectionFinding(but({ resources })).length).toBe(1000);
});

test('a text is not matched against an expression beyond a length', () => {
  expect(issuesOf({ 'evidences.0.src_endpoint.hostname': 'a'.repeat(512) })).toEqual([]);
  expect(issuesOf({ 'evidences.0.src_endpoint.hostname': 'a'.repeat(513) })).toEqual([
    'warning attribute_value_regex_not_matched evidences[0].src_endpoint.hostname',
  ]);
});

test('many objects of recursive types side by side are not deep', () => {
  const evidences = Array.from({ length: 100 }, () => ({ process: { pid: 1, parent_process: { pid: 2 } } }));

  expect(issuesOf({ evidences })).toEqual([]);
});

test('exactly one of the attributes of just_one is present', () => {
  const failed = (event: unknown) =>
    found(validateAuthorizeSession(event)).filter((issue) => issue.includes('constraint'));

  expect(failed({})).toEqual(['error constraint_failed ']);
  expect(failed({ privileges: ['x'] })).toEqual([]);
  expect(failed({ privileges: ['x'], group: { name: 'g' } })).toEqual(['error constraint_failed ']);
});

test('a constraint may name attributes of nested objects', () => {
  const failed = (event: unknown) => found(validatePatchState(event)).filter((issue) => issue.endsWith('failed '));

  expect(failed({ device: { os: { name: 'x' } } })).toEqual(['error constraint_failed ']);
  expect(failed({ device: 'x' })).toEqual(['error constraint_failed ']);
  expect(failed({ device: { os: { version: '11' } } })).toEqual([]);
});

test('a deprecated class is a warning', () => {
  expect(found(validateSecurityFinding({}))[0]).toBe('warning class_deprecated ');
});

test.each([null, undefined, 1, 'x', [], true])('%j is no event', (event) => {
  expect(found(validateDnsActivity(event))).toEqual(['error attribute_wrong_type ']);
});

describe('foreign input', () => {
  const names = ['metadata', 'profiles', 'version', 'resources', 'evidences', 'process', 'parent_process', 'time'];
  const key = fc.oneof(
    fc.constantFrom(...names, ...Object.keys(good), '__proto__', 'constructor', 'toString', 'hasOwnProperty'),
    fc.string(),
  );
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(null, 0, -1, 99, 1.5, 2 ** 60, '', 'cloud', '1.3.0', true),
      fc.jsonValue(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map((entries) => JSON.parse(object(entries)) as unknown),
    ),
  })).value;

  /** Text of a JSON object, which can hold a `__proto__` of its own. */
  function object(entries: readonly (readonly [string, unknown])[]): string {
    return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  }

  test('no JSON makes a validator throw', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(...Object.values(validators)), (event, validate) => {
        expect(Array.isArray(validate(event))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('an attribute changed to anything is accepted only where it says nothing wrong', () => {
    const paths = [
      'severity_id',
      'metadata.product',
      'resources',
      'resources.0.uid',
      'evidences.0.process.pid',
      'cloud',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), json, (path, value) => {
        const issues = validateDetectionFinding(but({ [path]: value }));

        for (const issue of issues) expect(issue.path, issue.code).not.toBe('undefined');
        if (typeof value === 'boolean') expect(issues.some(({ level }) => level === 'error')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('an attribute that no class has is always reported, wherever it stands', () => {
    const holders = ['', 'metadata.', 'cloud.account.', 'resources.0.', 'evidences.0.process.parent_process.'];
    fc.assert(
      fc.property(fc.constantFrom(...holders), fc.stringMatching(/^x_[a-z]{1,20}$/), json, (holder, name, value) => {
        fc.pre(value !== null);
        const issues = validateDetectionFinding(but({ [`${holder}${name}`]: value }));

        expect(issues.map(({ code }) => code)).toEqual(['attribute_unknown']);
      }),
      { numRuns: 200 },
    );
  });
});

test('any class is found at run time, an unknown one is named', async () => {
  const validate = await validatorFor('1.3.0', 'detection_finding');

  expect(validate(good)).toEqual([]);
  await expect(validatorFor('1.3.0', 'detection_findin')).rejects.toThrow(
    expect.objectContaining({ code: 'SLK-OCSF-002', hint: 'Did you mean "detection_finding"?' }),
  );
  await expect(validatorFor('1.3.0', '__proto__')).rejects.toThrow('has no class');
  await expect(validatorFor('0.1.0', 'detection_finding')).rejects.toThrow('has no tables');
});
