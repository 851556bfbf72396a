// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { packageTooLarge } from '../../errors/bundling.ts';
import { Failure } from '../../errors/failure.ts';
import { filesBelow } from './store.ts';

const MEGABYTE = 1024 * 1024;
const LIMIT = 250 * MEGABYTE;
const LARGEST_SHOWN = 5;

/**
 * Nothing, if the package in the folder `asset`, made of the processor in `folder`, is small enough for Lambda.
 * @param limit bytes, unzipped
 * @throws Failure SLK-BUNDLE-002 naming its largest parts
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function checkSize(folder: string, asset: string, limit = LIMIT): void {
  const bytesOf = new Map<string, number>();
  for (const file of filesBelow(asset)) {
    const [part = file] = file.split('/');
    bytesOf.set(part, (bytesOf.get(part) ?? 0) + statSync(join(asset, file)).size);
  }
  const total = [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0);
  if (total <= limit) return;
  const largest = [...bytesOf]
    .sort(([, one], [, other]) => other - one)
    .slice(0, LARGEST_SHOWN)
    .map(([name, bytes]) => `${name} ${Math.round(bytes / MEGABYTE)} MB`);
  throw new Failure(packageTooLarge, {
    folder,
    megabytes: Math.ceil(total / MEGABYTE),
    limit: limit / MEGABYTE,
    largest,
  });
}
