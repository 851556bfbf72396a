// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';

const Values = z.union([z.string().transform((value) => [value]), z.array(z.string())]);
const TrustPolicy = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.record(z.string(), Values),
      Condition: z.object({ StringEquals: z.object({ 'sts:ExternalId': Values }).partial().optional() }).optional(),
    }),
  ),
});

/** Who may assume a provider role: an account id or a service, with this external id. */
export interface ProviderIdentity {
  readonly principal: string;
  readonly externalId: string;
}

/**
 * Whether a role's trust policy allows exactly such a provider.
 * @param document the policy as IAM returns it, percent-encoded JSON
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export function trusts(document: string, { principal, externalId }: ProviderIdentity): boolean {
  const policy = TrustPolicy.safeParse(parseJson(document));
  if (!policy.success) return false;
  return policy.data.Statement.some(({ Effect, Principal, Condition }) => {
    const externalIds = Condition?.StringEquals?.['sts:ExternalId'] ?? [];
    const principals = Object.values(Principal).flat();
    return Effect === 'Allow' && externalIds.includes(externalId) && principals.some((one) => names(one, principal));
  });
}

/** IAM turns an account id into the ARN of its root. */
function names(one: string, principal: string): boolean {
  return one === principal || (one.startsWith('arn:') && one.split(':')[4] === principal);
}

function parseJson(document: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(document));
  } catch {
    return undefined;
  }
}
