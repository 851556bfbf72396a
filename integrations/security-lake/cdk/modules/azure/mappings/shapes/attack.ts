// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { from, listed, type Path, remembered } from 'slake/contract';

/** Intent of a Defender alert, beside the MITRE ATT&CK tactic it names; the first two are older words without one. */
const TACTICS: readonly (readonly [intent: string, name: string, uid?: string])[] = [
  ['PreAttack', 'PreAttack'],
  ['Probing', 'Probing'],
  ['Reconnaissance', 'Reconnaissance', 'TA0043'],
  ['ResourceDevelopment', 'Resource Development', 'TA0042'],
  ['InitialAccess', 'Initial Access', 'TA0001'],
  ['Execution', 'Execution', 'TA0002'],
  ['Persistence', 'Persistence', 'TA0003'],
  ['PrivilegeEscalation', 'Privilege Escalation', 'TA0004'],
  ['DefenseEvasion', 'Defense Evasion', 'TA0005'],
  ['CredentialAccess', 'Credential Access', 'TA0006'],
  ['Discovery', 'Discovery', 'TA0007'],
  ['LateralMovement', 'Lateral Movement', 'TA0008'],
  ['Collection', 'Collection', 'TA0009'],
  ['CommandAndControl', 'Command and Control', 'TA0011'],
  ['Exfiltration', 'Exfiltration', 'TA0010'],
  ['Impact', 'Impact', 'TA0040'],
];

/**
 * The tactics that the comma-separated text at `path` names, in the order of the kill chain.
 * @see https://learn.microsoft.com/azure/defender-for-cloud/alerts-reference#mitre-attck-tactics
 */
export function tacticsAt(path: Path) {
  return TACTICS.map(([intent, name, uid]) => {
    const key = intent.toLowerCase();
    return {
      tactic: {
        name: from(path, (value) => (names(value, key) ? name : undefined)),
        ...(uid === undefined ? {} : { uid }),
      },
    };
  });
}

function names(value: unknown, intent: string): boolean {
  return typeof value === 'string' && intentsOf(value).has(intent);
}

const intentsOf = remembered(
  (text): ReadonlySet<string> => new Set(listed(text)?.map((part) => part.replaceAll(' ', '').toLowerCase())),
);
