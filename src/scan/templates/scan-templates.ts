// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../findings/index.ts';
import type { StackTemplate, TemplateResource } from '../../infra/unbundled.ts';
import { findSecrets } from '../secrets/find-secrets.ts';
import { secretKinds } from '../secrets/kinds.ts';
import { describe } from '../secrets/scan-secrets.ts';
import { templateRules } from './rules.ts';

/** Looks for settings that open a deployment to the world, and for secrets that came into a template. */
export async function scanTemplates(stacks: readonly Omit<StackTemplate, 'code'>[]): Promise<readonly Finding[]> {
  const kinds = await secretKinds();
  const findings: Finding[] = [];
  for (const stack of stacks) {
    for (const [id, resource] of Object.entries(stack.resources)) {
      const subject = pathOf(stack, id, resource);
      for (const { code, level, check } of templateRules) {
        for (const message of check(resource, { id, resources: stack.resources })) {
          findings.push({ code, level, message, subject });
        }
      }
      const text = JSON.stringify(resource.Properties ?? {}, null, 1);
      for (const { kind, value } of await findSecrets('template.json', text, kinds)) {
        const message = `${kind.title} in the template: ${describe(value)}`;
        findings.push({ code: kind.code, level: 'error', message, subject, fix: kind.rotate });
      }
    }
  }
  return findings;
}

/** The path of the construct, which says where in the code a resource is made. */
function pathOf({ name }: Pick<StackTemplate, 'name'>, id: string, { Metadata }: TemplateResource): string {
  const path = Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path : `${name}/${id}`;
}
