// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { audit, auditFindings, auditRules } from '../../scan/audit/audit.ts';
import type { PackageSet } from '../../scan/audit/outcome.ts';
import { chosenModules } from '../chosen-modules.ts';
import { defineCommand, textOption } from '../command.ts';
import { findingOptions, printFindings } from '../findings.ts';
import { table } from '../output.ts';

export const command = defineCommand({
  summary: 'Asks for known vulnerabilities of all npm and Python packages',
  description: `Runs npm audit and pip-audit and reads what they report, not their exit codes: each package set is clean, vulnerable,
not checked, or the tool failed. What could not be asked is never taken for clean; an endpoint that finds nothing is
asked for a package that has known holes. "npm audit" and "pip-audit -r <requirements>" alone work too.`,
  options: {
    module: {
      type: 'string',
      value: '<id>',
      description: 'Only the requirements of this module, and the npm packages',
    },
    ci: { type: 'boolean', description: 'What was not checked gives exit code 2' },
    registry: { type: 'string', value: '<url>', description: 'Asks this npm registry' },
    'osv-url': { type: 'string', value: '<url>', description: 'Asks this OSV service for Python packages' },
    ...findingOptions,
  },
  examples: [
    'npm run audit',
    'npm run audit -- --module azure',
    'npm run audit -- --ci --format github',
    'npm run audit -- --osv-url https://api.osv.dev/v1/query',
  ],
  async run(context) {
    const { values, output, root, signal } = context;
    const folder =
      textOption(values, 'module') === undefined ? root : (chosenModules('audit', context)[0]?.folder ?? root);
    const registry = textOption(values, 'registry');
    const osvUrl = textOption(values, 'osv-url');
    const sets = await output.stage('Audit packages', (say) =>
      audit({ root, folder, signal, say, ...(registry ? { registry } : {}), ...(osvUrl ? { osvUrl } : {}) }),
    );
    const code = printFindings(
      { ...context, values: { ...values, strict: values.strict || values.ci } },
      { tool: 'audit', rules: auditRules, findings: auditFindings(sets) },
      { json: { sets }, lines: [...table(['packages', 'set', 'outcome'], sets.map(row)), ''] },
    );
    return sets.some(({ outcome }) => outcome.status === 'tool-error') ? 2 : code;
  },
});

function row({ packages, file, outcome }: PackageSet): (string | number)[] {
  const { status } = outcome;
  const holes = status === 'vulnerable' ? ` (${outcome.vulnerabilities.length})` : '';
  return [packages, file, `${status.replace('-', ' ')}${holes}`];
}
