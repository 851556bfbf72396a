// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { validatePolicies } from './validate.ts';

/** Stands where Access Analyzer would, of which there is no local one; answers in two pages. */
let server: Server;
let asked: { readonly policyType: string; readonly policyDocument: string }[];
let status: number;

beforeEach(async () => {
  asked = [];
  status = 200;
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const isFirst = !request.url?.includes('nextToken');
      if (isFirst) asked.push(JSON.parse(text));
      const finding = {
        findingType: isFirst ? 'SECURITY_WARNING' : 'SUGGESTION',
        issueCode: isFirst ? 'PASS_ROLE_WITH_STAR_IN_RESOURCE' : 'EMPTY_ARRAY_ACTION',
        findingDetails: 'Details.',
        learnMoreLink: 'https://docs.aws.amazon.com/x',
        locations: [{ path: [{ value: 'Statement' }, { index: 0 }], span: {} }],
      };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        status === 200
          ? JSON.stringify({ findings: [finding], ...(isFirst ? { nextToken: 'more' } : {}) })
          : JSON.stringify({ __type: 'AccessDeniedException', message: 'No.' }),
      );
    });
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
});

function template(metadata: object = {}): string {
  const Resource = { 'Fn::Sub': 'arn:$' + '{AWS::Partition}:iam::$' + '{AWS::AccountId}:role/*' };
  const Statement = [{ Sid: 'Pass', Effect: 'Allow', Action: 'iam:PassRole', Resource }];
  const Properties = { Policies: [{ PolicyDocument: { Version: '2012-10-17', Statement } }] };
  return JSON.stringify({ Resources: { Role: { Type: 'AWS::IAM::Role', Metadata: metadata, Properties } } });
}

test('each policy is sent with values filled in, and every page of the answer is a finding', async () => {
  expect(await validatePolicies([template()])).toEqual([
    {
      code: 'ACCESS_ANALYZER',
      level: 'warning',
      subject: 'Role',
      message: 'Pass: PASS_ROLE_WITH_STAR_IN_RESOURCE: Details.',
      fix: 'See https://docs.aws.amazon.com/x.',
    },
    expect.objectContaining({ level: 'advice', message: 'Pass: EMPTY_ARRAY_ACTION: Details.' }),
  ]);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.policyType).toBe('IDENTITY_POLICY');
  expect(JSON.parse(asked[0]?.policyDocument ?? '').Statement[0].Resource).toBe('arn:aws:iam::123456789012:role/*');
});

test('an acknowledgement names the issue', async () => {
  const metadata = {
    'slake:acknowledged': [{ code: 'ACCESS_ANALYZER', value: 'EMPTY_ARRAY_ACTION', reason: 'It is meant.' }],
  };
  expect(await validatePolicies([template(metadata)])).toHaveLength(1);
});

test('without credentials, or where AWS refuses, it is not checked, and why', async () => {
  status = 403;
  expect(await validatePolicies([template()])).toEqual([
    {
      code: 'ACCESS_ANALYZER_NOT_ASKED',
      level: 'not-checked',
      message: 'IAM Access Analyzer did not answer: AccessDeniedException: No.',
    },
  ]);
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  expect(await validatePolicies([template()])).toMatchObject([{ message: 'there are no AWS credentials' }]);
});
