// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type BuildFailure, type BuildOptions, buildSync, version } from 'esbuild';
import { scriptNotBundled } from '../../errors/bundling.ts';
import { Failure } from '../../errors/failure.ts';
import { recall, remember } from './build-record.ts';
import { type Asset, digest, keep, kept } from './store.ts';

/** For dependencies that are CommonJS inside: an ES module has no `require`. No minified name is as long. */
const REQUIRE =
  "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);\n";
/** What esbuild writes where such a `require` would fail at run time. */
const NEEDS_REQUIRE = 'Dynamic require of';

const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'silent',
} as const satisfies BuildOptions;

export interface TransformerBundle {
  readonly module: { readonly id: string };
  /** TypeScript that exports `handler`. */
  readonly entrySource: string;
  /** Folder from which the imports of `entrySource` are resolved. */
  readonly resolveDir: string;
  /** Kept between runs; may be removed at any time no run uses it. */
  readonly cacheFolder: string;
}

/**
 * The package of a module's transformer: one `index.mjs` with all it imports, whose handler is `index.handler`.
 * It is named by its own content; while no file it was made of changes, it is not made again.
 * @throws Failure SLK-BUNDLE-003
 * @see https://esbuild.github.io/api/
 */
export function bundleTransformer({ module, entrySource, resolveDir, cacheFolder }: TransformerBundle): Asset {
  const stdin = { contents: entrySource, resolveDir, loader: 'ts', sourcefile: `${module.id}-transformer.ts` } as const;
  return bundle({ name: `the transformer of ${module.id}`, folder: resolveDir, options: { stdin } }, cacheFolder);
}

/** The same of a handler that is a file. */
export function bundleHandler({ entry, cacheFolder }: { readonly entry: string; readonly cacheFolder: string }): Asset {
  return bundle({ name: entry, folder: dirname(entry), options: { entryPoints: [resolve(entry)] } }, cacheFolder);
}

interface Input {
  readonly name: string;
  readonly folder: string;
  readonly options: Pick<BuildOptions, 'stdin' | 'entryPoints'>;
}

function bundle(input: Input, cacheFolder: string): Asset {
  const store = join(cacheFolder, 'node');
  const record = join(
    store,
    'records',
    digest([version, REQUIRE, JSON.stringify(OPTIONS), JSON.stringify(input.options)]),
  );
  const known = recall(record);
  const asset = known && kept(store, known);
  if (asset) return asset;

  const { script, files } = build(input);
  const key = digest([script]);
  const made = keep(store, key, (folder) => writeFileSync(join(folder, 'index.mjs'), script));
  remember(record, key, files);
  return made;
}

function build({ name, folder, options }: Input): { readonly script: string; readonly files: readonly string[] } {
  const absWorkingDir = resolve(folder);
  try {
    const { outputFiles, metafile } = buildSync({ ...OPTIONS, ...options, absWorkingDir });
    const text = outputFiles.map((file) => file.text).join('');
    const files = Object.keys(metafile.inputs)
      .filter((path) => path !== options.stdin?.sourcefile)
      .map((path) => resolve(absWorkingDir, path));
    return { script: text.includes(NEEDS_REQUIRE) ? REQUIRE + text : text, files };
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (!errors) throw error;
    const problems = errors.map(({ text, location }) =>
      location ? `${location.file}:${location.line}:${location.column} ${text}` : text,
    );
    throw new Failure(scriptNotBundled, { entry: name, problems }, { cause: error });
  }
}
