// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { loadModule } from '../../module/load.ts';
import { DEFAULT_OCSF_VERSION } from '../../ocsf/index.ts';
import { loadProgram, mappingFiles } from '../../pipeline/build/load-program.ts';
import { tryEvents } from '../../pipeline/build/trial-report.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../output.ts';

const SHOWN_LINES = 5;

/** Real events, file by file: how many conform, why others do not, and which facts no attribute holds. */
export async function tryFiles({ output, callerFolder }: CommandContext, id: string, folder: string, target: string) {
  const loaded = await loadModule(folder, id);
  const { program } = await loadProgram(mappingFiles(folder, loaded.mappings), DEFAULT_OCSF_VERSION);
  const files = eventFiles(resolve(callerFolder, target));
  if (files.length === 0)
    throw new Failure(badArguments, { command: 'test-mapping', why: `${target} holds no events (*.jsonl, *.ndjson)` });
  const reports = files.map((file) => ({
    file: relative(callerFolder, file),
    ...tryEvents(program, readFileSync(file, 'utf8')),
  }));
  if (reports.every(({ events }) => events === 0))
    throw new Failure(badArguments, { command: 'test-mapping', why: `${target} holds no events` });
  output.line(output.style.bold(id));
  const rows = reports.map(({ file, events, conforming, facts, held }) => [
    events,
    conforming,
    facts === 0 ? '' : `${Math.round((100 * held) / facts)} %`,
    file,
  ]);
  for (const line of table(['events', 'conform', 'facts held', 'file'], rows)) output.line(`  ${line}`);
  for (const { file, refused, missing } of reports) {
    if (refused.size + missing.size === 0) continue;
    output.line();
    output.line(file);
    for (const [reason, lines] of refused) output.line(`  ${lines.length} refused: ${reason} (${linesText(lines)})`);
    const most = [...missing].toSorted(([, a], [, b]) => b - a).slice(0, 5);
    for (const [fact, count] of most) output.line(`  ${counted(count, 'time')} no attribute holds the ${fact}`);
  }
  const report = {
    module: id,
    files: reports.map((each) => ({
      ...each,
      refused: Object.fromEntries(each.refused),
      missing: Object.fromEntries(each.missing),
      mappings: Object.fromEntries(each.mappings),
    })),
  };
  return { isFine: reports.every(({ refused }) => refused.size === 0), report };
}

/** `line 3`, `lines 3, 7`, `lines 3, 7, 8, 9, 12 and 4 more`. */
function linesText(lines: readonly number[]): string {
  const first = lines.slice(0, SHOWN_LINES).join(', ');
  const rest = lines.length > SHOWN_LINES ? ` and ${lines.length - SHOWN_LINES} more` : '';
  return `${lines.length === 1 ? 'line' : 'lines'} ${first}${rest}`;
}

function eventFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(jsonl|ndjson)$/.test(file) && !/\.meta\./.test(file))
    .toSorted()
    .map((file) => join(path, file));
}
