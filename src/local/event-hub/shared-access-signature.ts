// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { createHmac, timingSafeEqual } from 'node:crypto';

/** The policy a hub's connection string names, and the key its tokens are signed with. */
export interface AccessPolicy {
  readonly keyName: string;
  readonly key: string;
}

const SCHEME = 'SharedAccessSignature ';

/**
 * Checks a token as the service does: well formed, for this hub, not expired, signed with the policy's key.
 *
 * @param token `SharedAccessSignature sr=<resource>&sig=<signature>&se=<epoch seconds>&skn=<policy>`
 * @param hub name of the Event Hub
 * @param now epoch milliseconds
 * @returns why it is refused, or undefined when it is good
 * @see https://learn.microsoft.com/azure/event-hubs/authenticate-shared-access-signature
 */
export function refuseToken(token: unknown, policy: AccessPolicy, hub: string, now: number): string | undefined {
  if (typeof token !== 'string' || !token.startsWith(SCHEME)) {
    return 'MalformedToken: the token is no SharedAccessSignature';
  }
  const fields = new Map(
    token
      .slice(SCHEME.length)
      .split('&')
      .map((pair): [string, string] => {
        const equals = pair.indexOf('=');
        return [pair.slice(0, equals), pair.slice(equals + 1)];
      }),
  );
  const resource = fields.get('sr');
  const signature = decode(fields.get('sig'));
  const expiry = decode(fields.get('se'));
  const keyName = decode(fields.get('skn'));
  if (!resource || !signature || !keyName || !expiry || !/^\d+$/.test(expiry)) {
    return 'MalformedToken: sr, sig, se and skn are needed';
  }
  if (keyName !== policy.keyName) return `InvalidSignature: no policy is named ${keyName}`;
  const expected = createHmac('sha256', policy.key).update(`${resource}\n${expiry}`).digest();
  const given = Buffer.from(signature, 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return 'InvalidSignature: the signature was not made with the key of this policy';
  }
  if (Number(expiry) * 1000 <= now) return 'ExpiredToken: the time of the token is over';
  const path = pathOf(decode(resource) ?? '');
  if (path !== '' && path !== hub.toLowerCase() && !path.startsWith(`${hub.toLowerCase()}/`)) {
    return `InvalidAudience: the token is for ${path}`;
  }
  return undefined;
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** `sb://host:port/hub/...` or `hub/...` without scheme, host and outer slashes, in lower case. */
function pathOf(resource: string): string {
  const path = resource.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return path.replace(/^\/+|\/+$/g, '').toLowerCase();
}
