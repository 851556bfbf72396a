// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import type { Finding } from '../../findings/index.ts';
import type { Source } from '../files/read-source.ts';
import { scanPython } from './python.ts';
import { codeRules } from './rules.ts';
import { scanTypeScript } from './typescript.ts';

/** What a look at one file found, before it becomes a finding. */
export interface CodeFinding {
  readonly file: string;
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const TEST = /(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest|integration_test)\.py$|\.(?:test|fixture)\.[cm]?[jt]sx?$/;

/** Whether a file is code of a processor or of a module, tests left out: they run with nobody's input. */
export function isProcessorCode(file: string): boolean {
  return /\.(?:py|[cm]?[jt]sx?)$/.test(file) && !TEST.test(file) && !/(?:^|\/)(?:samples|docs)\//.test(file);
}

/** Looks for dangerous code; each file that does not parse gives one finding. */
export function scanCode(sources: readonly Source[], pythons: readonly string[]): readonly Finding[] {
  const code = sources.filter(({ file, text }) => text !== undefined && isProcessorCode(file));
  const python = code.filter(({ file }) => file.endsWith('.py'));
  const typescript = code.filter(({ file }) => !file.endsWith('.py')).flatMap((source) => scanTypeScript(source));
  const result = python.length > 0 ? scanPython(python, pythons) : { answer: [] };
  const texts = new Map(code.map(({ file, text = '' }) => [file, text.split('\n')]));
  const found = 'answer' in result ? [...typescript, ...result.answer] : typescript;
  const findings = found.map((one) => toFinding(one, texts.get(one.file) ?? [])).filter((one) => one !== undefined);
  if ('notChecked' in result) {
    findings.push({
      code: 'CODE-NOT-CHECKED',
      level: 'not-checked',
      message: `${counted(python.length, 'Python file')}: ${result.notChecked}`,
    });
  }
  return findings;
}

/** Undefined where the line, or the one before it, allows it with a reason. */
function toFinding({ file, code, line, column, message }: CodeFinding, lines: readonly string[]): Finding | undefined {
  const level = codeRules.find((rule) => rule.code === code)?.level ?? 'error';
  const place = { file, line, column };
  const comments = [lines[line - 1] ?? '', /^\s*(?:#|\/\/)/.test(lines[line - 2] ?? '') ? (lines[line - 2] ?? '') : ''];
  const allowed = comments
    .map((text) => /slake-allow-code\b(?::\s*(\S.*))?/.exec(text))
    .find((match) => match !== null);
  if (!allowed) return { code, level, message, place };
  if (allowed[1]) return undefined;
  return { code: 'CODE-ALLOW-REASON', level: 'error', message: `slake-allow-code without a reason: ${message}`, place };
}
