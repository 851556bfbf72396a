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

export const secretNotWanted = defineError<{ module: string }>({
  code: 'SLK-OPERATE-003',
  title: 'The module has no secret',
  blame: 'user',
  message: ({ module }) => `no processor of ${module} reads a secret`,
  hint: 'There is nothing to configure.',
});

export const secretValueWrong = defineError<{ name: string; problems: readonly string[] }>({
  code: 'SLK-OPERATE-004',
  title: 'The value of a secret is wrong',
  blame: 'user',
  message: ({ name, problems }) => `${name} cannot hold this: ${problems.join('; ')}`,
  hint: 'Nothing was written. The README of the module says what the secret holds.',
});

export const secretNotWritten = defineError<{ name: string; why: string }>({
  code: 'SLK-OPERATE-005',
  title: 'A secret cannot be written',
  blame: 'aws',
  message: ({ name, why }) => `${name}: ${why}`,
  hint: 'It takes secretsmanager:DescribeSecret, CreateSecret and UpdateSecret on it, and the use of its key.',
});
