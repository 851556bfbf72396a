// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { lintSource } from '@secretlint/core';
import type { SecretLintCoreConfigRule, SecretLintRuleCreator } from '@secretlint/types';
import { derive, type Fragment } from './derive.ts';
import type { Language, SecretKind, SecretPattern } from './kind.ts';
import { isPlaceholder } from './placeholder.ts';

/** A secret in a text. Its value stays in memory: it goes into hashes, never into messages. */
export interface FoundSecret {
  readonly kind: SecretKind;
  readonly value: string;
  /** Where it stands, or where the encoded or split text stands that holds it; in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const AROUND = 400;
const BEFORE = 120;
const CODE = /\.(?:[cm]?[jt]sx?|py|java|go|rb|cs|kt|scala|rs|php)$/i;
const LOCK_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|composer\.lock|Gemfile\.lock)$/;
/** Between fragments, so that no pattern reaches from one into the next. */
const GAP = `\n${'\u0000'.repeat(8)}\n`;

/** The secrets of a text, each place once, in their order. */
export async function findSecrets(file: string, text: string, kinds: readonly SecretKind[]): Promise<FoundSecret[]> {
  const found = await lint(file, text, kinds, languageOf(file));
  const fragments = derive(text);
  const within = await lint(file, fragments.map((fragment) => fragment.text).join(GAP), kinds, 'text');
  const placed = within.map((secret) => ({ ...secret, ...placeOf(secret.start, fragments) }));
  return keepBest([...found, ...placed]);
}

function languageOf(file: string): Language {
  return CODE.test(file) ? 'code' : 'text';
}

/** Secretlint runs the kinds; the range of a message is that of the secret. */
async function lint(
  file: string,
  content: string,
  kinds: readonly SecretKind[],
  language: Language,
): Promise<FoundSecret[]> {
  if (content === '') return [];
  const byCode = new Map(kinds.map((kind) => [kind.code, kind]));
  const { messages } = await lintSource({
    source: { filePath: file, content, contentType: 'text', ext: /\.\w+$/.exec(file)?.[0] ?? '' },
    options: {
      config: { rules: [ruleOf(kinds, language, LOCK_FILE.test(file))] },
      maskSecrets: true,
      noPhysicFilePath: true,
    },
  });
  return messages.flatMap(({ messageId, range: [start, end] }) => {
    const kind = byCode.get(messageId);
    return kind ? [{ kind, value: content.slice(start, end), start, end }] : [];
  });
}

/** One rule for all kinds, with a message for each: secretlint measures every rule it runs, over every file. */
function ruleOf(kinds: readonly SecretKind[], language: Language, lockFile: boolean): SecretLintCoreConfigRule {
  const creator: SecretLintRuleCreator = {
    messages: Object.fromEntries(kinds.map(({ code, title }) => [code, { en: () => title }])),
    meta: { id: 'slake', type: 'scanner', recommended: true, supportedContentTypes: ['text'] },
    create(context) {
      const translate = context.createTranslator(creator.messages);
      return {
        file({ content }) {
          for (const { code, patterns } of kinds) {
            for (const pattern of patterns) {
              for (const range of rangesOf(pattern, content, language, lockFile)) {
                context.report({ message: translate(code), range });
              }
            }
          }
        },
      };
    },
  };
  return { id: 'slake', rule: creator };
}

function rangesOf(
  { expression, verify, anyValue }: SecretPattern,
  content: string,
  language: Language,
  lockFile: boolean,
): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  const scan = new RegExp(expression.source, `${expression.flags}d`);
  for (let match = scan.exec(content); match; match = scan.exec(content)) {
    const range = match.indices?.groups?.secret;
    if (!range || range[0] === range[1]) {
      scan.lastIndex = Math.max(scan.lastIndex, match.index + 1);
      continue;
    }
    const [start, end] = range;
    const secret = content.slice(start, end);
    const before = content.slice(Math.max(0, start - BEFORE), start);
    const context = {
      language,
      lockFile,
      before,
      after: content.slice(end, end + 2),
      around: content.slice(Math.max(0, start - AROUND), end + AROUND),
      quoted: /["'`]$/.test(before),
    };
    if ((anyValue || !isPlaceholder(secret)) && (verify?.(secret, context) ?? true)) ranges.push([start, end]);
    // A name may be the value of the name before it: what was taken for a value is looked at again.
    else scan.lastIndex = Math.max(match.index + 1, Math.min(start, scan.lastIndex));
  }
  return ranges;
}

function placeOf(at: number, fragments: readonly Fragment[]): { start: number; end: number } {
  let offset = 0;
  for (const { text, start, end } of fragments) {
    if (at < offset + text.length + GAP.length) return { start, end };
    offset += text.length + GAP.length;
  }
  return { start: 0, end: 0 };
}

/** Of several readings of the same characters the one of the most telling kind; the narrower one where they are equal. */
function keepBest(secrets: readonly FoundSecret[]): FoundSecret[] {
  const kept: FoundSecret[] = [];
  const byRank = secrets.toSorted((a, b) => b.kind.rank - a.kind.rank || a.end - a.start - (b.end - b.start));
  for (const secret of byRank) {
    const overlaps = kept.some(
      (other) =>
        (secret.start < other.end && other.start < secret.end) ||
        // The same value in plain and inside a decoded or joined text.
        (secret.value === other.value && lineDistance(secret, other) < AROUND),
    );
    if (!overlaps) kept.push(secret);
  }
  return kept.toSorted((a, b) => a.start - b.start);
}

function lineDistance(a: FoundSecret, b: FoundSecret): number {
  return Math.max(a.start, b.start) - Math.min(a.end, b.end);
}
