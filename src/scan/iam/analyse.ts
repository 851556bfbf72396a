// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  type AttachedPolicy,
  isRecord,
  isTemplate,
  type PolicyDocument,
  type PolicyKind,
  patternText,
  policyDocument,
  policyHolders,
  readWritten,
} from '../../access/index.ts';
import type { Finding } from '../../findings/index.ts';
import type { LoadedModule } from '../../module/load.ts';
import { synthesizeModule } from '../templates/synthesize.ts';
import { loadCatalog } from './catalog.ts';
import type { PolicyRule } from './rule.ts';
import * as actions from './rules/actions.ts';
import * as conditions from './rules/conditions.ts';
import * as escalation from './rules/escalation.ts';
import * as grammar from './rules/grammar.ts';
import * as principals from './rules/principals.ts';
import * as resources from './rules/resources.ts';

export const policyRules: readonly PolicyRule[] = [
  grammar,
  actions,
  resources,
  conditions,
  principals,
  escalation,
].flatMap((file) => Object.values(file).filter((value): value is PolicyRule => typeof value === 'object'));

/** An acknowledgement as it stands in a template's metadata. */
interface Acknowledged {
  readonly code: unknown;
  readonly value: unknown;
  readonly reason: unknown;
}

type Located = Finding & { readonly path: readonly (string | number)[]; readonly values: readonly string[] };

/** Findings of the policies of one holder, which count together. */
export async function analysePolicies(policies: readonly AttachedPolicy[], subject?: string): Promise<Located[]> {
  const statements = policies.flatMap(({ document }) => document.statements);
  const together = policies.filter(({ kind }) => kind === 'identity').flatMap(({ document }) => document.statements);
  const prefixes = statements.flatMap(({ actions: named, notActions, conditions: keyed }) =>
    [...named, ...notActions, ...keyed.map(({ key }) => key)].map((text) => text.split(':')[0]?.toLowerCase() ?? ''),
  );
  const catalog = await loadCatalog(prefixes);
  return policies.flatMap(({ kind, document, path }) =>
    policyRules.flatMap((rule) =>
      [...rule.check({ kind, document, catalog, together })].map(({ message, value, statement, level }) => {
        const sid = statement === undefined ? undefined : (statement.sid ?? `statement ${statement.index + 1}`);
        return {
          code: rule.code,
          level: level ?? rule.level,
          message: patternText(sid === undefined ? message : `${sid}: ${message}`),
          ...(subject === undefined ? {} : { subject }),
          path: statement ? [...path, 'Statement', statement.index] : path,
          values: [statement?.sid, value].filter((text) => text !== undefined),
        };
      }),
    ),
  );
}

/** Findings of a whole template, acknowledged ones left out; an acknowledgement of nothing is itself a finding. */
export async function analyseTemplate(template: unknown): Promise<Located[]> {
  const found: Located[] = [];
  for (const { name, metadata, policies } of policyHolders(template)) {
    const findings = await analysePolicies(policies, name);
    const acknowledged = [metadata['slake:acknowledged']].flat().filter(isRecord) as unknown as Acknowledged[];
    const covers = ({ code, value, reason }: Acknowledged, finding: Located) =>
      code === finding.code &&
      finding.values.some((text) => text === value) &&
      typeof reason === 'string' &&
      reason.trim() !== '';
    found.push(...findings.filter((finding) => !acknowledged.some((item) => covers(item, finding))));
    for (const item of acknowledged) {
      if (!policyRules.some(({ code }) => code === item.code) || findings.some((finding) => covers(item, finding)))
        continue;
      found.push({
        code: STALE.code,
        level: 'warning',
        subject: name,
        path: [],
        values: [],
        message: `${item.code} of ${item.value} is not found any more`,
      });
    }
  }
  return found;
}

export const STALE = {
  code: 'ACKNOWLEDGEMENT_STALE',
  title: 'Every acknowledgement acknowledges something',
  level: 'warning',
  why: 'One that is left behind would hide the same finding when it comes back.',
  fix: 'Take the acknowledgement away.',
} as const;

export const UNREADABLE = {
  code: 'POLICY_UNREADABLE',
  title: 'The file is a policy or a template',
  level: 'error',
  why: 'What cannot be read cannot be checked.',
  fix: 'Give a policy document, a list of them, or a template, in JSON or YAML.',
} as const;

/** Findings of a file's text: one policy document, a list of them, or a CloudFormation template. */
export async function analyseText(text: string, file: string): Promise<Finding[]> {
  const written = readWritten(text);
  if ('reason' in written) return [{ code: UNREADABLE.code, level: 'error', message: written.reason, place: { file } }];
  const { value, place } = written;
  const list = Array.isArray(value) ? value : [value];
  const found = isTemplate(value)
    ? await analyseTemplate(value)
    : (
        await Promise.all(
          list.map((raw, at) => {
            const document = policyDocument(raw);
            const path = Array.isArray(value) ? [at] : [];
            return analysePolicies([{ kind: kindOf(document), document, path }]);
          }),
        )
      ).flat();
  return found.map(({ path, values: _, ...finding }) => ({ ...finding, place: { file, ...place(path) } }));
}

/** The kind of a policy that stands alone, by what it holds. */
export function kindOf({ statements }: PolicyDocument): PolicyKind {
  const withPrincipal = statements.some(({ raw }) => 'Principal' in raw || 'NotPrincipal' in raw);
  const named = statements.flatMap(({ actions: list }) => list);
  if (
    named.length > 0 &&
    named.every((action) => /^sts:(AssumeRole|TagSession|SetSourceIdentity|SetContext)/i.test(action))
  ) {
    return withPrincipal || statements.every(({ raw }) => !('Resource' in raw)) ? 'trust' : 'identity';
  }
  if (!withPrincipal) return 'identity';
  if (named.length > 0 && named.every((action) => /^kms:/i.test(action))) return 'key';
  const principalsOnly = statements.some(({ raw }) => 'Principal' in raw && 'Resource' in raw);
  return principalsOnly || statements.every(({ raw }) => 'Principal' in raw || 'NotPrincipal' in raw)
    ? 'resource'
    : 'identity';
}

export const STACKS_NOT_MADE = {
  code: 'STACKS_NOT_MADE',
  title: 'The stacks of the module can be made',
  level: 'not-checked',
  why: 'Roles are looked at as a deployment would make them.',
  fix: 'See what "npm run synth" says.',
} as const;

/** Findings of the core stack and of a module's stack, by construct; throws the failure of a module that cannot be made. */
export async function analyseStacks(
  loaded: LoadedModule,
  configFile: string,
): Promise<{ readonly stacks: readonly string[]; readonly holders: number; readonly found: readonly Finding[] }> {
  const templates = synthesizeModule(loaded, configFile);
  const found: Finding[] = [];
  let holders = 0;
  for (const { name, text } of templates) {
    const template: unknown = JSON.parse(text);
    holders += [...policyHolders(template)].length;
    for (const { path: _, values: __, ...finding } of await analyseTemplate(template)) {
      found.push({ ...finding, subject: `${name}/${finding.subject ?? ''}` });
    }
  }
  return { stacks: templates.map(({ name }) => name), holders, found };
}
