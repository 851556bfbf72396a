// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { compute, defineMapping, ENVELOPE_TIME, equals, from, integer, ip, isoMs, json } from 'slake/contract';
import { call, recordResource } from './shapes/activity.ts';
import { httpOutcome } from './shapes/http.ts';
import { AUDIT_LOG, audited, auditedAs, auditedAt } from './shapes/kubernetes.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

/** Activities of OCSF by what Kubernetes calls the verb of a request. */
const ACTIVITIES: Readonly<Record<string, 1 | 2 | 3 | 4>> = {
  create: 1,
  get: 2,
  list: 2,
  watch: 2,
  update: 3,
  patch: 3,
  delete: 4,
  deletecollection: 4,
};

/** When the API server took the request; where the event does not say, when it was logged. */
const time = compute([AUDIT_LOG, 'time', ENVELOPE_TIME], (log, logged, accepted) => {
  const times = [auditedAt(log, 'requestReceivedTimestamp'), auditedAt(log, 'stageTimestamp'), logged, accepted];
  return times.map(isoMs).find((value) => value !== undefined);
});

/**
 * A request to the Kubernetes API of an AKS cluster, from the categories kube-audit and kube-audit-admin.
 * @see https://learn.microsoft.com/azure/aks/monitor-aks-reference
 * @see https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 */
export const kubernetesAudit = defineMapping({
  stream: STREAM,
  when: equals('category', 'kube-audit', 'kube-audit-admin'),
  class: 'api_activity',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud'],
  event: {
    activity_id: compute([AUDIT_LOG], (log) => ACTIVITIES[String(auditedAt(log, 'verb'))] ?? 99),
    activity_name: audited('verb'),
    time,
    severity_id: call.severity_id,
    status_id: compute([AUDIT_LOG], (log) => httpOutcome(auditedAt(log, 'responseStatus', 'code')) ?? 0),
    status_code: auditedAs((code) => integer(code)?.toString(), 'responseStatus', 'code'),
    status_detail: audited('responseStatus', 'message'),
    cloud: call.cloud,
    actor: {
      user: { name: audited('user', 'username'), uid: audited('user', 'uid') },
      // OCSF demands an actor; a log that cannot be read names none.
      app_name: compute([AUDIT_LOG], (log) => (auditedAt(log, 'user', 'username') ? undefined : 'Unknown')),
    },
    src_endpoint: {
      ip: auditedAs(ip, 'sourceIPs', 0),
      svc_name: compute([AUDIT_LOG], (log) => (ip(auditedAt(log, 'sourceIPs', 0)) ? undefined : 'Kubernetes')),
    },
    http_request: {
      user_agent: audited('userAgent'),
      url: { path: audited('requestURI') },
    },
    api: {
      operation: compute([AUDIT_LOG, 'operationName'], (log, operation) => {
        const verb = auditedAt(log, 'verb');
        return [verb, operation].find((value): value is string => typeof value === 'string' && value !== '');
      }),
      version: audited('objectRef', 'apiVersion'),
      group: { name: audited('objectRef', 'apiGroup') },
      service: { name: 'Kubernetes' },
      // The whole event: what is asked for stands in its requestObject, whose shape is that of the resource.
      request: { uid: audited('auditID'), data: from(AUDIT_LOG, json) },
      response: { code: auditedAs(integer, 'responseStatus', 'code'), message: audited('responseStatus', 'message') },
    },
    resources: [
      {
        uid: audited('objectRef', 'uid'),
        name: audited('objectRef', 'name'),
        type: audited('objectRef', 'resource'),
        namespace: audited('objectRef', 'namespace'),
      },
      recordResource,
    ],
    metadata: {
      ...call.metadata,
      event_code: audited('verb'),
      product: { name: 'Azure Kubernetes Service', vendor_name: 'Microsoft', feature: { name: 'Kubernetes audit' } },
    },
  },
});
