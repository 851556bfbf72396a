// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { any, choose, defineMapping, from, has, ip, lookup } from 'slake/contract';
import { audit, isAudit } from './shapes/audit.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

/** An audit record of Entra ID that names no object: an export, a consent screen, a sync of a service. */
export const directoryActivity = defineMapping({
  stream: STREAM,
  when: isAudit,
  priority: -20,
  class: 'api_activity',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud'],
  event: {
    ...audit,
    activity_id: lookup('properties.operationType', { Add: 1, Create: 1, Read: 2, Get: 2, Update: 3, Delete: 4 }, 99),
    activity_name: from('properties.activityDisplayName'),
    src_endpoint: {
      ip: from(['properties.initiatedBy.user.ipAddress', 'callerIpAddress', 'calleripaddress'], ip),
      // A service of Entra ID that acts by itself has no address.
      svc_name: choose(
        any(has('properties.initiatedBy.user.ipAddress'), has('callerIpAddress'), has('calleripaddress')),
        from('properties.initiatedBy.app.displayName'),
        from(['properties.initiatedBy.app.displayName', 'properties.loggedByService']),
      ),
    },
  },
});
