// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { settingInvalid } from '../errors/collector.ts';
import { Failure } from '../errors/failure.ts';

/** What the infrastructure tells a processor. */
export interface Settings {
  readonly moduleId: string;
  readonly moduleVersion: string;
  readonly rawBucket: string;
  readonly queueUrl: string;
  readonly checkpointTable: string;
  readonly secretId: string;
}

/** Reads them from environment variables; throws SLK-COL-001 for one that is missing. */
export function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  const required = (name: string): string => {
    const value = environment[name];
    if (!value) throw new Failure(settingInvalid, { name, why: 'is not set' });
    return value;
  };
  return {
    moduleId: required('SLAKE_MODULE_ID'),
    moduleVersion: required('SLAKE_MODULE_VERSION'),
    rawBucket: required('SLAKE_RAW_BUCKET'),
    queueUrl: required('SLAKE_QUEUE_URL'),
    checkpointTable: required('SLAKE_CHECKPOINT_TABLE'),
    secretId: required('SLAKE_SECRET_ID'),
  };
}
