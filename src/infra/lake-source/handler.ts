// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecurityLakeClient } from '@aws-sdk/client-securitylake';
import type { Context } from 'aws-lambda';
import { Failure } from '../../errors/failure.ts';
import { type LakeSourceAnswer, onLakeSourceEvent } from './lake-source.ts';

/** Kept back of the invocation's time, to answer before the function is cut off. */
const RESERVE_MILLISECONDS = 10_000;

const logger = new Logger({ serviceName: 'lake-source' });
const lake = new SecurityLakeClient();
const iam = new IAMClient();

/**
 * onEvent handler of the custom resource that is one custom source of Security Lake.
 * Its timeout should be 15 minutes: Security Lake changes one source at a time, and the others wait in here.
 */
export async function handler(event: unknown, context: Context): Promise<LakeSourceAnswer> {
  const clock = {
    remaining: () => context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS,
    sleep: (milliseconds: number) => sleep(milliseconds),
    random: Math.random,
  };
  const region = process.env.AWS_REGION ?? '';
  const log = (message: string, fields: Readonly<Record<string, unknown>>) => logger.info(message, fields);
  try {
    return await onLakeSourceEvent(event, { lake, iam, clock, region, log });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // CloudFormation shows the message of an error and nothing else of it.
    throw new Error(`${error.code}: ${error.message}. ${error.hint}`, { cause: error });
  }
}
