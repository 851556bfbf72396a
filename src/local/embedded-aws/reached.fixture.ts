// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { projectPython } from '../../infra/bundling/project-python.ts';
import { type EmbeddedAws, startEmbeddedAws } from './index.ts';

/** An embedded AWS for the tests of a file, which the AWS SDKs of this process reach; `folder` is removed with it. */
export function reachEmbeddedAws(
  folder: string,
  account: { readonly accountId: string; readonly region: string },
): void {
  let aws: EmbeddedAws;

  beforeAll(async () => {
    aws = await startEmbeddedAws({ python: projectPython(), stateFolder: folder, ...account, environment: {} });
  }, 120_000);

  beforeEach(() => {
    for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  });

  afterEach(() => vi.unstubAllEnvs());

  afterAll(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}
