// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// What the mappings of the activity log and of resource logs make of parts of a record that come in many shapes.
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadModule } from '../src/module/load.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { tryEvent } from '../src/pipeline/build/sample.ts';
import type { OcsfEvent } from '../src/pipeline/map/mapper.ts';
import { CDK_FOLDER } from '../src/release/deploy.ts';

const folder = join(resolve(import.meta.dirname, '..'), CDK_FOLDER, 'modules', 'azure');
const { mappings } = await loadModule(folder, 'azure');
const files = mappingFiles(folder, mappings);
const VERSIONS = ['1.1.0', '1.3.0', '1.8.0'] as const;
const programs = await Promise.all(VERSIONS.map(async (version) => (await loadProgram(files, version)).program));
const [inFirst, usual] = programs as [(typeof programs)[number], (typeof programs)[number]];

const KEYS = 'http://schemas.microsoft.com/identity/claims';
const NAMES = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const APP = 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c';
const administrative = {
  time: '2026-01-15T14:00:00Z',
  category: 'Administrative',
  operationName: 'Microsoft.Storage/storageAccounts/write',
  resourceId: '/subscriptions/3f2504e0-4f89-41d3-9a0c-0305e82c3301/resourceGroups/rg',
};
const vault = {
  time: '2026-01-15T14:00:00Z',
  category: 'AuditEvent',
  operationName: 'SecretGet',
  resourceId: '/SUBSCRIPTIONS/3F2504E0-4F89-41D3-9A0C-0305E82C3301/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV',
};
const blob = { ...vault, category: 'StorageRead', operationName: 'GetBlob' };

/** The row of an event, as JSON shows it. */
function row(event: object, program = usual): OcsfEvent {
  const { rows, reasons } = tryEvent(program, event, 'event');
  expect(reasons).toEqual([]);
  return JSON.parse(JSON.stringify(rows[0])) as OcsfEvent;
}

describe('a record without an actor that can be told', () => {
  const identities: readonly (readonly [what: string, identity: unknown])[] = [
    ['an empty object', {}],
    ['an empty array', []],
    ['an array', [{ claims: { name: 'Ada' } }]],
    ['a text', 'Ada'],
    ['a number', 7],
    ['an authorization alone', { authorization: { scope: '/', action: 'read', evidence: { role: 'Owner' } } }],
    ['no claim', { claims: {} }],
    ['claims that are a text', { claims: 'name=Ada' }],
    ['a claim that is no text', { claims: { name: ['Ada'], upn: {} } }],
    ['a claim longer than OCSF takes', { claims: { name: 'A'.repeat(65_536) } }],
    ['a claim that nobody knows', { claims: { groups: 'a,b' } }],
    ['another resource', { delegatedResource: '/subscriptions/3f2504e0-4f89-41d3-9a0c-0305e82c3301' }],
  ];
  const cases = [administrative, vault].flatMap((record) =>
    identities.map(([what, identity]) => [`${record.category}, ${what}`, { ...record, identity }] as const),
  );

  test.each(cases)('is of an unknown one in every version, and keeps what was told: %s', (_, event) => {
    for (const program of programs) {
      const { actor, unmapped } = row(event, program);
      const { app_name, invoked_by } = actor as { app_name?: string; invoked_by?: string };

      expect([app_name, invoked_by].filter(Boolean)).toEqual(['Unknown']);
      // A long text is kept in parts.
      const kept = JSON.stringify([actor, unmapped]).replaceAll(/","[^"]*#part\d+":"/g, '');
      for (const leaf of leaves(event.identity)) expect(kept).toContain(JSON.stringify(leaf).slice(1, -1));
    }
  });

  test('is of Azure itself where Azure tells of itself', () => {
    for (const category of ['Alert', 'Autoscale', 'Recommendation', 'ResourceHealth', 'ServiceHealth']) {
      expect(row({ ...administrative, category, identity: {} }).actor).toEqual({ app_name: 'Microsoft.Storage' });
      expect(row({ ...administrative, category, identity: {}, operationName: 7 }).actor).toEqual({
        app_name: 'Microsoft.Resources',
      });
    }
  });

  test('is of no unknown one where a session or a tenant is told', () => {
    const tenant = { uid: 'a8990e1f-ff32-408a-9f8e-78d3b9139b95', type: 'Azure AD Account', type_id: 6 };

    expect(row({ ...blob, identity: { tokenHash: 'key1(4E)' } }).actor).toEqual({
      session: { credential_uid: 'key1(4E)' },
    });
    for (const program of programs) {
      expect(row({ ...administrative, tenantId: tenant.uid }, program).actor).toMatchObject({
        user: { account: { uid: tenant.uid } },
      });
    }
  });
});

describe('who acts', () => {
  test.each(['claims', 'claim'])('is told by the claims of a token, under "%s"', (name) => {
    const claims = {
      [`${NAMES}/upn`]: 'ada@contoso.example',
      [`${KEYS}/objectidentifier`]: '1d2c3b4a-5e6f-4788-9900-aabbccddeeff',
      [`${KEYS}/tenantid`]: 'a8990e1f-ff32-408a-9f8e-78d3b9139b95',
      appid: APP,
      name: 'Ada Lovelace',
      sid: 'session',
    };
    const { actor, unmapped } = row({ ...vault, identity: { [name]: claims } });

    expect(actor).toMatchObject({
      user: {
        name: 'ada@contoso.example',
        full_name: 'Ada Lovelace',
        uid: '1d2c3b4a-5e6f-4788-9900-aabbccddeeff',
        account: { uid: 'a8990e1f-ff32-408a-9f8e-78d3b9139b95' },
      },
      app_uid: APP,
      session: { uid: 'session' },
    });
    expect(unmapped).toBeUndefined();
  });

  test.each([
    ['unique_name', { claims: { unique_name: 'ada' } }, { name: 'ada' }],
    ['unique_name of a vault', { claim: { unique_name: 'ada' } }, { name: 'ada' }],
    ['nameidentifier', { claims: { [`${NAMES}/nameidentifier`]: 'Xy-1' } }, { uid: 'Xy-1' }],
    ['a short nameidentifier', { claims: { nameidentifier: 'Xy-1' } }, { uid: 'Xy-1' }],
    ['UserName', { UserName: 'ada' }, { name: 'ada' }],
  ])('is told by %s where nothing better is', (_, identity, user) => {
    for (const program of programs) expect(row({ ...vault, identity }, program).actor).toEqual({ user });
  });

  test('is an application that only its id tells', () => {
    for (const name of ['claims', 'claim']) {
      const event = { ...vault, identity: { [name]: { appid: APP } } };

      expect(row(event).actor).toEqual({ app_name: APP, app_uid: APP });
      expect(row(event, inFirst).actor).toEqual({ invoked_by: APP });
      expect(row(event, inFirst).unmapped).toBeUndefined();
    }
  });
});

describe('where a call came from', () => {
  test.each([
    ['its address', { ...administrative, callerIpAddress: '203.0.113.7' }, { ip: '203.0.113.7' }],
    ['the provider without an address', administrative, { svc_name: 'Microsoft.Storage' }],
    ['the provider of the resource', { ...vault, callerIpAddress: 'none' }, { svc_name: 'MICROSOFT.KEYVAULT' }],
    ['nothing', { ...vault, resourceId: '/tenants/t' }, { svc_name: 'Unknown' }],
  ])('is told by %s', (_, event, endpoint) => {
    for (const program of programs) expect(row(event, program).src_endpoint).toEqual(endpoint);
  });
});

describe('what a call did', () => {
  test.each([
    ['KeyList', 2],
    ['SecretGet', 2],
    ['VaultGet', 2],
    ['KeyGetDeleted', 2],
    ['SecretListDeleted', 2],
    ['KeyListVersions', 2],
    ['CertificateIssuersList', 2],
    ['KeyCreate', 1],
    ['SecretSet', 1],
    ['secretset', 1],
    ['CertificateImport', 1],
    ['VaultPut', 3],
    ['VaultPatch', 3],
    ['CertificateUpdate', 3],
    ['KeyDelete', 4],
    ['SecretPurge', 4],
    ['CertificatePendingDelete', 4],
    ['KeyDecrypt', 99],
    ['KeyRecover', 99],
    ['CertificateContactsSet', 99],
    ['Authentication', 99],
    ['SecretNearExpiryEventGridNotification', 99],
    ['PutBlockList', 1],
    ['GetBlob', 2],
    ['DeleteBlob', 4],
    ['UndeleteBlob', 99],
  ])('is told by the verb of %s', (operationName, activity) => {
    expect(row({ ...vault, operationName })).toMatchObject({ activity_id: activity, type_uid: 600_300 + activity });
  });

  test('made a vault where it was not there', () => {
    const event = { ...vault, operationName: 'VaultPut', properties: { httpStatusCode: 201 } };

    expect(row(event)).toMatchObject({ activity_id: 1, api: { response: { code: 201 } } });
  });
});

describe('how a call came out', () => {
  const success = { ...vault, resultType: 'Success' };

  test.each([
    ['a vault that forbids', { ...success, resultSignature: 'Forbidden', properties: { httpStatusCode: 403 } }, 2],
    ['a code in a text', { ...success, properties: { httpStatusCode: '404' } }, 2],
    ['a signature alone', { ...success, resultSignature: 'Forbidden' }, 2],
    ['a signature of two words', { ...success, resultSignature: 'Not Found' }, 2],
    ['a signature of one', { ...success, resultSignature: 'BadRequest' }, 2],
    ['a signature that is a code', { ...success, resultSignature: '403' }, 2],
    ['a vault that answers', { ...success, resultSignature: 'OK', properties: { httpStatusCode: 200 } }, 1],
    [
      'a failure that the code does not tell',
      { ...vault, resultType: 'Failed', properties: { httpStatusCode: 200 } },
      2,
    ],
    ['a storage that forbids', { ...blob, statusCode: 403, statusText: 'AuthorizationFailure' }, 2],
    ['a blob that is not there', { ...blob, statusCode: '404' }, 2],
    ['a blob that is there', { ...blob, statusCode: 200, statusText: 'Success' }, 1],
    ['a blob that did not change', { ...blob, statusCode: 304 }, 1],
    ['a storage that fails', { ...blob, statusCode: 503 }, 2],
    ['a code that is none', { ...blob, statusCode: 7 }, 0],
    ['nothing', blob, 0],
    ['a word that nobody knows', { ...vault, resultType: 'Odd' }, 0],
    ['a start', { ...administrative, resultType: 'Start', resultSignature: 'Started.' }, 99],
    ['an end', { ...administrative, resultType: 'Success', resultSignature: 'Succeeded.' }, 1],
    ['a refusal', { ...administrative, resultType: 'Failure', resultSignature: 'Failed.Forbidden' }, 2],
    ['the form of the REST interface', { ...administrative, status: { value: 'Failed' } }, 2],
  ])('is told by %s', (_, event, status) => {
    for (const program of programs) expect(row(event, program).status_id).toBe(status);
  });

  test('is told without losing a value', () => {
    const properties = { httpStatusCode: { code: 403 } };

    expect(row({ ...success, resultSignature: ['Forbidden'], properties })).toMatchObject({
      status_id: 1,
      unmapped: { resultSignature: '["Forbidden"]', 'properties.httpStatusCode': '{"code":403}' },
    });
    expect(row({ ...success, properties: { httpStatusCode: 403 } }).unmapped).toEqual({ resultType: 'Success' });
    expect(row({ ...vault, resultType: 'Odd' }).unmapped).toEqual({ resultType: 'Odd' });
    expect(row({ ...administrative, resultType: 'Failure', resultSignature: '403' }).unmapped).toBeUndefined();
  });
});

test('names of an operation and of a resource are left over where they differ, not for their case', () => {
  const authorization = { action: 'microsoft.storage/storageaccounts/WRITE' };
  const properties = { entity: administrative.resourceId.toUpperCase() };

  expect(row({ ...administrative, authorization, properties }).unmapped).toBeUndefined();
  expect(row({ ...administrative, authorization: { action: 'Microsoft.Storage/read' } }).unmapped).toEqual({
    'authorization.action': 'Microsoft.Storage/read',
  });
});

describe('when it was', () => {
  test.each([
    ['no time', { ...administrative, time: undefined }],
    ['no time, of a resource log', { ...vault, time: undefined }],
    ['a time that cannot be read', { ...administrative, time: 'yesterday' }],
  ])('is when the event hub took what has %s', (_, event) => {
    for (const program of programs) expect(row(event, program).time).toBe(Date.parse('2026-03-04T12:00:00Z'));
  });

  test('is what the record says', () => {
    expect(row(administrative).time).toBe(Date.parse(administrative.time));
  });
});

describe('a risk', () => {
  const risk = {
    time: '2026-01-18T14:03:03Z',
    operationName: 'Risk',
    resourceId: '/tenants/t/providers/microsoft.aadiam',
  };
  const categories = ['UserRiskEvents', 'ServicePrincipalRiskEvents', 'RiskyUsers', 'RiskyServicePrincipals'];
  const levels = [
    ['low', 2],
    ['medium', 3],
    ['high', 4],
    ['none', 1],
  ] as const;

  test.each(categories)('is a finding of its level: %s', (category) => {
    for (const program of programs) {
      for (const [riskLevel, severity] of levels) {
        const properties = { id: 'r-1', riskEventType: 'leakedCredentials', riskState: 'atRisk', riskLevel };

        expect(row({ ...risk, category, properties }, program)).toMatchObject({
          class_uid: 2004,
          severity_id: severity,
          status_id: 1,
          finding_info: { uid: 'r-1' },
        });
      }
      expect(
        row({ ...risk, category, properties: { id: 'r-1', riskType: 'x', riskLevel: 'hidden' } }, program),
      ).toMatchObject({ severity_id: 0, unmapped: { 'properties.riskLevel': 'hidden' } });
    }
  });

  test('of another kind has the severity of its level', () => {
    for (const [riskLevel, severity] of levels) {
      const event = { ...risk, category: 'AgentRiskEvents', level: 'Information', properties: { riskLevel } };

      expect(row(event)).toMatchObject({ class_uid: 6003, severity_id: severity });
    }
    expect(row({ ...risk, category: 'AgentRiskEvents', level: 'Error', properties: {} }).severity_id).toBe(4);
  });

  test('names its techniques, and keeps what tells them', () => {
    const additionalInfo = '[{"Key":"mitreTechniques","Value":"T1078,T1110.003"}]';
    const properties = { id: 'r-1', riskEventType: 'x', additionalInfo };
    const { finding_info, evidences, unmapped } = row({ ...risk, category: 'UserRiskEvents', properties });

    expect(finding_info).toMatchObject({
      attacks: [{ technique: { uid: 'T1078' } }, { technique: { uid: 'T1110' }, sub_technique: { uid: 'T1110.003' } }],
    });
    expect(evidences).toMatchObject([{ data: additionalInfo }]);
    expect(unmapped).not.toHaveProperty('properties.additionalInfo');
    for (const odd of ['T1078', '[null, 7]', '{"Key":"mitreTechniques"}', [[]], 7]) {
      const event = { ...risk, category: 'UserRiskEvents', properties: { ...properties, additionalInfo: odd } };
      expect(row(event).finding_info).not.toHaveProperty('attacks');
    }
  });
});

/** The texts and numbers of a value. */
function leaves(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.values(value).flatMap(leaves);
}
