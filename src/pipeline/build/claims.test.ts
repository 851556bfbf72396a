// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { choose, defineMapping, each, equals, from, has, lookup, type Mapping } from '../../contract/index.ts';
import type { OcsfVersion } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { problemsIn, problemsOfClaims } from './claims.ts';
import * as versioned from './fixtures/versioned.ts';
import { loadProgram, programSource } from './load-program.ts';

const file = join(import.meta.dirname, 'fixtures', 'versioned.ts');
const product = { name: 'Example', vendor_name: 'Example' };
const change = {
  stream: 's',
  when: has('a'),
  class: 'entity_management',
  event: {
    time: from('t', Number),
    severity_id: 1,
    activity_id: 1,
    entity: { name: from('n') },
    metadata: { product },
  },
} as const;
const found = {
  ...change,
  class: 'vulnerability_finding',
  event: {
    time: from('t', Number),
    severity_id: 1,
    activity_id: 1,
    metadata: { product },
    finding_info: { uid: from('u'), title: from('t') },
    vulnerabilities: [{ cve: { uid: from('c') } }],
  },
} as const;

function problems(version: OcsfVersion, mapping: object): string[] {
  return problemsIn(ocsfSchema(version), mapping as Mapping).map(({ path, why }) => `${path} ${why}`);
}

describe('a mapping that a version refuses is told with path and reason:', () => {
  test.each<[string, OcsfVersion, object, string[]]>([
    ['a class it lacks', '1.1.0', { ...change, class: 'file_query' }, ['class there is no class file_query']],
    [
      'a profile it lacks',
      '1.1.0',
      { ...change, profiles: ['osint'] },
      ['profiles entity_management has no profile osint'],
    ],
    [
      'an id that no version defines, in a constant, a table and a branch',
      '1.8.0',
      {
        ...change,
        event: {
          ...change.event,
          severity_id: choose(has('x'), 42, 1),
          activity_id: lookup('action', { make: 1, hide: 77 }, 78),
          entity: { name: from('n'), type_id: 66 },
        },
      },
      [
        'severity_id has no value 42',
        'activity_id has no value 77',
        'activity_id has no value 78',
        'entity.type_id has no value 66',
      ],
    ],
    [
      'what it demands of every event',
      '1.3.0',
      { ...found, event: { ...found.event, vulnerabilities: undefined } },
      ['vulnerabilities is required, and the literal does not give it'],
    ],
    [
      'what it demands with a profile',
      '1.3.0',
      { ...found, profiles: ['cloud'] },
      ['cloud is required, and the literal does not give it'],
    ],
    [
      'what it has only with a profile',
      '1.3.0',
      { ...found, event: { ...found.event, cloud: { provider: 'Example' } } },
      ['cloud is there only with the profile cloud'],
    ],
    [
      'what it demands of an object in an array',
      '1.3.0',
      { ...found, event: { ...found.event, vulnerabilities: each('v', { cve: { references: [from('r')] } }) } },
      ['vulnerabilities[].cve.uid is required, and the literal does not give it'],
    ],
    [
      'a constraint that nothing can meet',
      '1.3.0',
      { ...found, event: { ...found.event, vulnerabilities: [{ title: from('t') }] } },
      ['vulnerabilities[] needs one of cve, cwe, and the literal gives none'],
    ],
    [
      'an attribute of its own that the literal cannot give',
      '1.1.0',
      {
        ...found,
        profiles: ['host'],
        event: {
          ...found.event,
          device: { type_id: 1, hostname: 'h' },
          actor: { app_name: from('a'), idp: { name: 'i' } },
        },
      },
      ['actor needs one of process, user, invoked_by, session, and the literal gives none'],
    ],
    [
      'an object it demands, of which it takes nothing',
      '1.1.0',
      {
        ...change,
        class: 'api_activity',
        event: {
          ...change.event,
          entity: undefined,
          actor: { app_name: from('a') },
          src_endpoint: { ip: from('ip') },
          api: { operation: from('o') },
        },
      },
      ['actor is required, and the literal does not give it'],
    ],
    [
      'an adjustment that fits nothing',
      '1.1.0',
      { ...change, adjust: { '1.1.0': { 'entity.uuid': 'uid', 'entity.name': 'nom', severity_id: 'activity_id' } } },
      [
        'adjust severity_id cannot be activity_id: the literal gives it too',
        'adjust entity.name cannot be nom: there is no such attribute',
        'severity_id is required, and the literal does not give it',
        'entity is required, and the literal does not give it',
        'adjust the literal has nothing at entity.uuid',
      ],
    ],
    [
      'a single value that an array of several cannot be',
      '1.1.0',
      {
        ...found,
        adjust: { '1.1.0': { resources: 'resource' } },
        event: { ...found.event, resources: [{ uid: from('a') }, { uid: from('b') }] },
      },
      ['adjust resources cannot be resource: it has another shape'],
    ],
    [
      'a single value that a list of any length cannot be',
      '1.1.0',
      {
        ...found,
        adjust: { '1.1.0': { resources: 'resource' } },
        event: { ...found.event, resources: [each('r', { uid: from('id') })] },
      },
      ['adjust resources cannot be resource: it has another shape'],
    ],
  ])('%s', (_, version, mapping, expected) => {
    expect(problems(version, mapping)).toEqual(expected);
  });

  test('and one that holds has none', () => {
    expect([problems('1.1.0', found), problems('1.3.0', found), problems('1.8.0', found)]).toEqual([[], [], []]);
  });

  test('every claimed version is looked at, and none that is not claimed', () => {
    const event = { ...change.event, entity: { name: from('n'), type_id: 66 as 1 } };
    const mapping = defineMapping({ ...change, versions: ['1.8.0'], event });

    expect(problemsOfClaims(mapping).map(({ version }) => version)).toEqual(['1.3.0', '1.8.0']);
  });

  test('nothing is compiled as long as one claim does not hold, whatever version is asked for', () => {
    const event = { ...change.event, activity_id: 77 as 1 };
    const mapping = defineMapping({ ...change, versions: ['1.8.0'], when: equals('a', 1), event });

    expect(() => programSource([{ file, exportName: 'x', name: 'x.ts#x', mapping }], '1.3.0')).toThrow(
      'x.ts#x: OCSF 1.3.0: activity_id has no value 77\nx.ts#x: OCSF 1.8.0: activity_id has no value 77',
    );
  });
});

describe('what a version calls otherwise', async () => {
  const files = Object.entries(versioned).map(([exportName, mapping]) => ({
    file,
    exportName,
    name: exportName,
    mapping,
  }));
  const raw = { entity: 'e-1', at: 1_700_000_000_000, action: 'disable', kind: 'group', app: 'console', agent: 'curl' };

  async function map(version: OcsfVersion, event: object = raw) {
    const { program, source } = await loadProgram(files, version);
    const mapping = program.mappings.find(({ matches }) => matches(event));
    const rows = mapping?.map({ event, id: 'id', rawText: '{}' }) ?? [];
    return {
      rows: JSON.parse(JSON.stringify(rows)),
      issues: rows.flatMap((row) => (mapping && program.classes[mapping.class]?.validate(row)) ?? []),
      leftOut: source.leftOut.get(mapping?.name ?? ''),
      columns: source.sources.find((each) => each.class === mapping?.class)?.columns.map(({ name }) => name),
    };
  }

  test('is written under its own name, an id it lacks as 99 with its caption, and the rest stays in unmapped', async () => {
    const { rows, issues, leftOut } = await map('1.1.0');

    expect(rows).toMatchObject([
      {
        activity_id: 99,
        activity_name: 'Disable',
        type_uid: 300499,
        actor: { invoked_by: 'console' },
        metadata: { version: '1.1.0' },
        unmapped: { agent: 'curl', kind: 'group' },
      },
    ]);
    expect(issues).toEqual([]);
    expect(leftOut).toEqual(['http_request', 'entity.type_id']);
  });

  test('is in the default version as the literal says', async () => {
    const { rows, issues, leftOut } = await map('1.3.0');

    expect(rows).toMatchObject([
      {
        activity_id: 9,
        activity_name: 'Disable',
        actor: { app_name: 'console' },
        entity: { type_id: 3, type: 'Group' },
      },
    ]);
    expect(issues).toEqual([]);
    expect(leftOut).toBeUndefined();
  });

  const weak = { weakness: 'w-1', at: raw.at, cve: 'CVE-2026-1', host: { id: 'h-1', owner: 'ada', agent: 'edr' } };

  test('and is a single value there, is the one item of the array', async () => {
    const { rows, issues, leftOut, columns } = await map('1.1.0', weak);

    expect(rows).toMatchObject([
      { resource: { uid: 'h-1', owner: { name: 'ada' } }, unmapped: { 'host.agent': 'edr' } },
    ]);
    expect(issues).toEqual([]);
    expect(leftOut).toEqual(['resource.agent_list']);
    expect(columns).toContain('resource');
    expect(columns).not.toContain('resources');
  });

  test('and is a single value there, is left out with the array', async () => {
    const { rows, issues } = await map('1.1.0', { ...weak, host: { agent: 'edr' } });

    expect(rows).toMatchObject([{ unmapped: { 'host.agent': 'edr' } }]);
    expect(rows[0]).not.toHaveProperty('resource');
    expect(issues).toEqual([]);
  });

  test('stays an array in the default version', async () => {
    const { rows } = await map('1.3.0', weak);

    expect(rows).toMatchObject([
      { resources: [{ uid: 'h-1', owner: { name: 'ada' }, agent_list: [{ name: 'edr' }] }] },
    ]);
    expect(rows[0]).not.toHaveProperty('resource');
  });
});
