// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from './counted.ts';
import { defineError } from './failure.ts';

export const lakeSourceProperties = defineError<{ problems: readonly string[] }>({
  code: 'SLK-LAKE-001',
  title: 'A lake source lacks properties',
  blame: 'bug',
  message: ({ problems }) => `The lake source cannot be made of these properties: ${problems.join('; ')}`,
  hint: 'Report this: the template should never have held them.',
});

export const lakeSourceRefused = defineError<{ action: string; sourceName: string; name: string; reason: string }>({
  code: 'SLK-LAKE-002',
  title: 'Security Lake refused a custom source',
  blame: 'aws',
  message: ({ action, sourceName, name, reason }) =>
    `Security Lake did not ${action} the custom source ${sourceName}: ${name}: ${reason}`,
  hint: ({ name }) =>
    name === 'AccessDeniedException' || name === 'ResourceNotFoundException'
      ? 'Check that Security Lake is enabled in this account and region, and that Lake Formation lets the role of this function create tables.'
      : 'Correct what it names and deploy again.',
});

export const lakeSourceBusy = defineError<{ action: string; sourceName: string; name: string; attempts: number }>({
  code: 'SLK-LAKE-003',
  title: 'Security Lake stayed busy',
  blame: 'aws',
  message: ({ action, sourceName, name, attempts }) =>
    `Security Lake did not ${action} the custom source ${sourceName} in ${counted(attempts, 'attempt')}: ${name} each time`,
  hint: 'It changes one source at a time. Deploy again in some minutes.',
});

export const lakeSourceOfAnother = defineError<{ sourceName: string; roleArn: string }>({
  code: 'SLK-LAKE-004',
  title: 'The name of the custom source is taken',
  blame: 'user',
  message: ({ sourceName, roleArn }) =>
    `The custom source ${sourceName} exists already, and its provider role ${roleArn} trusts another principal or external id`,
  hint: ({ sourceName }) =>
    `Give the source another name, or remove that one if nobody uses it: aws securitylake delete-custom-log-source --source-name ${sourceName}`,
});
