// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  choose,
  defineMapping,
  ENVELOPE_TIME,
  each,
  equals,
  from,
  gives,
  has,
  lookup,
  type Mapping,
  not,
} from '../../contract/index.ts';
import { Failure } from '../../errors/failure.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import type { OcsfEvent } from '../map/mapper.ts';
import type { Program } from '../program.ts';
import * as mappings from './fixtures/mappings.ts';
import { loadProgram } from './load-program.ts';
import { mappingSource } from './mapping-source.ts';

const file = join(import.meta.dirname, 'fixtures', 'mappings.ts');
const AT = '2026-03-04T12:00:00Z';
const NOON = Date.parse(AT);

let program: Program;

beforeAll(async () => {
  const files = Object.entries(mappings).map(([exportName, mapping]) => ({
    file,
    exportName,
    name: exportName,
    mapping,
  }));
  ({ program } = await loadProgram(files, '1.3.0'));
});

function mapAll(event: object, rest: { rawText?: string; time?: string } = {}): OcsfEvent[] {
  const mapping = program.mappings.find(({ matches }) => matches(event));
  // As JSON shows them: without the attributes that have no value.
  return JSON.parse(JSON.stringify(mapping?.map({ event, id: 'id-1', rawText: '{}', ...rest }) ?? []));
}

/** The OCSF event of a finding: what is given, on top of what it needs. */
function map(event: object, rest?: { rawText?: string; time?: string }): OcsfEvent {
  return mapAll({ finding: 'f-1', at: AT, ...event }, rest)[0] as OcsfEvent;
}

describe('a value', () => {
  test('is found at keys that hold dots', () => {
    expect(map({ 'a.b': { 'c.d': 'text' } }).message).toBe('text');
    expect(map({ a: { b: { 'c.d': 'text' } } }).message).toBeUndefined();
  });

  test('is found at an index, in an array only', () => {
    expect(map({ extra: ['x'] }).evidences).toEqual([{ data: 'x' }]);
    expect(map({ extra: 'x' }).evidences).toBeUndefined();
  });

  test('comes from the first path that holds a usable one; what the others hold is kept', () => {
    const { status_detail, unmapped } = map({ old_detail: 'old', properties: { detail: 'third' } });

    expect(status_detail).toBe('old');
    expect(unmapped).toEqual({ 'properties.detail': 'third' });
  });

  test('that cannot be converted is kept, and the next path is taken', () => {
    const { status_detail, unmapped } = map({ detail: { not: 'text' }, old_detail: 'old' });

    expect(status_detail).toBe('old');
    expect(unmapped).toEqual({ detail: '{"not":"text"}' });
  });

  test('that stands at two paths is not left over at the second', () => {
    const { status_detail, unmapped } = map({ detail: 'same', old_detail: 'same' });

    expect(status_detail).toBe('same');
    expect(unmapped).toBeUndefined();
  });

  test('is taken once any attribute takes it, whatever others make of it', () => {
    const { message, activity_name, activity_id, unmapped } = map({ action: 'invented' });

    expect({ message, activity_name, activity_id }).toEqual({ activity_name: 'invented', activity_id: 99 });
    expect(unmapped).toBeUndefined();
  });

  test('of which a converter or a function makes a text above that length is kept instead, too', () => {
    const long = 'x'.repeat(65_536);
    const { finding_info, unmapped } = map({ types: ['a', long], title: 't' }, { rawText: long });

    expect(finding_info).toEqual({ uid: 'f-1', title: 't' });
    expect(unmapped).toMatchObject({ 'types#part1': JSON.stringify(['a', long]).slice(0, 65_535), title: 't' });
  });

  test('above the length of an OCSF text is kept instead, in parts', () => {
    const long = `${'x'.repeat(65_534)}\u{1f600}y`;
    const { status_detail, unmapped } = map({ detail: long });

    expect(status_detail).toBeUndefined();
    expect(unmapped).toEqual({ 'detail#part1': 'x'.repeat(65_534), 'detail#part2': '\u{1f600}y' });
  });
});

describe('a lookup', () => {
  test('knows the word in any case where it says so', () => {
    expect(map({ level: 'HIGH' })).toMatchObject({ severity_id: 4, severity: 'High' });
  });

  test('gives the default for any other word, and keeps the word', () => {
    expect(map({ level: 'dire' })).toMatchObject({ severity_id: 0, severity: 'Unknown', unmapped: { level: 'dire' } });
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('has no entry "%s"', (level) => {
    expect(map({ level })).toMatchObject({ severity_id: 0 });
  });
});

describe('the text beside an enum id', () => {
  test('is the caption of the id', () => {
    expect(map({ action: 'changed' })).toMatchObject({ activity_id: 2, activity_name: 'Update' });
  });

  test('is the word of the source for id 99', () => {
    expect(map({ action: 'pondered' })).toMatchObject({ activity_id: 99, activity_name: 'pondered' });
    expect(map({ account: 'a' }).cloud).toMatchObject({ account: { type_id: 99, type: 'Example Account' } });
  });

  test('also tells class, category and type', () => {
    expect(map({ action: 'made' })).toMatchObject({
      class_uid: 2004,
      class_name: 'Detection Finding',
      category_uid: 2,
      category_name: 'Findings',
      type_uid: 200401,
      type_name: 'Detection Finding: Create',
    });
  });
});

describe('an object', () => {
  test('of which the raw event gives nothing is left out, whatever constants it has', () => {
    const { finding_info, remediation, resources } = map({});

    expect(finding_info).toEqual({ uid: 'f-1', title: 'Untitled' });
    expect({ remediation, resources }).toEqual({});
  });

  test('that lacks what OCSF demands is left out, and what it was made of is kept', () => {
    const { remediation, unmapped } = map({ advice: { links: [{ href: 'https://a.example' }] } });

    expect(remediation).toBeUndefined();
    expect(unmapped).toEqual({ 'advice.links': '[{"href":"https://a.example"}]' });
  });

  test('that breaks an at_least_one rule is left out the same way', () => {
    const { evidences, unmapped } = map({ entities: [{ kind: 'address', port: 443 }] });

    expect(evidences).toBeUndefined();
    expect(unmapped).toEqual({ 'entities[0].kind': 'address', 'entities[0].port': '443' });
  });

  test('that OCSF demands stays for the sake of its constants', () => {
    expect(map({}).cloud).toEqual({ provider: 'Example' });
  });
});

describe('choose', () => {
  test('takes the branch whose condition holds', () => {
    expect(map({ title: 'Title' }).finding_info).toMatchObject({ title: 'Title' });
  });
});

describe('each', () => {
  test('stands beside other values of an array', () => {
    expect(map({ resource: { id: 'a' }, resources: [{ id: 'b' }, {}, { id: 'c' }] }).resources).toEqual([
      { uid: 'a' },
      { uid: 'b' },
      { uid: 'c' },
    ]);
  });

  test('takes the items its condition allows; what no `each` takes is kept', () => {
    const { evidences, unmapped } = map({
      entities: [
        { kind: 'user', name: 'ada', role: 'admin', badge: 7 },
        { kind: 'address', ip: '192.0.2.1' },
        { kind: 'cat', name: 'tom' },
        'text',
      ],
    });

    expect(evidences).toEqual([
      { src_endpoint: { ip: '192.0.2.1' } },
      { user: { name: 'ada', type_id: 2, type: 'Admin' } },
    ]);
    expect(unmapped).toEqual({
      'entities[0].badge': '7',
      'entities[2]': '{"kind":"cat","name":"tom"}',
      'entities[3]': 'text',
    });
  });

  test('of what is no array gives nothing and keeps it', () => {
    expect(map({ resources: 'none' })).toMatchObject({ unmapped: { resources: 'none' } });
    expect(map({ resources: { id: 'a' } })).toMatchObject({ unmapped: { 'resources.id': 'a' } });
  });
});

describe('a condition', () => {
  test('tells the one value it compares, where there is something for it', () => {
    expect(map({ origin: 'Cloud', code: 'c1' })).toMatchObject({ status_code: 'c1' });
    expect(map({ origin: 'Cloud', code: 'c1' })).not.toHaveProperty('unmapped');
    expect(map({ origin: 'cloud', code: ['c1'] })).toMatchObject({ unmapped: { origin: 'cloud', code: '["c1"]' } });
    expect(map({ origin: 'ground', code: 'c1' })).toMatchObject({ unmapped: { origin: 'ground', code: 'c1' } });
  });

  test('does not tell which of several values it was', () => {
    const { finding_info, unmapped } = map({ tone: 'dry', words: 'none' });

    expect(finding_info).toMatchObject({ desc: 'none' });
    expect(unmapped).toEqual({ tone: 'dry' });
  });
});

describe('whether an expression gives a value', () => {
  test('is told by what can be converted, and takes nothing over', () => {
    expect(map({ verdict: 'bad' })).toMatchObject({ status: 'Judged', unmapped: { verdict: 'bad' } });
    expect(map({ properties: { verdict: 7 } })).toMatchObject({
      status: 'Judged',
      unmapped: { 'properties.verdict': '7' },
    });
    for (const verdict of [undefined, null, '', [], {}, 'x'.repeat(65_536)]) {
      expect(map({ verdict }).status).toBe('Not judged');
    }
    expect(map({ verdict: { of: 'many' } }).unmapped).toEqual({ verdict: '{"of":"many"}' });
  });

  test('can be asked before an event is taken', () => {
    expect(mapAll({ counted: '3' }, { time: AT })).toMatchObject([{ count: 3, class_uid: 3002 }]);
    expect(mapAll({ counted: 'many' }, { time: AT })).toEqual([]);
  });

  test('can be asked of a plain function, too', () => {
    expect(map({ length: '12', width: 3 })).toMatchObject({ duration: 3, unmapped: { length: '12' } });
    expect(map({ length: 'long', width: 3 }).duration).toBeUndefined();
  });
});

describe('compute', () => {
  test('sees the raw values; where it gives nothing they are kept', () => {
    expect(map({ number: 3, unit: 'km' }).impact).toBe('3 km');
    expect(map({ number: '3', unit: 'km' })).toMatchObject({ unmapped: { number: '3', unit: 'km' } });
  });
});

describe('what was noted for an object that is left out', () => {
  function leavings(event: object) {
    const [row] = mapAll({ leavings: 'l', at: AT, ...event });
    return { evidences: row?.evidences, unmapped: row?.unmapped };
  }

  test('is kept, the value that its condition compared too', () => {
    expect(leavings({ kind: 'x', role: 'none' })).toEqual({ unmapped: { kind: 'x', role: 'none' } });
    expect(leavings({ kind: 'x', role: 'admin', name: 'ada' })).toMatchObject({
      evidences: [{ user: { type_id: 2 } }],
    });
  });

  test('is kept, an array of the event that its items listed too', () => {
    expect(leavings({ groups: [{ n: 'g' }], privileges: [{ p: 'a' }] }).unmapped).toEqual({
      groups: '[{"n":"g"}]',
      privileges: '[{"p":"a"}]',
    });
  });
});

test('what one each of an array would take by its position is kept where only another takes the item', () => {
  const [row] = mapAll({ leavings: 'l', at: AT, list: [{ id: 'i', kind: 'host', labels: ['a', 'b'] }] });

  expect(row).toMatchObject({ resources: [{ uid: 'i' }] });
  expect(row?.unmapped).toEqual({ 'list[0].kind': 'host', 'list[0].labels.0': 'a', 'list[0].labels[1]': 'b' });
});

describe('unmapped', () => {
  test('holds two values apart whose paths read the same', () => {
    const { unmapped } = map({ advice: { x: 1 }, 'advice.x': 2 });

    expect(unmapped).toEqual({ 'advice.x': '1', 'advice.x#2': '2' });
  });

  test('holds everything that no attribute takes, by path', () => {
    const { unmapped } = map({ other: { deep: [1, { a: true }] }, nothing: null, empty: '', none: [], no: {} });

    expect(unmapped).toEqual({ other: '{"deep":[1,{"a":true}]}' });
  });

  test('is left out where everything is taken', () => {
    expect(map({})).not.toHaveProperty('unmapped');
  });

  test('takes hostile names as names', () => {
    const event = JSON.parse(
      `{"finding":"f","at":"${AT}","__proto__":"p","constructor":5,"toString":"t","other":{"__proto__":{"x":1}},"valueOf":"v"}`,
    ) as object;
    const row = mapAll(event)[0] as OcsfEvent;

    expect(row).toMatchObject({ risk_details: 'p', confidence_score: 5, comment: 't' });
    expect(Object.entries(row.unmapped as object)).toEqual([
      ['other', '{"__proto__":{"x":1}}'],
      ['valueOf', 'v'],
    ]);
    const left = mapAll(JSON.parse(`{"finding":"f","at":"${AT}","hasOwnProperty":{"a":1},"isPrototypeOf":"i"}`))[0];
    expect(Object.entries(left?.unmapped as object)).toEqual([
      ['hasOwnProperty', '{"a":1}'],
      ['isPrototypeOf', 'i'],
    ]);
    expect(map({})).not.toHaveProperty('comment');
    expect(map({})).not.toHaveProperty('risk_details');
  });
});

describe('raw_data', () => {
  test('is the text of the source', () => {
    expect(map({}, { rawText: '{"a": 1}' }).raw_data).toBe('{"a": 1}');
  });

  test('is left out where OCSF would refuse it for its length', () => {
    expect(map({}, { rawText: 'x'.repeat(65_535) })).toHaveProperty('raw_data');
    expect(map({}, { rawText: 'x'.repeat(65_536) })).not.toHaveProperty('raw_data');
  });
});

test('an event without time is of the time its source accepted it', () => {
  expect(map({ at: undefined }, { time: AT }).time).toBe(NOON);
  expect(map({ at: 'no time' }, { time: AT })).toMatchObject({ time: NOON, unmapped: { at: 'no time' } });
  expect(map({}, { time: '2026-03-05T00:00:00Z' }).time).toBe(NOON);
});

test('observables name the attribute they come from, each value once', () => {
  const { observables } = map({
    entities: [
      { kind: 'address', ip: '192.0.2.1', port: 443 },
      { kind: 'address', ip: '192.0.2.1' },
      { kind: 'user', name: 'ada' },
    ],
  });

  expect(observables).toEqual([
    { name: 'evidences.src_endpoint.ip', type: 'IP Address', type_id: 2, value: '192.0.2.1' },
    { name: 'evidences.src_endpoint.port', type: 'Port', type_id: 11, value: '443' },
    { name: 'evidences.user.name', type: 'User Name', type_id: 4, value: 'ada' },
  ]);
});

test('each row has its own uid, what it is made of, and what rows share', () => {
  const found = mapAll({
    at: NOON,
    run: 'r-1',
    batch: {
      name: 'b',
      size: 2,
      rows: [
        { id: 1, title: 'one', addresses: ['192.0.2.1'] },
        { id: 2, title: 'two', x: 1 },
      ],
    },
    more: 'm',
  });

  expect(found).toMatchObject([
    {
      time: NOON,
      message: 'b',
      finding_info: { uid: '1', title: 'one' },
      evidences: [{ src_endpoint: { ip: '192.0.2.1' } }],
      metadata: { uid: 'id-1#0', correlation_uid: 'r-1' },
    },
    { time: NOON, finding_info: { uid: '2', title: 'two' }, metadata: { uid: 'id-1#1', correlation_uid: 'r-1' } },
  ]);
  expect(found.map(({ unmapped }) => unmapped)).toEqual([
    { 'batch.size': '2', more: 'm' },
    { 'batch.size': '2', more: 'm', 'batch.rows[1].x': '1' },
  ]);
});

test('an event without rows gives none', () => {
  expect(mapAll({ batch: { rows: [] } })).toEqual([]);
  expect(mapAll({ batch: { rows: 'none' } })).toEqual([]);
});

test('no JSON makes a mapping throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.object({ withBigInt: false }), (value, object) => {
      for (const event of [value, { finding: value, ...object }, { batch: { rows: [value, object] }, at: value }]) {
        for (const mapping of program.mappings) {
          mapping.matches(event);
          mapping.map({ event, id: 'id', rawText: '{}' });
        }
      }
    }),
  );
});

describe('a mapping that cannot be is refused with its place:', () => {
  const base = {
    stream: 's',
    when: has('a'),
    class: 'detection_finding',
    event: {
      activity_id: 1,
      time: from('t', Number),
      severity_id: 1,
      finding_info: { uid: from('u'), title: from('t') },
      metadata: { product: { vendor_name: 'v', name: 'n' } },
    },
  } as const;

  function refusal(mapping: object): string {
    try {
      mappingSource(ocsfSchema('1.3.0'), { name: 'a.ts#b', mapping: mapping as Mapping }, 0);
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
    return 'not refused';
  }

  test.each([
    ['an unknown class', { ...base, class: 'detecting' }, 'a.ts#b: class: OCSF 1.3.0 has no class "detecting"'],
    [
      'an unknown attribute',
      { ...base, event: { ...base.event, finding_info: { uid: 'u', titel: 't' } } },
      'a.ts#b: finding_info.titel: no such attribute in this OCSF version',
    ],
    [
      'a list of all rows in one of them',
      { ...base, rows: 'b.rows', event: { ...base.event, resources: [each('$.b.rows', { uid: from('id') })] } },
      'a.ts#b: resources: each("$.b.rows") would list other rows of the event',
    ],
    [
      'an object for a scalar',
      { ...base, event: { ...base.event, message: { a: 1 } } },
      'a.ts#b: message: an object stands where OCSF has a scalar',
    ],
    [
      'a scalar for an object',
      { ...base, event: { ...base.event, finding_info: 'f' } },
      'a.ts#b: finding_info: a scalar stands where OCSF has an object',
    ],
    [
      'an array for a single value',
      { ...base, event: { ...base.event, message: ['a'] } },
      'a.ts#b: message: an array stands where OCSF has a single value',
    ],
    [
      'each for a single value',
      { ...base, event: { ...base.event, message: each('a', from('b')) } },
      'a.ts#b: message: each() makes an array where OCSF has a single value',
    ],
    [
      'a path with an empty key',
      { ...base, event: { ...base.event, message: from('a..b') } },
      'a.ts#b: a..b: the path "a..b" has an empty key',
    ],
    [
      'a from() without path',
      { ...base, event: { ...base.event, message: from([]) } },
      'a.ts#b: message: from() needs',
    ],
    [
      'a condition on the envelope',
      { ...base, when: not(equals(ENVELOPE_TIME, 'now')) },
      'a.ts#b: when: $envelope.time is no part of the event',
    ],
    [
      'gives() of what always gives something',
      { ...base, event: { ...base.event, message: choose(gives(lookup('level', { low: 'Low' }, 'None')), 'Told') } },
      'a.ts#b: gives: of from() and compute() alone it can be asked, not of lookup()',
    ],
  ])('%s', (_, mapping, message) => {
    expect(refusal(mapping)).toContain(message);
  });

  test('and one that can be is not', () => {
    expect(refusal(defineMapping({ ...base, profiles: ['cloud'] }))).toBe('not refused');
  });
});
