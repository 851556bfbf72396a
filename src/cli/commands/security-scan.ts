// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { join, relative } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { baselineNeedsReason } from '../../errors/scan.ts';
import { type ScanPart, type ScanResult, scan, scanParts, scanRules } from '../../scan/scan.ts';
import { readBaseline, withSecrets, writeBaseline } from '../../scan/secrets/baseline.ts';
import { chosenModules, moduleOptions, stackConfigFile, stackOptions } from '../chosen-modules.ts';
import { defineCommand, textOption } from '../command.ts';
import { explainRule, findingOptions, printFindings } from '../findings.ts';

/** At the root of the project, committed. */
const BASELINE = 'secrets.baseline.json';

export const command = defineCommand({
  summary: 'Looks for secrets, dangerous code and settings that open a deployment to the world',
  description: `Secrets: every file that is or may get into version control, also split over strings, in base64, URL-encoded.
A finding shows the kind, the first four characters and the length, never more, and how to rotate that kind.
Code: eval, pickle, shells, TLS without verification, payloads and secrets in logs, in the code of modules.
Templates: the stacks are made and searched for public, unencrypted and unbound resources.

A comment "slake-allow-secret: <reason>" lets a secret of its line pass, "slake-allow-code: <reason>" a dangerous call;
on a line of its own it speaks for the next. --update-baseline accepts what is there now, as salted hashes in
${BASELINE}.`,
  options: {
    ...moduleOptions,
    only: { type: 'string', value: '<parts>', description: `Some of ${scanParts.join(',')} (default: all)` },
    ...stackOptions,
    'update-baseline': { type: 'boolean', description: 'Accepts the secrets that are there now' },
    reason: { type: 'string', value: '<text>', description: 'Why they are accepted; kept in the baseline' },
    explain: { type: 'string', value: '<code>', description: 'Shows a rule: why it is, and what to do' },
    ...findingOptions,
  },
  examples: [
    'npm run security-scan -- --module azure',
    'npm run security-scan -- --all',
    'npm run security-scan -- --all --only secrets --format sarif > secrets.sarif',
    'npm run security-scan -- --all --update-baseline --reason "test tenant, gone in May"',
    'npm run security-scan -- --explain SECRET-AZURE-SAS',
  ],
  async run(context) {
    const { values, output, root } = context;
    const rules = await scanRules();
    const code = textOption(values, 'explain');
    if (code !== undefined) return explainRule(output, rules, code);

    const modules = chosenModules('security-scan', context);
    const folder = values.all ? root : (modules[0]?.folder ?? root);
    const parts = partsOf(textOption(values, 'only'));
    const baselineFile = join(root, BASELINE);
    const baseline = readBaseline(baselineFile);
    const reason = textOption(values, 'reason');
    if (values['update-baseline'] && !reason) throw new Failure(baselineNeedsReason, {});

    const configFile = stackConfigFile(context);
    const scanned = (say: (text: string) => void, known = baseline) =>
      scan({ root, folder, modules, parts, baseline: known, configFile, say });
    let result = await output.stage(`Scan ${values.all ? 'the project' : (modules[0]?.id ?? '')}`, (say) =>
      scanned(say),
    );
    if (values['update-baseline'] && reason && result.secrets) {
      const inside = relative(root, folder);
      const keep = (file: string) => inside !== '' && !file.startsWith(`${inside}/`);
      const updated = withSecrets(baseline, result.secrets.subjects, reason, keep);
      writeBaseline(baselineFile, updated);
      output.progress(`${BASELINE} holds ${counted(updated.secrets.length, 'secret')}`);
      result = await scanned(() => {}, updated);
    }
    return printFindings(
      context,
      { tool: 'security-scan', rules, findings: result.findings },
      { json: summaryObject(result, parts), lines: summaryLines(result, parts) },
    );
  },
});

function partsOf(text: string | undefined): readonly ScanPart[] {
  if (text === undefined) return scanParts;
  return text.split(',').map((word) => {
    const part = scanParts.find((known) => known === word.trim());
    if (part) return part;
    const why = `--only takes some of ${scanParts.join(',')} (is ${text})`;
    throw new Failure(badArguments, { command: 'security-scan', why });
  });
}

function summaryObject({ files, secrets, stacks }: ScanResult, parts: readonly ScanPart[]): object {
  return { scanned: { parts, files, stacks, allowed: secrets?.allowed ?? 0, inBaseline: secrets?.known ?? 0 } };
}

function summaryLines({ files, secrets, stacks }: ScanResult, parts: readonly ScanPart[]): string[] {
  const passed = [
    ...(secrets?.allowed ? [`${secrets.allowed} allowed beside the line`] : []),
    ...(secrets?.known ? [`${secrets.known} in the baseline`] : []),
  ];
  return [
    `${parts.join(', ')}: ${counted(files, 'file')}, ${counted(stacks.length, 'stack')}${stacks.length > 0 ? ` (${stacks.join(', ')})` : ''}`,
    ...(passed.length > 0 ? [`secrets that pass: ${passed.join(', ')}`] : []),
  ];
}
