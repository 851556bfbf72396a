// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'integrations/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    coverage: {
      include: ['src/**/*.ts', 'integrations/**/*.ts'],
      exclude: ['**/generated/**', '**/*.test.ts', '**/*.test-d.ts', '**/fixtures/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 80, functions: 80, statements: 80 },
    },
  },
});
