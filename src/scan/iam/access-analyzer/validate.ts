// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type {
  AccessAnalyzerClient,
  ValidatePolicyCommandInput,
  ValidatePolicyFinding,
  ValidatePolicyFindingType,
} from '@aws-sdk/client-accessanalyzer';
import { type AttachedPolicy, policyHolders } from '../../../access/index.ts';
import type { Finding, Level } from '../../../findings/index.ts';
import { type Acknowledgeable, withoutAcknowledged } from '../acknowledged.ts';

const LEVELS: Readonly<Record<ValidatePolicyFindingType, Level>> = {
  ERROR: 'error',
  SECURITY_WARNING: 'warning',
  WARNING: 'warning',
  SUGGESTION: 'advice',
};
/** What stands for values that only a deployment knows. */
const FILLED: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
};
const REGION = 'us-east-1';

/**
 * Findings of IAM Access Analyzer on every policy of templates; one that says why where it cannot be asked.
 *
 * @see https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
 */
export async function validatePolicies(templates: readonly string[]): Promise<readonly Finding[]> {
  const sdk = await import('@aws-sdk/client-accessanalyzer');
  const client = new sdk.AccessAnalyzerClient({ region: process.env.AWS_REGION ?? REGION });
  const validate = (input: ValidatePolicyCommandInput) => findingsOf(sdk.paginateValidatePolicy({ client }, input));
  const findings: Finding[] = [];
  try {
    for (const { name, metadata, policies } of templates.flatMap((text) => policyHolders(JSON.parse(text)))) {
      const found: Acknowledgeable[] = [];
      for (const policy of policies) {
        for (const one of await validate(inputOf(policy))) found.push(toFinding(one, policy, name));
      }
      const { left } = withoutAcknowledged(metadata, found, new Set());
      findings.push(...left.map(({ values: _, ...finding }) => finding));
    }
    return findings;
  } catch (error) {
    return [{ code: 'ACCESS_ANALYZER_NOT_ASKED', level: 'not-checked', message: reasonOf(error) }];
  } finally {
    (client satisfies AccessAnalyzerClient).destroy();
  }
}

async function findingsOf(
  pages: AsyncIterable<{ readonly findings?: readonly ValidatePolicyFinding[] | undefined }>,
): Promise<readonly ValidatePolicyFinding[]> {
  const all: ValidatePolicyFinding[] = [];
  for await (const { findings = [] } of pages) all.push(...findings);
  return all;
}

function inputOf({ kind, document }: AttachedPolicy): ValidatePolicyCommandInput {
  const policyDocument = filled(JSON.stringify(document.raw));
  if (kind === 'control') return { policyDocument, policyType: 'SERVICE_CONTROL_POLICY' };
  if (kind === 'identity') return { policyDocument, policyType: 'IDENTITY_POLICY' };
  const ofRole =
    kind === 'trust' ? ({ validatePolicyResourceType: 'AWS::IAM::AssumeRolePolicyDocument' } as const) : {};
  return { policyDocument, policyType: 'RESOURCE_POLICY', ...ofRole };
}

/** A policy in which each unknown value is a plausible one. */
function filled(text: string): string {
  return text.replaceAll(/\u{E000}([^\u{E001}]*)\u{E001}/gu, (_, name: string) => {
    return FILLED[name] ?? (name.endsWith('Arn') ? 'arn:aws:iam::123456789012:role/unknown' : 'unknown');
  });
}

function toFinding(one: ValidatePolicyFinding, { document }: AttachedPolicy, subject: string): Acknowledgeable {
  const { findingType = 'WARNING', issueCode = '', findingDetails = '', learnMoreLink, locations = [] } = one;
  const [at] = (locations[0]?.path ?? []).flatMap((part) => part.index ?? []);
  const sid = at === undefined ? undefined : document.statements[at]?.sid;
  return {
    code: 'ACCESS_ANALYZER',
    level: LEVELS[findingType],
    subject,
    message: `${sid === undefined ? '' : `${sid}: `}${issueCode}: ${findingDetails}`,
    ...(learnMoreLink === undefined ? {} : { fix: `See ${learnMoreLink}.` }),
    values: [issueCode, ...(sid === undefined ? [] : [sid])],
  };
}

function reasonOf(error: unknown): string {
  const { name = '', message = '' } = error as { name?: string; message?: string };
  if (/^(CredentialsProviderError|CredentialsError)$/.test(name)) return 'there are no AWS credentials';
  return `IAM Access Analyzer did not answer: ${name}: ${message.split('\n')[0]}`;
}
