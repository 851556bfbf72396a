// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of the whole system, longest first: begun last, each would hold up the end alone. */
const LONGEST = ['test/new-module/', 'src/local/iam-proof/prove', 'test/no-loss/', 'src/scan/audit/', 'src/local/'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((path) => moduleId.includes(`/${path}`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'integrations/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    sequence: { sequencer: LongestFirst },
    // Tests of the whole system wait for other processes much of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    coverage: {
      include: ['src/**/*.ts', 'integrations/**/*.ts'],
      exclude: ['**/generated/**', '**/*.test.ts', '**/*.test-d.ts', '**/fixtures/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 80, functions: 80, statements: 80 },
    },
  },
});
