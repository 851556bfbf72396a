// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../../../findings/index.ts';

/** What the code of a function shows about the grants of its role. */
export const grantRules = [
  {
    code: 'MISSING_GRANT',
    title: 'What a function calls, its role allows',
    level: 'error',
    why: 'The call fails with AccessDenied, at run time and not before.',
    how: 'Clients of AWS are followed through the code from the handler on; each operation is looked for in the policies of the role. A call in a function that nothing calls is an advice.',
    fix: 'Add the statement to the permissions of the module.',
  },
  {
    code: 'UNUSED_GRANT',
    title: 'What a role allows, its function calls',
    level: 'warning',
    why: 'A grant that nothing needs serves only whoever takes the function over.',
    how: 'Each action of the role is a call in the code, or one of Lambda itself (logs, traces, event sources, dead letters, network), or comes with one: a key behind an encrypted queue, what a service does in the name of its caller.',
    fix: 'Take the action away, or acknowledge it with a reason.',
  },
  {
    code: 'CALL_NOT_ANALYSABLE',
    title: 'Every call of AWS can be read from the code',
    level: 'not-checked',
    why: 'Where the service or the operation is computed, nobody can say which grants the call needs.',
    fix: 'Write the names as literals, one call for each.',
  },
  {
    code: 'CODE_NOT_READ',
    title: 'The code of every function is read',
    level: 'not-checked',
    why: 'Without the code its calls are not known, so neither are missing nor unused grants.',
    fix: 'Run "npm run setup", which makes the Python of the project; let core.bundle make the code of a function.',
  },
  {
    code: 'MISSING_SID',
    title: 'Statements of a module have a Sid',
    level: 'warning',
    why: 'Findings, acknowledgements and reviews name a statement by its Sid.',
    how: 'The statements that getRequiredPermissions returns; those of the framework and of the CDK have none to give.',
    fix: 'Say in a few words what the statement is for: { sid: "ReadOwnFeed", ... }.',
  },
] as const satisfies readonly Rule[];

export type GrantCode = (typeof grantRules)[number]['code'];
