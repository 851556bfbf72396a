// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  all,
  choose,
  contains,
  defineMapping,
  type EventLiteral,
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
  orElse,
  type Path,
  texts,
  trimmed,
  url,
} from 'slake/contract';
import { tacticsAt } from './shapes/attack.ts';
import { resourceAt, subscriptionCloud } from './shapes/azure-resource.ts';
import { STREAM } from './shapes/stream.ts';
import { VERSIONS } from './shapes/versions.ts';

const SEVERITIES = { High: 4, Medium: 3, Low: 2, Informational: 1 } as const;
const ACTIVITIES = { New: 1, Active: 1, InProgress: 2, Dismissed: 3, Resolved: 3 } as const;
const STATUS = { New: 1, Active: 1, InProgress: 2, Dismissed: 3, Resolved: 4 } as const;

/** How the fields of an alert are named: `top` at the alert, `item` inside what it lists. */
interface Names {
  readonly top: (pascal: string) => Path;
  readonly item: (pascal: string) => Path;
}

const pascalCase: Names = { top: (name) => name, item: (name) => name };
const camelCase: Names = { top: (name) => `properties.${camel(name)}`, item: camel };

/**
 * An alert of Microsoft Defender for Cloud, as continuous export sends it: a bare object.
 * @see https://learn.microsoft.com/azure/defender-for-cloud/alerts-schemas
 */
export const securityAlert = defineMapping({
  stream: STREAM,
  when: has('SystemAlertId', 'AlertType'),
  class: 'detection_finding',
  versions: VERSIONS,
  profiles: ['cloud'],
  event: alert(pascalCase),
});

/**
 * The same alert as a resource of Azure Resource Manager: what playbooks forward that read it from the interface.
 * @see https://learn.microsoft.com/rest/api/defenderforcloud-composite/alerts
 */
export const securityAlertResource = defineMapping({
  stream: STREAM,
  when: all(contains('type', 'microsoft.security/locations/alerts'), has('properties.alertType')),
  class: 'detection_finding',
  versions: VERSIONS,
  profiles: ['cloud'],
  event: alert(camelCase),
});

function alert({ top, item }: Names): EventLiteral<'detection_finding'> {
  const times = [top('TimeGenerated'), top('TimeGeneratedUtc'), top('ProcessingEndTime'), top('ProcessingEndTimeUtc')];
  const kind = (...kinds: readonly string[]) => equals(item('Type'), ...kinds);
  return {
    activity_id: lookup(top('Status'), ACTIVITIES, 0, { ignoreCase: true }),
    time: from([...times, top('EndTimeUtc'), top('StartTimeUtc')], isoMs),
    start_time: from(top('StartTimeUtc'), isoMs),
    end_time: from(top('EndTimeUtc'), isoMs),
    message: from(top('AlertDisplayName')),
    severity_id: choose(
      has(top('Severity')),
      lookup(top('Severity'), SEVERITIES, 0, { ignoreCase: true }),
      lookup(top('ReportedSeverity'), SEVERITIES, 0, { ignoreCase: true }),
    ),
    status_id: lookup(top('Status'), STATUS, 0, { ignoreCase: true }),
    confidence: from(top('ConfidenceLevel')),
    confidence_id: choose(
      has(top('ConfidenceLevel')),
      lookup(top('ConfidenceLevel'), { Low: 1, Medium: 2, High: 3, Unknown: 0 }, 99, { ignoreCase: true }),
    ),
    confidence_score: from(top('ConfidenceScore'), percent),
    cloud: subscriptionCloud([
      top('AzureResourceId'),
      `${top('ResourceIdentifiers')}.0.${item('AzureResourceId')}`,
      `${top('ResourceIdentifiers')}.1.${item('AzureResourceId')}`,
      'id',
    ]),
    finding_info: {
      uid: from(top('SystemAlertId')),
      title: from([top('AlertDisplayName'), top('AlertType')]),
      desc: from(top('Description')),
      types: [from(top('AlertType'))],
      created_time: from(times, isoMs),
      first_seen_time: from(top('StartTimeUtc'), isoMs),
      last_seen_time: from(top('EndTimeUtc'), isoMs),
      src_url: from(top('AlertUri'), url),
      analytic: { uid: from(top('AlertType')), name: from(top('AlertDisplayName')), type_id: 0 },
      attacks: [
        ...tacticsAt(top('Intent')),
        each(top('Techniques'), { technique: { uid: from('.') } }),
        each(top('SubTechniques'), { sub_technique: { uid: from('.') } }),
      ],
    },
    resources: choose(
      has(`${top('ResourceIdentifiers')}.0`),
      each(top('ResourceIdentifiers'), resourceAt([item('AzureResourceId')])),
      [{ ...resourceAt([top('AzureResourceId')]), name: from(top('CompromisedEntity')) }],
    ),
    evidences: [
      each(top('Entities'), {
        src_endpoint: choose(kind('ip', 'Ip', 'IP'), {
          ip: from(item('Address'), ip),
          location: {
            city: from(`${item('Location')}.${item('City')}`),
            region: from(`${item('Location')}.${item('State')}`),
            country: from([`${item('Location')}.${item('CountryCode')}`, `${item('Location')}.${item('CountryName')}`]),
            lat: from(`${item('Location')}.${item('Latitude')}`, float),
            long: from(`${item('Location')}.${item('Longitude')}`, float),
            isp: from(`${item('Location')}.${item('Carrier')}`),
          },
          autonomous_system: { number: from(`${item('Location')}.${item('Asn')}`, integer) },
        }),
        user: choose(kind('account', 'Account'), {
          name: from(item('Name')),
          uid: from([item('AadUserId'), item('Sid'), item('PUID')]),
          domain: from([item('UPNSuffix'), item('NTDomain'), item('DnsDomain')]),
          full_name: from(item('DisplayName')),
        }),
        device: choose(kind('host', 'Host'), {
          hostname: from([item('HostName'), item('NetBiosName')]),
          domain: from([item('DnsDomain'), item('NTDomain')]),
          uid: from([item('AzureID'), item('OMSAgentID')]),
          os: { name: from(item('OSFamily')), type_id: lookup(item('OSFamily'), { Windows: 100, Linux: 200 }, 0) },
          type_id: 0,
        }),
        process: choose(kind('process', 'Process'), {
          pid: from(item('ProcessId'), processId),
          cmd_line: from(item('CommandLine')),
          created_time: from(item('CreationTimeUtc'), isoMs),
          file: {
            name: from(`${item('ImageFile')}.${item('Name')}`),
            parent_folder: from(`${item('ImageFile')}.${item('Directory')}`),
            type_id: 1,
          },
        }),
        file: choose(kind('file', 'File'), {
          name: from(item('Name')),
          parent_folder: from(item('Directory')),
          type_id: 1,
          hashes: each(item('FileHashes'), {
            algorithm_id: lookup(item('Algorithm'), { MD5: 1, SHA1: 2, SHA256: 3 }, 99),
            value: from(item('Value')),
          }),
        }),
        url: choose(kind('url', 'Url'), { url_string: from(item('Url')) }),
        dst_endpoint: choose(kind('dns', 'DnsResolve'), { hostname: from(item('DomainName')) }),
      }),
      { data: from(top('ExtendedProperties'), json) },
    ],
    remediation: {
      desc: from(top('RemediationSteps'), lines),
      references: each(top('ExtendedLinks'), from('Href', url)),
    },
    metadata: {
      event_code: from(top('AlertType')),
      correlation_uid: from(top('CorrelationKey')),
      original_time: from([...times, top('StartTimeUtc')]),
      processed_time: from([top('ProcessingEndTime'), top('ProcessingEndTimeUtc')], isoMs),
      tenant_uid: from([
        `${top('ResourceIdentifiers')}.0.${item('AzureResourceTenantId')}`,
        `${top('ResourceIdentifiers')}.1.${item('AadTenantId')}`,
        `${top('ResourceIdentifiers')}.0.${item('AadTenantId')}`,
      ]),
      product: {
        name: orElse(from(top('ProductName')), 'Microsoft Defender for Cloud'),
        vendor_name: orElse(from(top('VendorName')), 'Microsoft'),
        feature: { name: from([top('ProductComponentName'), `${top('ExtendedProperties')}.ProductComponentName`]) },
      },
    },
  };
}

/** `AzureResourceId` as `azureResourceId`, `UPNSuffix` as `upnSuffix`. */
function camel(pascal: string): string {
  return pascal.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (start) => start.toLowerCase());
}

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
