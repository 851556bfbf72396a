// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// Each stage of the transformer alone, on the same events in one process, with the writes of hyparquet-writer and
// DuckDB on the same rows beside ours: node bench/stages.ts <events>. Prints JSON: events per second of processor time
// by stage.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import { loadModule } from '../src/module/load.ts';
import type { Column } from '../src/ocsf/column.ts';
import type { TextMap } from '../src/ocsf/text-map.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { findMapping, type OcsfEvent } from '../src/pipeline/map/mapper.ts';
import { readEvent } from '../src/pipeline/read/event.ts';
import { parquetSchema } from '../src/pipeline/write/parquet/schema.ts';
import { createParquetWriter } from '../src/pipeline/write/parquet/writer.ts';
import { AZURE, alertLines } from './alerts.ts';

const ROUNDS = 3;
const count = Number(process.argv[2] ?? 20_000);
const { mappings } = await loadModule(AZURE, 'azure');
const { program } = await loadProgram(mappingFiles(AZURE, mappings), '1.3.0');
const compiled = program.classes.detection_finding;
if (!compiled) throw new Error('the azure module writes no detection findings');
const line = alertLines();
const lines = Array.from({ length: count }, (_, index) => line(index));

/** The best of some rounds, which differ by what else the machine does and by when garbage is collected. */
async function rate(work: () => unknown): Promise<number> {
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    best = Math.max(best, (count / (user + system)) * 1e6);
  }
  return Math.round(best);
}

const events = lines.map((text) => {
  const read = readEvent(text);
  if ('reason' in read) throw new Error(read.reason.message);
  return read.event;
});
function mapAll(): OcsfEvent[] {
  return events.flatMap(({ data, stream, id, rawText, time }) => {
    const mapping = findMapping(program.mappings, stream, data);
    return mapping?.map({ event: data, id, rawText, ...(time ? { time } : {}) }) ?? [];
  });
}
const rows = mapAll().sort((a, b) => (a.time as number) - (b.time as number));
const { columns, shred, validate } = compiled;
/** One for all rounds, as the transformer has one for all objects of a class. */
const writer = createParquetWriter({ columns }, shred);

const result: Record<string, number> = {
  parse: await rate(() => lines.map((text) => readEvent(text))),
  map: await rate(mapAll),
  validate: await rate(() => rows.map((row) => validate(row))),
  write: await rate(() => {
    for (const row of rows) writer.append(row);
    const files = writer.write([Uint32Array.from(rows.keys())]);
    writer.keep(new Uint32Array(0));
    return files;
  }),
};

const bigIntRows = rows.map((row) => asHyparquet(row, { kind: 'struct', name: '', fields: columns }) as OcsfEvent);
result['hyparquet-writer'] = await rate(() => {
  const writer = new ByteWriter();
  parquetWriteRows({
    writer,
    rows: bigIntRows,
    columns: columns.map(({ name }) => ({ name })),
    schema: hyparquetSchema(columns),
    codec: 'ZSTD',
    compressors: {
      ZSTD: (input) => zstdCompressSync(input, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
    },
    rowGroupSize: 25_000,
    pageSize: 900_000,
    dictionarySize: 1_000_000,
  });
  return writer.getBytes();
});

const folder = mkdtempSync(join(tmpdir(), 'slake-bench-'));
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
writeFileSync(join(folder, 'rows.ndjson'), rows.map((row) => JSON.stringify(row)).join('\n'));
result['DuckDB, one thread, from NDJSON'] = await rate(() =>
  connection.run(
    `copy (select * from read_ndjson('${folder}/rows.ndjson', maximum_object_size = 10000000, sample_size = -1))
       to '${folder}/rows.parquet' (format parquet, compression zstd, row_group_size 25000)`,
  ),
);
connection.closeSync();
instance.closeSync();
result.duckBytes = readFileSync(join(folder, 'rows.parquet')).length;
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify(result));

/** A row as hyparquet-writer takes it: a BigInt for each INT64. */
function asHyparquet(value: unknown, column: Column): unknown {
  if (value === undefined || value === null) return undefined;
  switch (column.kind) {
    case 'leaf':
      return column.type === 'int64' || column.type === 'timestamp' ? BigInt(value as number) : value;
    case 'struct':
      return Object.fromEntries(
        column.fields.map((field) => [field.name, asHyparquet((value as OcsfEvent)[field.name], field)]),
      );
    case 'list':
      return (value as unknown[]).map((item) => asHyparquet(item, column.element));
    case 'map':
      return (value as TextMap).toJSON();
  }
}

function hyparquetSchema(of: readonly Column[]): SchemaElement[] {
  const types = {
    int32: 'INT32',
    int64: 'INT64',
    timestamp: 'INT64',
    double: 'DOUBLE',
    boolean: 'BOOLEAN',
    string: 'BYTE_ARRAY',
  } as const;
  const repetitions = { required: 'REQUIRED', optional: 'OPTIONAL', repeated: 'REPEATED' } as const;
  return [
    { name: 'schema', num_children: of.length },
    ...parquetSchema(of).nodes.map(
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
