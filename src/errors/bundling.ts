// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export interface InstallFailure {
  readonly requirements: string;
  /** `Python 3.13 on aarch64` */
  readonly target: string;
  /** `uv` or `pip` */
  readonly tool: string;
  readonly lastLines: readonly string[];
}

export const requirementsNotInstalled = defineError<InstallFailure>({
  code: 'SLK-BUNDLE-001',
  title: 'The requirements of a processor cannot be installed',
  blame: 'user',
  message: ({ requirements, target, tool, lastLines }) =>
    [`${tool} cannot install ${requirements} for ${target}`, ...lastLines.map((line) => `  | ${line}`)].join('\n'),
  hint: ({ lastLines, requirements }) => {
    const text = lastLines.join('\n').toLowerCase();
    if (text.includes('hash')) {
      return `Every requirement, also an indirect one, needs its hashes: \`uv pip compile --universal --generate-hashes requirements.in -o ${requirements}\`.`;
    }
    if (/no matching distribution|no wheels|no usable wheels|unsatisfiable|compatible/.test(text)) {
      return 'Lambda gets wheels only, nothing is compiled: choose a version that has a wheel for this Python and platform.';
    }
    return 'Check that the package index can be reached from here, then try again.';
  },
});

export const packageTooLarge = defineError<{
  folder: string;
  megabytes: number;
  limit: number;
  largest: readonly string[];
}>({
  code: 'SLK-BUNDLE-002',
  title: 'The package of a function is too large',
  blame: 'user',
  message: ({ folder, megabytes, limit, largest }) =>
    `The package of ${folder} is ${megabytes} MB unzipped, Lambda takes ${limit} MB; largest: ${largest.join(', ')}`,
  hint: 'Leave out what the runtime has already (boto3, botocore) and packages the processor does not import.',
});

export const scriptNotBundled = defineError<{ entry: string; problems: readonly string[] }>({
  code: 'SLK-BUNDLE-003',
  title: 'A function cannot be bundled',
  blame: 'user',
  message: ({ entry, problems }) => [`${entry} cannot be bundled`, ...problems.map((line) => `  | ${line}`)].join('\n'),
  hint: 'Correct what is named; `npm run build` shows type errors too.',
});

export const nothingToBundle = defineError<{ folder: string; missing: string }>({
  code: 'SLK-BUNDLE-004',
  title: 'A processor is incomplete',
  blame: 'user',
  message: ({ folder, missing }) => `${folder} has no ${missing}`,
  hint: 'Compare it with the processor of modules/_template.',
});
