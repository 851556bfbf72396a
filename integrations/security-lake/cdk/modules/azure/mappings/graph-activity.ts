// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { choose, defineMapping, equals, from, has, integer, ip, isoMs, listed, lookup, url } from 'slake/contract';
import { entraDuration, entraMetadata, tenantCloud } from './shapes/entra.ts';
import { httpMethod, httpOutcome } from './shapes/http.ts';
import { STREAM } from './shapes/stream.ts';
import { VERSIONS } from './shapes/versions.ts';

/**
 * A request to Microsoft Graph.
 * @see https://learn.microsoft.com/graph/microsoft-graph-activity-logs-overview
 */
export const graphActivity = defineMapping({
  stream: STREAM,
  when: equals('category', 'MicrosoftGraphActivityLogs'),
  class: 'api_activity',
  versions: VERSIONS,
  profiles: ['cloud'],
  event: {
    activity_id: lookup('properties.requestMethod', { POST: 1, GET: 2, HEAD: 2, PUT: 3, PATCH: 3, DELETE: 4 }, 99),
    activity_name: from('properties.requestMethod'),
    time: from(['properties.timeGenerated', 'time'], isoMs),
    duration: entraDuration(),
    message: from(['operationName', 'operationname']),
    severity_id: 1,
    status_id: from(['properties.responseStatusCode', 'resultSignature'], httpOutcome),
    status_code: from(['properties.responseStatusCode', 'resultSignature']),
    cloud: { ...tenantCloud(), region: from('location') },
    actor: {
      user: choose(
        has('properties.userId'),
        { uid: from('properties.userId'), type_id: 1 },
        { uid: from('properties.servicePrincipalId'), type_id: 99, type: 'Service Principal' },
      ),
      app_uid: from('properties.appId'),
      session: { uid: from('properties.sessionId'), credential_uid: from('properties.signInActivityId') },
    },
    api: {
      operation: from(['properties.requestMethod', 'operationName']),
      version: from('properties.apiVersion'),
      service: { name: 'Microsoft Graph' },
      request: { uid: from('properties.requestId'), flags: from(['properties.scopes', 'properties.roles'], granted) },
      response: { code: from('properties.responseStatusCode', integer) },
    },
    src_endpoint: { ip: from(['properties.ipAddress', 'callerIpAddress'], ip) },
    http_request: {
      http_method: from('properties.requestMethod', httpMethod),
      user_agent: from('properties.userAgent'),
      uid: from('properties.clientRequestId'),
      url: { url_string: from('properties.requestUri', url) },
    },
    metadata: entraMetadata('Microsoft Graph activity logs', ['properties.timeGenerated', 'time']),
  },
});

/** Permissions stand in one text, parted by blanks. */
function granted(value: unknown): string[] | undefined {
  return typeof value === 'string' ? listed(value.replaceAll(' ', ',')) : listed(value);
}
