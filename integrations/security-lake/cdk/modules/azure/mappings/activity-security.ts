// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, choose, contains, defineMapping, from, has, integer, ip, lookup, not } from 'slake/contract';
import { isCategory, record, recordResource } from './shapes/activity.ts';
import { isAudit } from './shapes/audit.ts';
import { STREAM } from './shapes/stream.ts';
import { VERSIONS } from './shapes/versions.ts';

/**
 * An alert of Defender for Cloud as the activity log tells it (category Security). Continuous export sends the same
 * alert with more to it.
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema#security-alert-category
 */
export const activitySecurity = defineMapping({
  stream: STREAM,
  when: all(
    isCategory('Security'),
    any(contains('operationName', '/alerts/'), contains('operationName.value', '/alerts/')),
    not(isAudit),
  ),
  class: 'detection_finding',
  versions: VERSIONS,
  profiles: ['cloud'],
  event: {
    ...record,
    activity_id: lookup('resultType', { Active: 1, Activated: 1, Resolved: 3, Dismissed: 3 }, 1),
    status_id: lookup('resultType', { Active: 1, Activated: 1, Dismissed: 3, Resolved: 4 }, 0),
    severity_id: choose(
      any(has('properties.Severity'), has('properties.severity')),
      choose(
        has('properties.Severity'),
        lookup('properties.Severity', { High: 4, Medium: 3, Low: 2, Informational: 1 }, 0),
        lookup('properties.severity', { High: 4, Medium: 3, Low: 2, Informational: 1 }, 0),
      ),
      record.severity_id,
    ),
    finding_info: {
      uid: from(['eventDataId', 'properties.eventDataId', 'id', 'correlationId']),
      title: from([
        'eventName.value',
        'eventName',
        'properties.eventName',
        'properties.title',
        'resultDescription',
        'description',
        'operationName.value',
        'operationName',
      ]),
      desc: from(['properties.description', 'resultDescription', 'description']),
      created_time: record.time,
      types: [from(['properties.alertType', 'properties.eventCategory'])],
    },
    evidences: [
      {
        process: {
          name: from('properties.processName'),
          pid: from('properties.processId', processId),
          cmd_line: from('properties.commandLine'),
          parent_process: {
            name: from('properties.parentProcess'),
            pid: from('properties.parentProcessId', processId),
          },
        },
        user: {
          name: from('properties.userName'),
          domain: from('properties.domainName'),
          uid: from(['properties.UserSID', 'properties.userSid']),
        },
        src_endpoint: { ip: from(['properties.attackerIp', 'properties.sourceIp', 'callerIpAddress'], ip) },
      },
    ],
    resources: [recordResource],
  },
});

/** Process ids are written in hexadecimal. */
function processId(value: unknown): number | undefined {
  const isHex = typeof value === 'string' && /^0x[0-9a-f]{1,8}$/i.test(value);
  return isHex ? integer(Number.parseInt(value, 16)) : integer(value);
}
