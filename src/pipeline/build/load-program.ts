// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mapping } from '../../contract/index.ts';
import type { OcsfVersion } from '../../ocsf/index.ts';
import type { Program } from '../program.ts';
import { type MappingFile, type TransformerSource, transformerSource } from './transformer-source.ts';

/** Root of the framework's sources: generated code imports the pipeline and the OCSF tables from here. */
const SOURCES = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ROOT = dirname(SOURCES);

/** The generated source of a module's transformer, importing from this checkout. */
export function programSource(mappings: readonly MappingFile[], version: OcsfVersion): TransformerSource {
  return transformerSource(mappings, version, { pipeline: join(SOURCES, 'pipeline'), ocsf: join(SOURCES, 'ocsf') });
}

/** The source of a module's transformer Lambda: exports `handler`. */
export function transformerEntry(mappings: readonly MappingFile[], version: OcsfVersion): string {
  const transformer = JSON.stringify(join(SOURCES, 'pipeline', 'transformer.ts'));
  return [
    `import { createTransformer } from ${transformer};`,
    programSource(mappings, version).text,
    'export const handler = createTransformer(program);',
  ].join('\n');
}

/** The mappings of a module's folder as the compiler takes them. */
export function mappingFiles(
  moduleFolder: string,
  mappings: readonly { readonly file: string; readonly exportName: string; readonly mapping: Mapping }[],
): MappingFile[] {
  return mappings.map(({ file, exportName, mapping }) => ({
    file: join(moduleFolder, 'mappings', file),
    exportName,
    name: `${file.replace(/\.ts$/, '')}#${exportName}`,
    mapping,
  }));
}

/** Compiles mappings and loads the result into this process, for tools and tests: the very code that is deployed. */
export async function loadProgram(
  mappings: readonly MappingFile[],
  version: OcsfVersion,
): Promise<{ readonly program: Program; readonly source: TransformerSource }> {
  const source = programSource(mappings, version);
  const hash = createHash('sha256').update(source.text).digest('hex').slice(0, 16);
  const folder = join(ROOT, '.slake', 'programs');
  const file = join(folder, `${hash}.ts`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, source.text);
  renameSync(`${file}.${process.pid}`, file);
  const loaded = (await import(pathToFileURL(file).href)) as { program: Program };
  return { program: loaded.program, source };
}
