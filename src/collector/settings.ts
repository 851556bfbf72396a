// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { settingInvalid } from '../errors/collector.ts';
import { Failure } from '../errors/failure.ts';
import { RAW_OBJECT_BYTES } from './raw-object.ts';

/** What the infrastructure tells a processor. */
export interface Settings {
  readonly moduleId: string;
  readonly moduleVersion: string;
  readonly rawBucket: string;
  readonly queueUrl: string;
  readonly checkpointTable: string;
  readonly secretId: string;
  /** Text of one raw object before compression, in bytes. */
  readonly rawObjectBytes: number;
}

/** Reads them from environment variables; throws SLK-COL-001 for one that is missing or no number. */
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
    rawObjectBytes: sizeOf(environment, 'SLAKE_RAW_OBJECT_BYTES', RAW_OBJECT_BYTES),
  };
}

function sizeOf(environment: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = environment[name] || String(otherwise);
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new Failure(settingInvalid, { name, why: `is ${value}, not a number of bytes` });
}
