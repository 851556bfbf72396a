// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  choose,
  defineMapping,
  each,
  equals,
  float,
  from,
  has,
  integer,
  ip,
  isoMs,
  json,
  lookup,
  texts,
  trimmed,
  url,
} from 'slake/contract';
import { tacticsAt } from './shapes/attack.ts';
import { resourceAt, subscriptionCloud } from './shapes/azure-resource.ts';
import { STREAM } from './shapes/stream.ts';

const SEVERITIES = { High: 4, Medium: 3, Low: 2, Informational: 1 } as const;

/**
 * An alert of Microsoft Defender for Cloud, as continuous export sends it: a bare object.
 * @see https://learn.microsoft.com/azure/defender-for-cloud/alerts-schemas
 */
export const securityAlert = defineMapping({
  stream: STREAM,
  when: has('SystemAlertId', 'AlertType'),
  class: 'detection_finding',
  profiles: ['cloud'],
  event: {
    activity_id: lookup('Status', { New: 1, Active: 1, InProgress: 2, Dismissed: 3, Resolved: 3 }, 0),
    time: from(['TimeGenerated', 'ProcessingEndTime', 'EndTimeUtc', 'StartTimeUtc'], isoMs),
    start_time: from('StartTimeUtc', isoMs),
    end_time: from('EndTimeUtc', isoMs),
    message: from('AlertDisplayName'),
    severity_id: choose(
      has('Severity'),
      lookup('Severity', SEVERITIES, 0, { ignoreCase: true }),
      lookup('ReportedSeverity', SEVERITIES, 0, { ignoreCase: true }),
    ),
    status_id: lookup('Status', { New: 1, Active: 1, InProgress: 2, Dismissed: 3, Resolved: 4 }, 0),
    confidence: from('ConfidenceLevel'),
    confidence_id: choose(
      has('ConfidenceLevel'),
      lookup('ConfidenceLevel', { Low: 1, Medium: 2, High: 3, Unknown: 0 }, 99, { ignoreCase: true }),
    ),
    confidence_score: from('ConfidenceScore', percent),
    cloud: subscriptionCloud([
      'AzureResourceSubscriptionId',
      'AzureResourceId',
      'ResourceIdentifiers.0.AzureResourceId',
      'ResourceIdentifiers.1.AzureResourceId',
      'WorkspaceSubscriptionId',
    ]),
    finding_info: {
      uid: from('SystemAlertId'),
      title: from(['AlertDisplayName', 'AlertType']),
      desc: from('Description'),
      types: [from('AlertType')],
      created_time: from('TimeGenerated', isoMs),
      first_seen_time: from('StartTimeUtc', isoMs),
      last_seen_time: from('EndTimeUtc', isoMs),
      src_url: from('AlertUri', url),
      analytic: { uid: from('AlertType'), name: from('AlertDisplayName'), type_id: 0 },
      attacks: [
        ...tacticsAt('Intent'),
        each('Techniques', { technique: { uid: from('.') } }),
        each('SubTechniques', { sub_technique: { uid: from('.') } }),
      ],
    },
    resources: choose(has('ResourceIdentifiers.0'), each('ResourceIdentifiers', resourceAt(['AzureResourceId'])), [
      { ...resourceAt(['AzureResourceId']), name: from('CompromisedEntity') },
    ]),
    evidences: [
      each('Entities', {
        src_endpoint: choose(equals('Type', 'ip', 'IP'), {
          ip: from('Address', ip),
          location: {
            city: from('Location.City'),
            region: from('Location.State'),
            country: from(['Location.CountryCode', 'Location.CountryName']),
            lat: from('Location.Latitude', float),
            long: from('Location.Longitude', float),
            isp: from('Location.Carrier'),
          },
          autonomous_system: { number: from('Location.Asn', integer) },
        }),
        user: choose(equals('Type', 'account', 'Account'), {
          name: from('Name'),
          uid: from(['AadUserId', 'Sid', 'PUID']),
          domain: from(['UPNSuffix', 'NTDomain', 'DnsDomain']),
          full_name: from('DisplayName'),
        }),
        device: choose(equals('Type', 'host', 'Host'), {
          hostname: from(['HostName', 'NetBiosName']),
          domain: from(['DnsDomain', 'NTDomain']),
          uid: from(['AzureID', 'OMSAgentID']),
          os: { name: from('OSFamily'), type_id: lookup('OSFamily', { Windows: 100, Linux: 200 }, 0) },
          type_id: 0,
        }),
        process: choose(equals('Type', 'process', 'Process'), {
          pid: from('ProcessId', processId),
          cmd_line: from('CommandLine'),
          created_time: from('CreationTimeUtc', isoMs),
          file: { name: from('ImageFile.Name'), parent_folder: from('ImageFile.Directory'), type_id: 1 },
        }),
        file: choose(equals('Type', 'file', 'File'), {
          name: from('Name'),
          parent_folder: from('Directory'),
          type_id: 1,
          hashes: each('FileHashes', {
            algorithm_id: lookup('Algorithm', { MD5: 1, SHA1: 2, SHA256: 3 }, 99),
            value: from('Value'),
          }),
        }),
        url: choose(equals('Type', 'url', 'Url'), { url_string: from('Url') }),
        dst_endpoint: choose(equals('Type', 'dns', 'DnsResolve'), { hostname: from('DomainName') }),
      }),
      { data: from('ExtendedProperties', json) },
    ],
    remediation: {
      desc: from('RemediationSteps', lines),
      references: each('ExtendedLinks', from('Href', url)),
    },
    metadata: {
      event_code: from('AlertType'),
      correlation_uid: from('CorrelationKey'),
      original_time: from(['TimeGenerated', 'StartTimeUtc']),
      processed_time: from('ProcessingEndTime', isoMs),
      tenant_uid: from([
        'ResourceIdentifiers.0.AzureResourceTenantId',
        'ResourceIdentifiers.1.AadTenantId',
        'ResourceIdentifiers.0.AadTenantId',
      ]),
      product: {
        name: choose(has('ProductName'), from('ProductName'), 'Microsoft Defender for Cloud'),
        vendor_name: choose(has('VendorName'), from('VendorName'), 'Microsoft'),
        feature: { name: from(['ProductComponentName', 'ExtendedProperties.ProductComponentName']) },
      },
    },
  },
});

/** The score is 0 where there is none, else a share of 1. */
function percent(value: unknown): number | undefined {
  const share = float(value);
  return share !== undefined && share > 0 && share <= 1 ? Math.round(share * 100) : undefined;
}

/** Process ids are written in hexadecimal (`0x3c44`). */
function processId(value: unknown): number | undefined {
  const text = trimmed(value);
  return text !== undefined && /^0x[0-9a-f]{1,8}$/i.test(text) ? integer(Number.parseInt(text, 16)) : integer(value);
}

function lines(value: unknown): string | undefined {
  return texts(value)?.join('\n');
}
