// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

// The codes are those of collector/slake_collector/failure.py: a processor in either language fails in the same words.

export const settingInvalid = defineError<{ name: string; why: string }>({
  code: 'SLK-COL-001',
  title: 'A setting of the processor is missing or wrong',
  blame: 'user',
  message: ({ name, why }) => `${name} ${why}`,
  hint: "Set the environment variable of the processor in the module's configuration and deploy again.",
});

export const secretMissing = defineError<{ id: string }>({
  code: 'SLK-COL-002',
  title: 'The secret is missing',
  blame: 'user',
  message: ({ id }) => `There is no secret ${id}, or it has no value`,
  hint: 'Create the secret with configure-secrets, in the account and region of the processor.',
});

export const secretInvalid = defineError<{ id: string; why: string }>({
  code: 'SLK-COL-003',
  title: 'The secret does not hold what is needed',
  blame: 'user',
  message: ({ id, why }) => `The secret ${id} ${why}`,
  hint: 'Write the secret again with configure-secrets; its value is never logged.',
});

export const sourceFailed = defineError<{ why: string }>({
  code: 'SLK-COL-004',
  title: 'The source refused or broke off',
  blame: 'source',
  message: ({ why }) => why,
  hint: "The next run goes on from the checkpoint; if it keeps failing, look at the source's own status.",
});

export const authenticationFailed = defineError<{ why: string }>({
  code: 'SLK-COL-005',
  title: 'The source refused the credential',
  blame: 'user',
  message: ({ why }) => why,
  hint: 'Check that the key in the secret is current and has the right to listen, then run again.',
});

export const receiverReplaced = defineError<{ partition: string }>({
  code: 'SLK-COL-006',
  title: 'Another receiver took the partition over',
  blame: 'source',
  message: ({ partition }) => `Another receiver took the partition ${partition} over`,
  hint: 'Give this integration a consumer group of its own; overlapping runs need nothing.',
});

export const checkpointConflict = defineError<{ partition: string; stands: string; refused: number }>({
  code: 'SLK-COL-007',
  title: 'Another run moved the checkpoint',
  blame: 'source',
  message: ({ partition, stands, refused }) =>
    `The checkpoint of partition ${partition} stands at ${stands}, so ${refused} was refused`,
  hint: 'Nothing is lost; if it keeps happening, find the second processor that uses this consumer group.',
});

export const checkpointTooNew = defineError<{ partition: string; format: number; known: number }>({
  code: 'SLK-COL-008',
  title: 'The checkpoint was written by a later version',
  blame: 'user',
  message: ({ partition, format, known }) =>
    `The checkpoint of partition ${partition} has format ${format}; this version knows ${known}`,
  hint: 'Deploy the module version that wrote the checkpoint, or a later one.',
});

export const pointerRefused = defineError<{ why: string }>({
  code: 'SLK-COL-009',
  title: 'The queue refused a pointer',
  blame: 'aws',
  message: ({ why }) => why,
  hint: 'The raw object is written and the checkpoint was not moved; the next run sends it again.',
});

export const runFailed = defineError<{ failed: number; of: number; reasons: string }>({
  code: 'SLK-COL-010',
  title: 'Partitions failed; the others were collected',
  blame: 'source',
  message: ({ failed, of, reasons }) => `${failed} of ${of} partitions failed: ${reasons}`,
  hint: 'What was delivered before is checkpointed; the next run goes on from there.',
});
