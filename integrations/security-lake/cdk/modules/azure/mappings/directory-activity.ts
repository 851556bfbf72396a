// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { choose, defineMapping, from, gives, ip, lookup, not, orElse } from 'slake/contract';
import { audit, isAudit, isOfSomebody } from './shapes/audit.ts';
import { ACTIVITY } from './shapes/entra.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const address = from(['properties.initiatedBy.user.ipAddress', 'callerIpAddress', 'calleripaddress'], ip);
const app = from('properties.initiatedBy.app.displayName');
const service = from(['properties.initiatedBy.app.displayName', 'properties.loggedByService']);

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
    activity_name: from(ACTIVITY),
    actor: {
      ...audit.actor,
      app_name: choose<string>(not(isOfSomebody), 'Unknown', app),
    },
    api: {
      ...audit.api,
      operation: orElse(audit.api.operation, 'Unknown'),
    },
    src_endpoint: {
      ip: address,
      // A service of Entra ID that acts by itself has no address.
      svc_name: choose<string>(gives(address), app, orElse(service, 'Unknown')),
    },
  },
});
