// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { countLevels, type Finding, inOrder, type Level, levels, placeText, type Rule } from './finding.ts';

/** Everything a check has to say, whatever form it is printed in. */
export interface Report {
  /** Name of the command. */
  readonly tool: string;
  readonly rules: readonly Rule[];
  readonly findings: readonly Finding[];
}

/** How a level is coloured; each function changes nothing where there is no terminal. */
export interface LevelStyle {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

const WIDTH = Math.max(...levels.map((level) => level.length));

/** Lines for a person: place, level, code and message, then what to do. */
export function textLines({ rules, findings }: Report, style: LevelStyle): string[] {
  const paint: Readonly<Record<Level, (text: string) => string>> = {
    error: style.red,
    warning: style.yellow,
    advice: style.dim,
    'not-checked': style.bold,
  };
  return inOrder(findings).flatMap((finding) => {
    const where = [finding.subject, finding.place && placeText(finding.place)].filter(Boolean).join('  ');
    const fix = fixOf(finding, rules);
    return [
      `${paint[finding.level](finding.level.padEnd(WIDTH))}  ${finding.code}  ${finding.message}`,
      ...(where === '' ? [] : [`  ${style.bold(where)}`]),
      ...(fix === undefined ? [] : fix.split('\n').map((line, at) => `  ${at === 0 ? 'fix: ' : '     '}${line}`)),
    ];
  });
}

/** `2 errors, 1 warning, 1 not checked`; `nothing found` where there is nothing. */
export function summaryText(findings: readonly Finding[]): string {
  const counts = countLevels(findings);
  const words: Readonly<Record<Level, readonly [string, string]>> = {
    error: ['error', 'errors'],
    warning: ['warning', 'warnings'],
    advice: ['advice', 'advice'],
    'not-checked': ['not checked', 'not checked'],
  };
  const parts = levels
    .filter((level) => counts[level] > 0)
    .map((level) => `${counts[level]} ${words[level][counts[level] === 1 ? 0 : 1]}`);
  return parts.length === 0 ? 'nothing found' : parts.join(', ');
}

/** The report as plain values, for `--json`. */
export function reportObject({ tool, rules, findings }: Report): object {
  return {
    tool,
    counts: countLevels(findings),
    findings: inOrder(findings).map((finding) => ({ ...finding, fix: fixOf(finding, rules) })),
  };
}

const SARIF_LEVEL: Readonly<Record<Level, string>> = {
  error: 'error',
  warning: 'warning',
  advice: 'note',
  'not-checked': 'note',
};

/**
 * The report in SARIF 2.1.0. What could not be checked is a notification of the run, not a result.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifObject({ tool, rules, findings }: Report): object {
  const location = ({ place, subject }: Finding) => ({
    ...(place
      ? {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(place.file), uriBaseId: '%SRCROOT%' },
            ...(place.line === undefined
              ? {}
              : { region: { startLine: place.line, ...(place.column ? { startColumn: place.column } : {}) } }),
          },
        }
      : {}),
    ...(subject === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: subject }] }),
  });
  const ordered = inOrder(findings);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: `slake ${tool}`,
            rules: rules.map(({ code, title, why, fix, level }) => ({
              id: code,
              shortDescription: { text: title },
              fullDescription: { text: why },
              help: { text: fix },
              defaultConfiguration: { level: SARIF_LEVEL[level] },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: ordered
              .filter(({ level }) => level === 'not-checked')
              .map((finding) => ({
                descriptor: { id: finding.code },
                level: 'warning',
                message: { text: `not checked: ${finding.message}` },
                locations: [location(finding)],
              })),
          },
        ],
        results: ordered
          .filter(({ level }) => level !== 'not-checked')
          .map((finding) => ({
            ruleId: finding.code,
            level: SARIF_LEVEL[finding.level],
            message: { text: finding.message },
            locations: [location(finding)],
          })),
      },
    ],
  };
}

const GITHUB_COMMAND: Readonly<Record<Level, string>> = {
  error: 'error',
  warning: 'warning',
  advice: 'notice',
  'not-checked': 'warning',
};

/**
 * Workflow commands that GitHub shows beside the lines of a change.
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubLines({ rules, findings }: Report): string[] {
  return inOrder(findings).map((finding) => {
    const { place, level, code, message } = finding;
    const properties = [
      ...(place ? [`file=${property(place.file)}`] : []),
      ...(place?.line ? [`line=${place.line}`] : []),
      ...(place?.column ? [`col=${place.column}`] : []),
      `title=${property(level === 'not-checked' ? `${code} not checked` : code)}`,
    ];
    const fix = fixOf(finding, rules);
    return `::${GITHUB_COMMAND[level]} ${properties.join(',')}::${escaped(fix ? `${message}\n${fix}` : message)}`;
  });
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function fixOf({ code, fix }: Finding, rules: readonly Rule[]): string | undefined {
  return fix ?? rules.find((rule) => rule.code === code)?.fix;
}
