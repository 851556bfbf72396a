// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Configuration } from '../config/configuration.ts';

/** What happens to key and checkpoints when the core stack is deleted: only dev forgets it. */
export function removalPolicyOf({ environment }: Pick<Configuration, 'environment'>): RemovalPolicy {
  return environment === 'dev' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
