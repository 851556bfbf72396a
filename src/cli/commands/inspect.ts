// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import { nothingToInspect } from '../../errors/operate.ts';
import { loadModules } from '../../module/load.ts';
import { columnsOf, type Inspection, inspectionRules, inspectObject } from '../../operate/inspect/index.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { defineCommand } from '../command.ts';
import { findingOptions, printFindings } from '../findings.ts';
import { table } from '../output.ts';

/** An object that can be read when its turn comes. */
interface Readable {
  readonly name: string;
  read(): Promise<Uint8Array>;
}

export const command = defineCommand({
  summary: 'Says whether Parquet objects conform to the rules of Security Lake',
  description: `Looks at any Parquet file, whoever wrote it: format, page and row group sizes, compression, lists, order by time,
partition against content, columns against the source, and every row against its OCSF class. Files are read by a reader
that shares no code with the writer. On AWS the usual credentials count; a loopback AWS_ENDPOINT_URL means the embedded AWS.`,
  options: findingOptions,
  examples: [
    'npm run inspect -- .slake/start/lake',
    'npm run inspect -- events.parquet',
    'npm run inspect -- s3://aws-security-data-lake-us-east-1-example/ext/azure-2004/',
  ],
  async run(context) {
    const { positionals, output, root, callerFolder, signal } = context;
    if (positionals.length === 0)
      throw new Failure(badArguments, { command: 'inspect', why: 'name a file, a folder or s3://bucket/prefix' });
    const found = await Promise.all(positionals.map((target) => objectsOf(target, callerFolder)));
    const { modules } = await loadModules(join(root, CDK_FOLDER, 'modules'));
    const columns = columnsOf(modules);
    const inspections = await output.stage('Inspect', async (say) => {
      const done: Inspection[] = [];
      for (const { name, read } of found.flat()) {
        signal.throwIfAborted();
        done.push(await inspectObject(name, await read(), columns));
        say(`${done.length} of ${found.flat().length} objects`);
      }
      return done;
    });
    const findings = inspections.flatMap((inspection) => inspection.findings);
    const rows = inspections.map(({ name, rows: count = 0, rowGroups = 0, pages = 0, bytes, findings: own }) => [
      own.some(({ level }) => level === 'error') ? 'no' : 'yes',
      count,
      rowGroups,
      pages,
      bytes,
      name,
    ]);
    return printFindings(
      context,
      { tool: 'inspect', rules: inspectionRules, findings },
      {
        json: { objects: inspections },
        lines: [...table(['conforms', 'rows', 'row groups', 'pages', 'bytes', 'object'], rows), ''],
      },
    );
  },
});

async function objectsOf(target: string, callerFolder: string): Promise<readonly Readable[]> {
  const objects = target.startsWith('s3://') ? await s3Objects(target) : localObjects(target, callerFolder);
  if (objects.length === 0) throw new Failure(nothingToInspect, { target, why: 'there is no *.parquet in it' });
  return objects;
}

function localObjects(target: string, callerFolder: string): Readable[] {
  const path = resolve(callerFolder, target);
  if (!existsSync(path)) throw new Failure(nothingToInspect, { target, why: 'there is no such file or folder' });
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.parquet'))
        .toSorted()
        .map((file) => join(path, file))
    : [path];
  return files.map((file) => ({ name: relative(callerFolder, file), read: async () => readFileSync(file) }));
}

async function s3Objects(target: string): Promise<Readable[]> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(target) ?? [];
  const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  const objects: Readable[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key } of Contents) {
        if (!Key?.endsWith('.parquet')) continue;
        objects.push({
          name: `s3://${bucket}/${Key}`,
          async read() {
            const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
            return (await Body?.transformToByteArray()) ?? new Uint8Array();
          },
        });
      }
    }
  } catch (error) {
    const { name, message } = error as Error;
    throw new Failure(nothingToInspect, { target, why: `S3 answers ${name}: ${message}` }, { cause: error });
  }
  return objects;
}
