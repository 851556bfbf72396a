// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

// Rows per second of the Parquet writer, beside hyparquet-writer on the same rows in the same process:
//   node bench/parquet.ts [rows] [rounds]

import { constants, zstdCompressSync } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import type { Column, LeafType } from '../src/ocsf/column.ts';
import { compileShredder } from '../src/pipeline/write/parquet/compile-shredder.ts';
import { parquetSchema } from '../src/pipeline/write/parquet/schema.ts';
import { createParquetWriter } from '../src/pipeline/write/parquet/writer.ts';

type Row = Record<string, unknown>;

function leaves(type: LeafType, ...names: string[]): Column[] {
  return names.map((name) => ({ kind: 'leaf', name, type }));
}

function struct(name: string, ...fields: Column[]): Column {
  return { kind: 'struct', name, fields };
}

function list(name: string, element: Column): Column {
  return { kind: 'list', name, element };
}

const text: Column = { kind: 'leaf', name: 'element', type: 'string' };

const columns: Column[] = [
  ...leaves('int64', 'time', 'start_time', 'end_time'),
  ...leaves(
    'int32',
    'activity_id',
    'category_uid',
    'class_uid',
    'severity_id',
    'status_id',
    'confidence_id',
    'risk_score',
  ),
  ...leaves('int64', 'type_uid'),
  ...leaves('string', 'activity_name', 'category_name', 'class_name', 'severity', 'status', 'type_name', 'message'),
  ...leaves('string', 'raw_data', 'confidence', 'comment'),
  ...leaves('boolean', 'is_alert'),
  ...leaves('timestamp', 'time_dt'),
  struct(
    'metadata',
    ...leaves('string', 'uid', 'version', 'correlation_uid', 'event_code', 'log_name', 'log_provider'),
    ...leaves('int64', 'original_time_ms', 'processed_time', 'logged_time'),
    list('profiles', text),
    struct(
      'product',
      ...leaves('string', 'name', 'vendor_name', 'uid', 'version'),
      struct('feature', ...leaves('string', 'name')),
    ),
  ),
  struct(
    'cloud',
    ...leaves('string', 'provider', 'region'),
    struct('account', ...leaves('string', 'uid', 'name', 'type'), ...leaves('int32', 'type_id')),
  ),
  struct(
    'finding_info',
    ...leaves('string', 'uid', 'title', 'desc', 'src_url'),
    ...leaves('int64', 'created_time', 'modified_time', 'first_seen_time'),
    list('types', text),
    list(
      'attacks',
      struct(
        'element',
        ...leaves('string', 'version'),
        list('tactics', struct('element', ...leaves('string', 'uid', 'name'))),
        struct('technique', ...leaves('string', 'uid', 'name')),
      ),
    ),
  ),
  list(
    'resources',
    struct(
      'element',
      ...leaves('string', 'uid', 'name', 'type', 'region'),
      struct('owner', ...leaves('string', 'name', 'email_addr')),
      list('labels', text),
    ),
  ),
  list('observables', struct('element', ...leaves('string', 'name', 'type', 'value'), ...leaves('int32', 'type_id'))),
  struct('remediation', ...leaves('string', 'desc'), list('references', text)),
  struct(
    'actor',
    struct('user', ...leaves('string', 'uid', 'name', 'email_addr')),
    struct('process', ...leaves('int64', 'pid')),
  ),
  { kind: 'map', name: 'unmapped' },
];

/** Numbers that look random and are the same in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** An alert of 2.5 KB as a cloud service sends it: much text that repeats from alert to alert, some that does not. */
function rawAlert(
  uid: string,
  time: number,
  severity: string,
  resource: string,
  machine: string,
  addresses: readonly string[],
  random: (below: number) => number,
): Row {
  const kind = random(60);
  const advice = `Look at the process, its parent and the account it ran under (${kind}). If it is not expected, isolate the machine. `;
  return {
    SystemAlertId: uid,
    TimeGenerated: new Date(time).toISOString(),
    AlertType: `VM_${kind}`,
    AlertSeverity: severity,
    Status: 'New',
    AlertDisplayName: `Suspicious activity ${kind}`,
    Description: `A process was seen on ${machine} whose behaviour resembles a known tool of family ${kind}. ${advice.repeat(2)}`,
    RemediationSteps: [
      advice,
      advice.repeat(2),
      'Report what was found to the team that owns the machine, and close the alert.',
    ],
    ResourceIdentifiers: [{ $id: '2', Type: 'AzureResource', AzureResourceId: resource }],
    Entities: [
      ...addresses.map((Address, index) => ({
        $id: String(index + 3),
        Type: 'ip',
        Address,
        Location: { CountryCode: 'NL', Asn: 64_500 },
      })),
      { $id: '6', Type: 'host', HostName: machine, OSFamily: 'Linux', IsDomainJoined: false, AzureID: resource },
      {
        $id: '7',
        Type: 'process',
        ProcessId: String(random(32_768)),
        CommandLine: `/usr/bin/tool --threads ${random(64)} --input /var/lib/tool`,
        ImageFile: { Name: 'tool', Directory: '/usr/bin' },
      },
      { $id: '8', Type: 'account', Name: `user${random(2000)}`, UPNSuffix: 'example.com', IsDomainJoined: true },
    ],
    ExtendedProperties: {
      resourceType: 'Virtual Machine',
      attackerAddress: addresses[0],
      machineName: machine,
      killChainIntent: 'Execution',
    },
    ProductName: 'Defender for Cloud',
    VendorName: 'Microsoft',
  };
}

function event(index: number, random: (below: number) => number): Row {
  const time = 1_760_000_000_000 + index * 37;
  const hex = () =>
    random(2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const uid = `${hex()}-${hex()}-${hex()}`;
  const account = `5a0f3c1e-0000-4000-8000-00000000000${random(8)}`;
  const machine = `vm-${random(400)}`;
  const resource = `/subscriptions/${account}/resourceGroups/group-${random(40)}/providers/Compute/virtualMachines/${machine}`;
  const severity = ['Informational', 'Low', 'Medium', 'High'][random(4)] as string;
  const addresses = [0, 1, 2].map(() => `10.${random(4)}.${random(256)}.${random(256)}`);
  const raw = JSON.stringify(rawAlert(uid, time, severity, resource, machine, addresses, random));
  return {
    time,
    start_time: time - random(60_000),
    end_time: time,
    activity_id: 1,
    category_uid: 2,
    class_uid: 2004,
    severity_id: random(4) + 1,
    status_id: 1,
    confidence_id: random(3),
    risk_score: random(100),
    type_uid: 200401,
    activity_name: 'Create',
    category_name: 'Findings',
    class_name: 'Detection Finding',
    severity,
    status: 'New',
    type_name: 'Detection Finding: Create',
    message: `Suspicious activity ${random(60)} on ${machine}`,
    raw_data: raw,
    is_alert: true,
    time_dt: time,
    metadata: {
      uid: `${uid}/0`,
      version: '1.3.0',
      event_code: `VM_${random(120)}`,
      log_name: 'security',
      original_time_ms: time,
      processed_time: time + 900,
      profiles: ['cloud', 'datetime'],
      product: { name: 'Defender for Cloud', vendor_name: 'Microsoft', feature: { name: 'Servers' } },
    },
    cloud: {
      provider: 'Azure',
      region: ['westeurope', 'eastus'][random(2)],
      account: { uid: account, type_id: 99, type: 'Azure Subscription' },
    },
    finding_info: {
      uid,
      title: `Suspicious activity ${random(60)}`,
      desc: `A process was seen whose behaviour resembles a known tool; its family is number ${random(60)} of the catalogue.`,
      created_time: time,
      types: ['Execution', `Kind ${random(12)}`],
      attacks: [
        {
          version: '14.1',
          tactics: [{ uid: 'TA0002', name: 'Execution' }],
          technique: { uid: `T10${random(90)}`, name: 'Command' },
        },
      ],
    },
    resources: [
      {
        uid: resource,
        name: machine,
        type: 'virtualMachine',
        region: 'westeurope',
        labels: ['env:prod', `team:${random(9)}`],
      },
      { uid: account, type: 'subscription' },
    ],
    observables: addresses.map((address) => ({ name: 'device.ip', type: 'IP Address', type_id: 2, value: address })),
    remediation: {
      desc: 'Look at the process and its parent.',
      references: ['https://example.com/a', 'https://example.com/b'],
    },
    unmapped: { WorkspaceId: account, ProductComponent: 'Servers', StartIndex: String(random(1000)) },
  };
}

/** The columns as hyparquet-writer names them. */
function hyparquetSchema(): SchemaElement[] {
  const types = {
    int32: 'INT32',
    int64: 'INT64',
    timestamp: 'INT64',
    double: 'DOUBLE',
    boolean: 'BOOLEAN',
    string: 'BYTE_ARRAY',
  } as const;
  const { nodes } = parquetSchema(columns);
  const repetitions = { required: 'REQUIRED', optional: 'OPTIONAL', repeated: 'REPEATED' } as const;
  return [
    { name: 'schema', num_children: columns.length },
    ...nodes.map(
      ({ name, type, repetition, children, annotation }): SchemaElement => ({
        name,
        repetition_type: repetitions[repetition],
        ...(children > 0 ? { num_children: children } : {}),
        ...(type === undefined ? {} : { type: types[type] }),
        ...(type === 'string' ? { converted_type: 'UTF8' } : {}),
        ...(annotation === undefined ? {} : { converted_type: annotation === 'map' ? 'MAP' : 'LIST' }),
      }),
    ),
  ];
}

/** The rows as hyparquet-writer takes them: a BigInt for each INT64. Made before the clock starts. */
function withBigInts(value: unknown, column: Column): unknown {
  if (value === undefined || value === null) return undefined;
  switch (column.kind) {
    case 'leaf':
      return column.type === 'int64' || column.type === 'timestamp' ? BigInt(value as number) : value;
    case 'struct':
      return Object.fromEntries(
        column.fields.map((field) => [field.name, withBigInts((value as Row)[field.name], field)]),
      );
    case 'list':
      return (value as unknown[]).map((item) => withBigInts(item, column.element));
    case 'map':
      return value;
  }
}

function compress(input: Uint8Array): Uint8Array {
  return zstdCompressSync(input, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
}

const count = Number(process.argv[2] ?? 25_000);
const rounds = Number(process.argv[3] ?? 5);
const random = sequence(7);
const rows = Array.from({ length: count }, (_, index) => event(index, random));
const root: Column = { kind: 'struct', name: 'schema', fields: columns };
const bigIntRows = rows.map((row) => withBigInts(row, root) as Row);
const shred = compileShredder(columns);
const schema = hyparquetSchema();

function slake(): number {
  const writer = createParquetWriter({ columns }, shred);
  for (const row of rows) writer.append(row);
  return writer.finish().bytes.length;
}

function hyparquet(): number {
  const writer = new ByteWriter();
  parquetWriteRows({
    writer,
    rows: bigIntRows,
    columns: columns.map(({ name }) => ({ name })),
    schema,
    codec: 'ZSTD',
    compressors: { ZSTD: compress },
    rowGroupSize: 25_000,
    pageSize: 900_000,
    dictionarySize: 1_000_000,
  });
  return writer.getBytes().length;
}

function measure(write: () => number): { readonly rowsPerSecond: number; readonly bytes: number } {
  const start = performance.now();
  const bytes = write();
  return { rowsPerSecond: (count / (performance.now() - start)) * 1000, bytes };
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] as number;
}

console.log(
  `${count} rows, ${parquetSchema(columns).leaves.length} leaf columns, median of ${rounds} rounds, Node ${process.version}`,
);
const results = { slake: [] as number[], hyparquet: [] as number[] };
const sizes = { slake: 0, hyparquet: 0 };
for (let round = 0; round < rounds; round++) {
  for (const [name, write] of [
    ['slake', slake],
    ['hyparquet', hyparquet],
  ] as const) {
    const { rowsPerSecond, bytes } = measure(write);
    results[name].push(rowsPerSecond);
    sizes[name] = bytes;
  }
}
const baseline = median(results.hyparquet);
for (const name of ['slake', 'hyparquet'] as const) {
  const rate = median(results[name]);
  const megabytes = (sizes[name] / 1e6).toFixed(2);
  console.log(`${name.padEnd(10)} ${Math.round(rate)} rows/s  ${(rate / baseline).toFixed(2)}x  ${megabytes} MB`);
}
