// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.ts';
import { classNotInSecurityLake } from '../errors/infra.ts';

/** OCSF classes whose name in Security Lake is not the OCSF name in capitals. */
const RENAMED: Readonly<Record<string, string>> = {
  config_state: 'DEVICE_CONFIG_STATE',
  event_log: 'EVENT_LOG_ACTIVITY',
  file_activity: 'FILE_SYSTEM_ACTIVITY',
  file_hosting: 'FILE_HOSTING_ACTIVITY',
  inventory_info: 'DEVICE_INVENTORY_INFO',
  resource_activity: 'WINDOWS_RESOURCE_ACTIVITY',
  session_query: 'USER_SESSION_QUERY',
  software_info: 'SOFTWARE_INVENTORY_INFO',
  win_service_activity: 'WINDOWS_SERVICE_ACTIVITY',
};

const SAME_NAME = new Set([
  'account_change',
  'admin_group_query',
  'api_activity',
  'application_lifecycle',
  'authentication',
  'authorize_session',
  'compliance_finding',
  'data_security_finding',
  'datastore_activity',
  'detection_finding',
  'device_config_state_change',
  'dhcp_activity',
  'dns_activity',
  'email_activity',
  'email_file_activity',
  'email_url_activity',
  'entity_management',
  'file_query',
  'file_remediation_activity',
  'folder_query',
  'ftp_activity',
  'group_management',
  'http_activity',
  'incident_finding',
  'job_query',
  'kernel_activity',
  'kernel_extension',
  'kernel_object_query',
  'memory_activity',
  'module_activity',
  'module_query',
  'network_activity',
  'network_connection_query',
  'network_file_activity',
  'network_remediation_activity',
  'networks_query',
  'ntp_activity',
  'patch_state',
  'peripheral_device_query',
  'prefetch_query',
  'process_activity',
  'process_query',
  'process_remediation_activity',
  'rdp_activity',
  'registry_key_activity',
  'registry_key_query',
  'registry_value_activity',
  'registry_value_query',
  'remediation_activity',
  'scan_activity',
  'scheduled_job_activity',
  'security_finding',
  'service_query',
  'smb_activity',
  'ssh_activity',
  'tunnel_activity',
  'user_access',
  'user_inventory',
  'user_query',
  'vulnerability_finding',
  'web_resource_access_activity',
  'web_resources_activity',
]);

/**
 * The event class Security Lake calls an OCSF class (`detection_finding`: `DETECTION_FINDING`).
 * Throws SLK-INFRA-001 for a class it does not list.
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/adding-custom-sources.html
 */
export function eventClassOf(className: string): string {
  const renamed = RENAMED[className];
  if (renamed) return renamed;
  if (SAME_NAME.has(className)) return className.toUpperCase();
  throw new Failure(classNotInSecurityLake, { className });
}
