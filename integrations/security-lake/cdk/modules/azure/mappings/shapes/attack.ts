// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { from, listed, type Path } from 'slake/contract';

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

/** The text that was taken apart last: every tactic of an alert asks for the same. */
let last: { readonly value: unknown; readonly names: ReadonlySet<string> } = { value: undefined, names: new Set() };

function names(value: unknown, intent: string): boolean {
  if (typeof value !== 'string') return false;
  if (last.value !== value) {
    last = { value, names: new Set(listed(value)?.map((part) => part.replaceAll(' ', '').toLowerCase())) };
  }
  return last.names.has(intent);
}
