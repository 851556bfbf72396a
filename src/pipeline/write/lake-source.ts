// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ClassName } from '../../ocsf/index.ts';

/** A custom source of Security Lake, as the module's stack tells the transformer. */
export interface LakeSource {
  readonly class: ClassName;
  readonly name: string;
  readonly roleArn: string;
  readonly bucket: string;
  /** Key prefix of the source in the bucket, empty or with a slash at its end. */
  readonly prefix: string;
}

const Described = z.array(
  z.object({
    class: z.string(),
    name: z.string(),
    location: z.string().min(1),
    roleArn: z.string().startsWith('arn:'),
  }),
);

/**
 * Reads what CreateCustomLogSource answered: `provider.location` is a bucket and prefix, with or without `s3://`.
 * @see https://docs.aws.amazon.com/security-lake/latest/APIReference/API_CustomLogSourceProvider.html
 */
export function parseLakeSources(json: string): LakeSource[] {
  return Described.parse(JSON.parse(json)).map(({ location, ...source }) => {
    const [bucket = '', ...keys] = location
      .replace(/^s3:\/\//, '')
      .replace(/\/+$/, '')
      .split('/');
    const prefix = keys.length > 0 ? `${keys.join('/')}/` : '';
    return { ...source, class: source.class as ClassName, bucket, prefix };
  });
}
