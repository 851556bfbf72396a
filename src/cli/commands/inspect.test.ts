// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { projectPython } from '../../infra/bundling/project-python.ts';
import { startEmbeddedAws } from '../../local/embedded-aws/index.ts';
import { loadModule } from '../../module/load.ts';
import { loadProgram, mappingFiles } from '../../pipeline/build/load-program.ts';
import { runSamples } from '../../pipeline/build/sample.ts';
import type { Program } from '../../pipeline/program.ts';
import { write } from '../../pipeline/write/parquet/reading.testing.ts';
import { partitionOf } from '../../pipeline/write/partition.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { ROOT, slake } from '../run.fixture.ts';

/** An object as the azure module writes it: key below the bucket, and content. */
interface LakeObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

let signIns: LakeObject;
/** In a version that Security Lake takes, though the module does not write it. */
let otherVersion: LakeObject;

beforeAll(async () => {
  const folder = join(ROOT, CDK_FOLDER, 'modules', 'azure');
  const { program } = await loadProgram(mappingFiles(folder, (await loadModule(folder, 'azure')).mappings), '1.3.0');
  signIns = objectOf(program, folder);
  otherVersion = objectOf(program, folder, '1.2.0');
}, 60_000);

afterEach(() => {
  vi.unstubAllEnvs();
});

function objectOf(program: Program, folder: string, version = '1.3.0'): LakeObject {
  const samples = runSamples(folder, program).filter(({ name }) => name === 'sign-in-success');
  const [row] = samples.flatMap(({ rows }) => rows);
  const authentication = program.classes.authentication;
  if (!row || !authentication) throw new Error('the azure module has no sample sign-in-success');
  const { columns, shred } = authentication;
  const metadata = { ...(row.metadata as object), version };
  const { bytes } = write({ columns }, [{ ...row, metadata }], { shred });
  const { accountId, eventDay } = partitionOf(row);
  const key = `ext/azure-3002/region=eu-west-1/accountId=${accountId}/eventDay=${eventDay}/a.parquet`;
  return { key, bytes };
}

function ofCodecLzo(): Uint8Array {
  const columnData = [{ name: 'class_uid', data: [3002], type: 'INT32' as const }];
  const compressors = { LZO: (bytes: Uint8Array) => bytes };
  return new Uint8Array(parquetWriteBuffer({ columnData, codec: 'LZO', compressors }));
}

function scratch(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'slake-inspect-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

test('a lake folder is inspected object by object; the source of each is the folder below ext/', async () => {
  const callerFolder = scratch({ [`lake/${signIns.key}`]: signIns.bytes });
  const { code, stdout } = await slake(['inspect', 'lake'], { callerFolder });

  expect(stdout).toMatch(/^yes +1 +1 +[\d,]+ +[\d,]+ +ZSTD +slake +lake\/ext\/azure-3002\/.*a\.parquet$/m);
  expect(stdout).toContain('1 of 1 object conforms\nnothing found\n');
  expect(code).toBe(0);
});

test('what does not conform gives exit code 1, in every form of output', async () => {
  const callerFolder = scratch({ 'a.parquet': 'nothing of the kind', 'b.txt': 'not looked at' });
  const { code, stdout } = await slake(['inspect', '.', '--json'], { callerFolder });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    counts: { error: 1 },
    findings: [{ code: 'LAKE-FILE-001', place: { file: 'a.parquet' } }],
    objects: [{ name: 'a.parquet', bytes: 19 }],
  });
  expect((await slake(['inspect', '.', '--format', 'github'], { callerFolder })).stdout).toMatch(
    /^::error file=a\.parquet,title=LAKE-FILE-001::/,
  );
});

test('an object that cannot be read here is not counted among those that conform', async () => {
  const callerFolder = scratch({ 'a.parquet': ofCodecLzo() });
  const { code, stdout } = await slake(['inspect', '.'], { callerFolder });

  expect(stdout).toMatch(/^not checked .* a\.parquet$/m);
  expect(stdout).toContain('0 of 1 object conform\n');
  expect(code).toBe(0);
  expect((await slake(['inspect', '.', '--strict'], { callerFolder })).code).toBe(2);
});

describe('the source of an object whose path does not tell it', () => {
  test.each([[['--module', 'azure']], [['--source', 'azure-3002']]])('is named by %j', async (hint) => {
    const callerFolder = scratch({ 'a.parquet': signIns.bytes });
    const { code, stdout } = await slake(['inspect', 'a.parquet', '--json', ...hint], { callerFolder });
    const codes = (JSON.parse(stdout) as { findings: { code: string }[] }).findings.map((finding) => finding.code);

    expect(code).toBe(0);
    expect(codes).toEqual(['LAKE-PATH-001', 'LAKE-PATH-002', 'LAKE-PATH-003', 'LAKE-PATH-004']);
    expect((await slake(['inspect', 'a.parquet', '--strict', ...hint], { callerFolder })).code).toBe(2);
  });

  test('has no columns to compare where its module does not write the version of the rows', async () => {
    const callerFolder = scratch({ [otherVersion.key]: otherVersion.bytes });
    const { code, stdout } = await slake(['inspect', '.', '--json'], { callerFolder });
    const told = (JSON.parse(stdout) as { findings: { code: string; message: string }[] }).findings;

    expect(code).toBe(0);
    expect(told.map((finding) => `${finding.code} ${finding.message}`)).toEqual([
      'LAKE-COLUMNS-001 azure-3002 is not written in 1.2.0',
      'LAKE-OCSF-001 1 of 1 row is of version 1.2.0; there are tables of 1.1.0, 1.3.0, 1.8.0',
      'LAKE-TYPE-001 the rows are not of one class and version that are known here',
    ]);
    expect((await slake(['inspect', '.', '--strict'], { callerFolder })).code).toBe(2);
  });

  test('is another one where the wrong name is given', async () => {
    const callerFolder = scratch({ 'a.parquet': signIns.bytes });
    const { code, stdout } = await slake(['inspect', 'a.parquet', '--source', 'azure-2004'], { callerFolder });

    expect(code).toBe(1);
    expect(stdout).toContain('LAKE-CLASS-002  rows of class 3002; azure-2004 has 2004 (detection_finding)');
    expect(stdout).toMatch(/LAKE-COLUMNS-001 {2}\d+ columns are missing/);
  });
});

test('objects below an s3:// prefix are inspected where the embedded AWS keeps them', async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'slake-inspect-aws-'));
  const region = 'eu-west-1';
  const aws = await startEmbeddedAws({ python: projectPython(), stateFolder, accountId: '111122223333', region });
  onTestFinished(async () => {
    await aws.stop();
    rmSync(stateFolder, { recursive: true, force: true });
  });
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  const s3 = new S3Client({ forcePathStyle: true });
  const Bucket = 'aws-security-data-lake-eu-west-1-test';
  const misplaced = signIns.key.replace('region=eu-west-1', 'region=us-east-1');
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  for (const Key of [signIns.key, misplaced]) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: signIns.bytes }));
  }

  const { code, stdout } = await slake(['inspect', `s3://${Bucket}/ext/`, '--json']);

  expect(JSON.parse(stdout)).toMatchObject({
    counts: { error: 1, 'not-checked': 0 },
    findings: [{ code: 'LAKE-PATH-004', place: { file: `s3://${Bucket}/${misplaced}` } }],
    objects: [{ rows: 1 }, { rows: 1 }],
  });
  expect(code).toBe(1);
  expect(await slake(['inspect', 's3://no-such-bucket/'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('NoSuchBucket'),
  });
}, 120_000);

test.each([
  [['inspect'], 'SLK-CLI-002'],
  [['inspect', 'no-such-folder'], 'SLK-OPERATE-001'],
  [['inspect', 'src/errors'], 'SLK-OPERATE-001'],
  [['inspect', 'README.md', '--module', 'nosuch'], 'there is no module nosuch'],
  [['inspect', 'README.md', '--source', 'nope'], 'no module here has a lake source nope (there are azure-'],
  [['inspect', 's3://'], 's3://: it names no bucket'],
  [['inspect', 's3:///ext/'], 's3:///ext/: it names no bucket'],
])('%j could not run', async (line, told) => {
  const { code, stderr } = await slake(line);

  expect(code).toBe(2);
  expect(stderr).toContain(told);
});
