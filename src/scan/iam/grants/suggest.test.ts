// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { accessOf, allow, type Processor } from './stack.fixture.ts';
import { catalogOf, leastStatements, suggestedText } from './suggest.ts';

async function suggested(processor: Processor): Promise<string[]> {
  const [access] = (await accessOf(processor)).functions;
  if (!access) throw new Error('no function');
  return (leastStatements(access, await catalogOf(access)) ?? []).map(suggestedText);
}

test('wildcards become what is called, what nothing needs goes, and what is missing comes', async () => {
  const code = {
    'app.py': `
import boto3

def handler(event, context):
    boto3.client("s3").get_object()
    boto3.client("sqs").send_message()
    boto3.client("dynamodb").query()
`,
  };
  const queue = 'arn:aws:sqs:eu-central-1:123456789012:jobs';
  const statements = [
    allow('Objects', 's3:Get*', 'arn:aws:s3:::b/*', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }),
    allow('Queue', ['sqs:SendMessage', 'sqs:PurgeQueue'], queue),
  ];

  expect(await suggested({ code, statements })).toEqual([
    "{ sid: 'Objects', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'], conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }",
    `{ sid: 'Queue', actions: ['sqs:SendMessage'], resources: ['${queue}'] }`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template
    "{ sid: 'QueryOfModule', actions: ['dynamodb:Query'], resources: [`arn:${partition}:dynamodb:${region}:${accountId}:table/<name>`] }",
  ]);
});
