// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { venvPython } from '../infra/bundling/project-python.ts';
import { freePort } from './embedded-aws/free-port.ts';
import { type EmbeddedAws, startEmbeddedAws } from './embedded-aws/index.ts';
import { type SecurityLakeStandIn, startSecurityLake } from './security-lake/index.ts';

/** The embedded AWS with Security Lake. */
export interface LocalCloud {
  readonly aws: EmbeddedAws;
  readonly securityLake: SecurityLakeStandIn;
  /** What AWS clients, the CDK and `slake` need in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
  /** The same at once, for a process that is ending. */
  kill(): void;
}

export interface LocalCloudOptions {
  readonly root: string;
  /** Folder for logs and state. */
  readonly stateFolder: string;
  readonly region: string;
  readonly accountId: string;
}

/** Starts an embedded AWS for one account and region, with a Security Lake; listens on 127.0.0.1 only. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { root, stateFolder, region, accountId } = options;
  const port = await freePort();
  const aws = await startEmbeddedAws({
    python: venvPython(root),
    stateFolder,
    region,
    accountId,
    environment: { AWS_ENDPOINT_URL_SECURITYLAKE: `http://127.0.0.1:${port}` },
  });
  try {
    const securityLake = await startSecurityLake({ aws, region, accountId, port });
    return {
      aws,
      securityLake,
      environment: { ...aws.environment, ...securityLake.environment },
      async stop() {
        await securityLake.stop();
        await aws.stop();
      },
      kill: () => aws.kill(),
    };
  } catch (error) {
    await aws.stop();
    throw error;
  }
}
