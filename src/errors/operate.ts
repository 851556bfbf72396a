// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const nothingToInspect = defineError<{ target: string; why: string }>({
  code: 'SLK-OPERATE-001',
  title: 'There is nothing to inspect',
  blame: 'user',
  message: ({ target, why }) => `${target}: ${why}`,
  hint: 'Name a Parquet file, a folder that holds some, or s3://bucket/prefix.',
});

export const objectUnavailable = defineError<{ object: string; why: string }>({
  code: 'SLK-OPERATE-002',
  title: 'An object cannot be got',
  blame: 'aws',
  message: ({ object, why }) => `${object}: ${why}`,
  hint: 'Reading takes s3:ListBucket and s3:GetObject, and kms:Decrypt where the bucket has a key of its own.',
});
