// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import type { Finding, Rule } from '../../findings/index.ts';
import { lakePathOf } from './lake-path.ts';
import type { FindSource } from './lake-source.ts';
import { type ParquetFile, readParquet } from './parquet-file.ts';
import { gatherRows, type RowFacts } from './row-facts.ts';
import { openRowReader, type Row } from './row-reader.ts';
import type { LakeObject, LakeRule } from './rule.ts';
import { columnRules } from './rules/columns.ts';
import { fileRules, unreadable } from './rules/file.ts';
import { pathRules } from './rules/path.ts';
import { rowRules } from './rules/rows.ts';

export { type FindSource, type LakeSource, sourcesOf } from './lake-source.ts';

export const lakeRules: readonly LakeRule[] = [...fileRules, ...rowRules, ...pathRules, ...columnRules];

/** Every rule that an object is held against. */
export const inspectionRules: readonly Rule[] = [unreadable, ...lakeRules];

/** What was found in one object. */
export interface Inspection {
  readonly name: string;
  readonly bytes: number;
  /** Absent where the object cannot be read, as what follows. */
  readonly rows?: number;
  readonly rowGroups?: number;
  readonly pages?: number;
  readonly largestPage?: number;
  readonly codecs?: readonly string[];
  readonly createdBy?: string;
  readonly findings: readonly Finding[];
}

/** What is to be inspected. */
export interface InspectionSubject {
  /** Path or address as a person knows it; its folders tell source and partition. */
  readonly name: string;
  /** The file to read. */
  readonly path: string;
  /** Bytes of it. */
  readonly bytes: number;
}

/** What tells the source of objects whose path does not. */
export interface SourceHint {
  readonly source?: string | undefined;
  readonly moduleId?: string | undefined;
}

export interface Inspector {
  /** Never throws for a bad object: that is a finding. */
  inspect(subject: InspectionSubject): Promise<Inspection>;
  close(): void;
}

/** Holds objects of a lake against the rules of Security Lake. */
export function createInspector(findSource: FindSource, hint: SourceHint = {}): Inspector {
  const reader = openRowReader();
  return {
    async inspect({ name, path, bytes }) {
      const contents = await contentsOf(path);
      if ('message' in contents) {
        return { name, bytes, findings: [{ code: unreadable.code, ...contents, place: { file: name } }] };
      }
      const { file, rows } = contents;
      const lakePath = lakePathOf(name);
      const [version] = rows.versions.keys();
      const [classUid] = rows.classes.keys();
      const named = hint.source ?? (hint.moduleId === undefined ? lakePath.source : undefined);
      const source = findSource({ name: named, moduleId: hint.moduleId, classUid: Number(classUid), version });
      const { pages, createdBy, codecs, rowGroups } = file;
      return {
        name,
        bytes,
        rows: file.rows,
        rowGroups: rowGroups.length,
        pages: pages.count,
        ...(pages.largest ? { largestPage: pages.largest.uncompressedBytes } : {}),
        codecs,
        ...(createdBy === undefined ? {} : { createdBy }),
        findings: judge(name, { path: lakePath, file, rows, ...(source ? { source } : {}) }),
      };
    },
    close: () => reader.close(),
  };

  /** What is in a file, or in a few words why it cannot be read, or not here. */
  async function contentsOf(path: string): Promise<Contents | Pick<Finding, 'level' | 'message'>> {
    try {
      const file = await orUnreadable(readParquet(path));
      const foreign = file.codecs.filter((codec) => NOT_READ_HERE.includes(codec)).join(', ');
      if (foreign)
        return { level: 'not-checked', message: `columns are compressed with ${foreign}, which is not read here` };
      const rows = await gatherRows(batchesOrUnreadable(reader.read(path)));
      if (rows.count === file.rows) return { file, rows };
      const message = `the footer tells of ${counted(file.rows, 'row')}, ${rows.count} can be read`;
      return { level: unreadable.level, message };
    } catch (error) {
      if (error instanceof Unreadable) return { level: unreadable.level, message: error.message };
      throw error;
    }
  }
}

interface Contents {
  readonly file: ParquetFile;
  readonly rows: RowFacts;
}

/** Codecs of Parquet that DuckDB does not have, though queries of a lake may. */
const NOT_READ_HERE: readonly string[] = ['LZO', 'LZ4'];

/** What a reader says of a file; any other error is a fault of what looks at the rows, which no file is to blame for. */
class Unreadable extends Error {}

async function orUnreadable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new Unreadable(firstLine(error), { cause: error });
  }
}

async function* batchesOrUnreadable(batches: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  try {
    yield* batches;
  } catch (error) {
    throw new Unreadable(firstLine(error), { cause: error });
  }
}

/** Holds an object against every rule. */
function judge(name: string, object: LakeObject): Finding[] {
  const place = { file: name };
  return lakeRules.flatMap(({ code, level, look }): Finding[] => {
    const verdict = look(object);
    const [found, notChecked] = 'notChecked' in verdict ? [verdict.found ?? [], verdict.notChecked] : [verdict];
    return [
      ...found.map((message) => ({ code, level, message, place })),
      ...(notChecked === undefined ? [] : [{ code, level: 'not-checked' as const, message: notChecked, place }]),
    ];
  });
}

/** Readers name the file they read, which is not the name a person knows. */
function firstLine(error: unknown): string {
  const line = (error as Error).message?.split('\n')[0] ?? '';
  return line.replaceAll(/(?:file )?(['"])[^'"]*\/slake-inspect-[^'"]*\1/g, 'the file') || 'it cannot be read';
}
