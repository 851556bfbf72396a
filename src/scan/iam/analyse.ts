// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  type AttachedPolicy,
  isTemplate,
  type PolicyDocument,
  type PolicyKind,
  patternText,
  policyDocument,
  policyHolders,
  readWritten,
} from '../../access/index.ts';
import type { Finding, Rule } from '../../findings/index.ts';
import type { LoadedModule } from '../../module/load.ts';
import { synthesizeModule } from '../templates/synthesize.ts';
import { accessAnalyzerRules } from './access-analyzer/rules.ts';
import { type Acknowledgeable, STALE, withoutAcknowledged } from './acknowledged.ts';
import { loadCatalog, servicePrefix } from './catalog.ts';
import { differenceRules } from './difference/rules.ts';
import { analyseGrants, type FunctionAccess, subjectIn } from './grants/analyse.ts';
import { grantRules } from './grants/rules.ts';
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
].flatMap((file) =>
  // In which order the exports of a file come depends on what loads it.
  Object.values(file)
    .filter((value): value is PolicyRule => typeof value === 'object')
    .toSorted((one, other) => (one.code < other.code ? -1 : 1)),
);

type Located = Acknowledgeable & { readonly path: readonly (string | number)[] };

/** Findings of the policies of one holder, which count together. */
export async function analysePolicies(policies: readonly AttachedPolicy[], subject?: string): Promise<Located[]> {
  const statements = policies.flatMap(({ document }) => document.statements);
  const together = policies.filter(({ kind }) => kind === 'identity').flatMap(({ document }) => document.statements);
  const prefixes = statements.flatMap(({ actions: named, notActions, conditions: keyed }) =>
    [...named, ...notActions, ...keyed.map(({ key }) => key)].map(servicePrefix),
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
  const codes = new Set<unknown>(policyRules.map(({ code }) => code));
  for (const { name, metadata, policies } of policyHolders(template)) {
    const findings = await analysePolicies(policies, name);
    const { left, stale } = withoutAcknowledged(metadata, findings, codes);
    found.push(...left);
    for (const message of stale) {
      found.push({ code: STALE.code, level: 'warning', subject: name, path: [], values: [], message });
    }
  }
  return found;
}

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

/** Rules that are neither about a policy nor about code. */
export const otherRules: readonly Rule[] = [STALE, UNREADABLE, STACKS_NOT_MADE];

/** What the stacks of a module show about access. */
export interface StackAnalysis {
  readonly stacks: readonly string[];
  /** Roles and resources with policies. */
  readonly holders: number;
  readonly functions: readonly FunctionAccess[];
  /** As JSON text. */
  readonly templates: readonly string[];
  readonly found: readonly Finding[];
}

/**
 * Findings of the core stack and of a module's stack, by construct, and of the code of their functions against its
 * grants. Throws the failure of a module that cannot be made.
 *
 * @param root paths of places are relative to it
 * @param pythons interpreters to read the code of functions with, in their order
 */
export async function analyseStacks(
  loaded: LoadedModule,
  configFile: string,
  { root, pythons }: { readonly root: string; readonly pythons: readonly string[] },
): Promise<StackAnalysis> {
  const templates = await synthesizeModule(loaded, configFile);
  const found: Finding[] = [];
  let holders = 0;
  for (const { name, text } of templates) {
    const template: unknown = JSON.parse(text);
    holders += policyHolders(template).length;
    for (const { path: _, values: __, ...finding } of await analyseTemplate(template)) {
      found.push({ ...finding, subject: subjectIn(name, finding.subject ?? '') });
    }
  }
  const { functions, findings } = await analyseGrants(templates, root, pythons);
  found.push(...findings, ...withoutSid(loaded));
  const texts = templates.map(({ text }) => text);
  return { stacks: templates.map(({ name }) => name), holders, functions, templates: texts, found };
}

/** Only what the author wrote: statements of the framework have their own, those that the CDK makes cannot have one. */
function withoutSid({ id, module }: LoadedModule): Finding[] {
  return module.getRequiredPermissions().flatMap(({ sid, actions: named }) =>
    sid
      ? []
      : [
          {
            code: 'MISSING_SID',
            level: 'warning',
            subject: `${id}/getRequiredPermissions`,
            message: `the statement with ${named.slice(0, 3).join(', ') || 'no action'} has no Sid`,
          },
        ],
  );
}

/** Every rule that can be reported of policies and of the code against them. */
export const iamRules: readonly Rule[] = [
  ...policyRules,
  ...grantRules,
  ...differenceRules,
  ...accessAnalyzerRules,
  ...otherRules,
];
