// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { AccessPolicy } from './shared-access-signature.ts';

/** A mechanism as rhea runs it: `outcome` is set by `start`. */
interface SaslMechanism {
  outcome: boolean | undefined;
  username: string | undefined;
  start(response: Buffer | undefined): void;
}

/**
 * The ways a client may introduce itself. ANONYMOUS, EXTERNAL and MSSBCBS prove nothing, a token on `$cbs` must follow;
 * PLAIN shows the policy's name and key at once.
 *
 * @param onAuthorized called when the key was shown
 */
export function saslMechanisms(policy: AccessPolicy, onAuthorized: () => void): Record<string, () => SaslMechanism> {
  const unproven = (): SaslMechanism => ({
    outcome: undefined,
    username: undefined,
    start() {
      this.outcome = true;
    },
  });
  const plain = (): SaslMechanism => ({
    outcome: undefined,
    username: undefined,
    start(response) {
      const [, user, password] = (response ?? Buffer.alloc(0)).toString('utf8').split('\0');
      this.outcome = user === policy.keyName && password === policy.key;
      this.username = user;
      if (this.outcome) onAuthorized();
    },
  });
  return { MSSBCBS: unproven, ANONYMOUS: unproven, EXTERNAL: unproven, PLAIN: plain };
}
