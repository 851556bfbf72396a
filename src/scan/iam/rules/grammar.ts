// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRecord, withoutUnknown } from '../../../access/index.ts';
import type { Objection, PolicyRule } from '../rule.ts';

const MEMBERS = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);
const LONGEST = { identity: 10_240, trust: 4096, key: 32_768, resource: 20_480, control: 5120 } as const;

export const grammar: PolicyRule = {
  code: 'GRAMMAR',
  title: 'The policy is one that IAM takes',
  level: 'error',
  why: 'IAM refuses the policy at deployment, or reads it otherwise than it looks.',
  fix: 'Follow the grammar of IAM policies for this kind of policy.',
  *check({ kind, document }): Iterable<Objection> {
    const raw = document.raw;
    if (!isRecord(raw)) return yield { message: 'the policy is no object' };
    if (document.statements.length === 0) yield { message: 'the policy has no statement' };
    if (document.version !== undefined && !/^(2012-10-17|2008-10-17)$/.test(document.version))
      yield { message: `the version ${document.version} does not exist` };
    const length = withoutUnknown(JSON.stringify(raw), 'x'.repeat(12)).length;
    if (length > LONGEST[kind]) yield { message: `${length} characters; at most ${LONGEST[kind]} are taken` };
    const sids = new Set<string>();
    for (const statement of document.statements) {
      const { sid, effect, raw: written } = statement;
      const say = (message: string): Objection => ({ message, statement });
      const both = (one: string) => one in written && `Not${one}` in written;
      const neither = (one: string) => !(one in written) && !(`Not${one}` in written);
      if (effect !== 'Allow' && effect !== 'Deny')
        yield say(`the effect is "${effect}", which is neither Allow nor Deny`);
      if (sid !== undefined && sids.has(sid)) yield say(`the Sid ${sid} is there twice`);
      if (sid !== undefined && (kind === 'identity' || kind === 'trust') && !/^[A-Za-z0-9]*$/.test(sid))
        yield say(`the Sid "${sid}" holds more than letters and digits`);
      if (sid !== undefined) sids.add(sid);
      for (const member of Object.keys(written))
        if (!MEMBERS.has(member)) yield say(`${member} is no part of a statement`);
      for (const one of ['Action', 'Resource', 'Principal']) if (both(one)) yield say(`${one} and Not${one} together`);
      if (neither('Action')) yield say('the statement has no action');
      const hasPrincipal = !neither('Principal');
      if ((kind === 'identity' || kind === 'control') && hasPrincipal)
        yield say('a principal has no place in this kind of policy');
      if (kind !== 'identity' && kind !== 'control' && !hasPrincipal) yield say('the statement has no principal');
      if (kind === 'trust' && !neither('Resource')) yield say('a resource has no place in a trust policy');
      if (kind !== 'trust' && neither('Resource')) yield say('the statement has no resource');
      for (const member of ['Action', 'NotAction', 'Resource', 'NotResource']) {
        const value = written[member];
        if (Array.isArray(value) && value.length === 0) yield say(`the list ${member} is empty`);
        else if (value !== undefined && [value].flat().some((item) => typeof item !== 'string' || item === ''))
          yield say(`${member} holds something else than texts`);
      }
    }
  },
};

export const missingVersion: PolicyRule = {
  code: 'MISSING_VERSION',
  title: 'The policy has the current version',
  level: 'warning',
  why: 'Without it IAM takes the version of 2008, in which policy variables are plain text.',
  fix: 'Add `"Version": "2012-10-17"`.',
  *check({ document }): Iterable<Objection> {
    if (document.version === '2012-10-17' || !isRecord(document.raw)) return;
    const variables = /\$\{(aws|s3|iam|sts|saml|\*|\?|\$)/i.test(JSON.stringify(document.raw));
    if (variables) yield { message: 'policy variables are plain text in the old version', level: 'error' };
    else yield { message: document.version ? `the version is ${document.version}` : 'the policy has no version' };
  },
};
