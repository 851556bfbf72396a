// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from './counted.ts';
import { defineError } from './failure.ts';

export const unusableLiteral = defineError<{ mapping: string; where: string; why: string }>({
  code: 'SLK-PIPELINE-001',
  title: 'A mapping cannot be compiled',
  blame: 'user',
  message: ({ mapping, where, why }) => `${mapping}: ${where}: ${why}`,
  hint: 'Correct the mapping; its literal has the shape of the OCSF class it names.',
});

export const versionNotClaimed = defineError<{ mapping: string; version: string; claims: readonly string[] }>({
  code: 'SLK-PIPELINE-006',
  title: 'A mapping is not made for this OCSF version',
  blame: 'user',
  message: ({ mapping, version, claims }) => `${mapping} is made for OCSF ${claims.join(', ')}, not for ${version}`,
  hint: 'Choose another ocsfVersion, or add the version to "versions" of the mapping and see what its samples say.',
});

export const claimDoesNotHold = defineError<{
  problems: readonly { mapping: string; version: string; path: string; why: string }[];
}>({
  code: 'SLK-PIPELINE-007',
  title: 'A mapping does not hold in an OCSF version that it claims',
  blame: 'user',
  message: ({ problems }) =>
    problems.map(({ mapping, version, path, why }) => `${mapping}: OCSF ${version}: ${path} ${why}`).join('\n'),
  hint: 'Give what the version demands, say with "adjust" what it calls otherwise, or take the version out of "versions".',
});

export const sampleUnreadable = defineError<{ file: string; why: string }>({
  code: 'SLK-PIPELINE-008',
  title: 'A sample is no JSON',
  blame: 'user',
  message: ({ file, why }) => `${file}: ${why}`,
  hint: 'A <case>.raw.json holds one raw event, a <case>.ocsf.json an array of OCSF events.',
});

export const rawObjectIncomplete = defineError<{ key: string; expected: number; found: number }>({
  code: 'SLK-PIPELINE-002',
  title: 'A raw object holds fewer events than its pointer says',
  blame: 'source',
  message: ({ key, expected, found }) =>
    `${key}: the pointer names ${counted(expected, 'event')}, the object holds ${found}`,
  hint: 'The message is tried again; if it ends in the dead-letter queue, look at how the object was written.',
});

export const foreignPointer = defineError<{ dataref: string; expected: string }>({
  code: 'SLK-PIPELINE-003',
  title: 'A pointer names an object outside the module',
  blame: 'source',
  message: ({ dataref, expected }) => `the pointer names ${dataref}, which is not below ${expected}`,
  hint: 'Only processors of the module may send to its queue; check who else can.',
});

export const unreadableMessage = defineError<{ messageId: string; why: string }>({
  code: 'SLK-PIPELINE-004',
  title: 'A queue message is no pointer and no event',
  blame: 'source',
  message: ({ messageId, why }) => `message ${messageId}: ${why}`,
  hint: 'The message goes to the dead-letter queue. A processor sends CloudEvents: see the module interface specification.',
});

export const missingEnvironment = defineError<{ name: string; why: string }>({
  code: 'SLK-PIPELINE-005',
  title: 'The transformer is not configured',
  blame: 'bug',
  message: ({ name, why }) => `environment variable ${name}: ${why}`,
  hint: 'Deploy the module stack again; its template sets the variable.',
});
