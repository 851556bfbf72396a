// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Text that a file holds in another form: joined strings, decoded base64, URL encoding, escapes. */
export interface Fragment {
  readonly text: string;
  /** Where its original stands in the file, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const MOST_LAYERS = 3;
const LONGEST_FRAGMENT = 200_000;
/** No source comes near; a text made to slow a scan down does. */
const MOST_DERIVED = 8_000_000;

/** What else a text says once its strings are joined and its encodings undone, layer by layer. */
export function derive(text: string): Fragment[] {
  const found: Fragment[] = [];
  let length = 0;
  let layer: readonly Fragment[] = readings(text);
  for (let depth = 0; depth < MOST_LAYERS && layer.length > 0; depth += 1) {
    for (const fragment of layer) {
      length += fragment.text.length;
      if (length > MOST_DERIVED) return found;
      found.push(fragment);
    }
    // What is inside a fragment stands, for whoever looks for it, where the fragment stands.
    layer = layer.flatMap(({ text: outer, start, end }) =>
      readings(outer)
        .filter((inner) => inner.text !== outer)
        .map((inner) => ({ text: inner.text, start, end })),
    );
  }
  return found;
}

/**
 * The stretches around each match of `mark`, as far as `within` goes, each once. Cheaper by far than an expression that
 * begins with what may come before the mark.
 */
function stretches(text: string, mark: RegExp, within: RegExp, most: number): Fragment[] {
  const found: Fragment[] = [];
  let done = 0;
  for (const { 0: matched, index } of text.matchAll(mark)) {
    if (index < done) continue;
    let start = index;
    while (start > done && index - start < most && within.test(text[start - 1] ?? '')) start -= 1;
    let end = index + matched.length;
    while (end < text.length && end - index < most && within.test(text[end] ?? '')) end += 1;
    found.push({ text: text.slice(start, end), start, end });
    done = end;
  }
  return found;
}

function readings(text: string): Fragment[] {
  return [...joinedStrings(text), ...decodedBase64(text), ...decodedAddresses(text), ...withoutEscapes(text)];
}

const LITERAL = String.raw`(?:\\?"(?:[^"\\\n]|\\[^"\n]){0,4000}\\?"|'(?:[^'\\\n]|\\[^'\n]){0,4000}'|\`(?:[^\`\\\n]|\\.){0,4000}\`)`;
const TERM = String.raw`(?:[rbfuRBFU]{0,2}${LITERAL}|[A-Za-z_$][\w$.]{0,60})`;
/** `"a" + "b"`, `'a' 'b'`, `"a" \` and a new line `"b"`, `['a', 'b'].join('')`, `a + b`. */
const CHAIN = new RegExp(
  String.raw`${TERM}(?:\s{0,20}(?:\+|\.\.?(?=\s*["'])|&|\\\r?\n|,(?=[^\])]{0,600}\]\s{0,4}[.)]))?\s{0,40}(?:#[^\n]{0,80}\n\s{0,40})?${TERM}){1,60}`,
  'g',
);
const CONSTANT = new RegExp(
  String.raw`(?<![\w$.])([A-Za-z_$][\w$]{0,60})(?::\s*\w+)?\s{0,3}=\s{0,3}[rbu]{0,2}(${LITERAL})`,
  'g',
);

/** More joined strings than any source has are one that was made to slow a scan down. */
const MOST_CHAINS = 5_000;

function firstMatches(text: string, expression: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(expression)) {
    if (found.push(match) >= MOST_CHAINS) break;
  }
  return found;
}

function joinedStrings(text: string): Fragment[] {
  if (!/["'`]/.test(text)) return shellContinuations(text);
  const constants = new Map([...text.matchAll(CONSTANT)].map((match) => [match[1] ?? '', unquote(match[2] ?? '')]));
  const chains = firstMatches(text, CHAIN).flatMap((match) => joinChain(text, match, constants));
  return [...chains, ...interpolations(text, constants), ...shellContinuations(text)];
}

function joinChain(text: string, match: RegExpMatchArray, constants: ReadonlyMap<string, string>): Fragment[] {
  const terms = [...match[0].matchAll(new RegExp(TERM, 'g'))].map(([term]) => term);
  const resolved = terms.map((term) => (/["'`]$/.test(term) ? unquote(term) : constants.get(term)));
  // Names that are no constants of this file end a string: what stands before and behind them is joined apart.
  const runs: string[][] = [[]];
  for (const part of resolved) {
    if (part === undefined) runs.push([]);
    else runs.at(-1)?.push(part);
  }
  const start = match.index ?? 0;
  const end = start + match[0].length;
  const separators = match[0].replaceAll(new RegExp(LITERAL, 'g'), '');
  if (separators.includes(',') && !isJoined(text, start, end)) return [];
  // The name may stand lines above: `key = (` and then a string on each line.
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const before = (line.trim() === '' ? text.slice(Math.max(0, start - 120), start) : line.slice(-200)).replace(
    /[\s([]+$/,
    ' ',
  );
  // A name before the first string belongs to the assignment, as in `key = "a" "b"`.
  const name = resolved[0] === undefined ? `${terms[0]} = ` : '';
  return runs.filter((run) => run.length > 1).map((run) => ({ text: `${before}${name}"${run.join('')}"`, start, end }));
}

const INTERPOLATION = /\$?\{([A-Za-z_$][\w$]{0,60})\}/g;
const ON_LINE = /[^\n]/;

/** `['a', 'b'].join('')`, `''.join(['a', 'b'])`; any other list stays one. */
function isJoined(text: string, start: number, end: number): boolean {
  return (
    /^[\s,]{0,40}\]\s{0,4}\.join\(/.test(text.slice(end, end + 60)) ||
    /join\(\s{0,20}[[(]\s{0,20}$/.test(text.slice(Math.max(0, start - 60), start))
  );
}

/** `f"{a}{b}"` and `${a}${b}` of constants of the file. */
function interpolations(text: string, constants: ReadonlyMap<string, string>): Fragment[] {
  if (constants.size === 0) return [];
  return stretches(text, INTERPOLATION, ON_LINE, 400).flatMap(({ text: line, start, end }) => {
    let replaced = 0;
    const joined = line.replaceAll(INTERPOLATION, (whole, name: string) => {
      const value = constants.get(name);
      if (value !== undefined) replaced += 1;
      return value ?? whole;
    });
    return replaced > 0 ? [{ text: joined, start, end }] : [];
  });
}

/** A value that goes on behind a backslash at the end of its line. */
function shellContinuations(text: string): Fragment[] {
  return stretches(text, /(?:\\\r?\n[^\n\\]{0,400}){1,20}/g, ON_LINE, 2_000).map((stretch) => ({
    ...stretch,
    text: stretch.text.replaceAll(/\\\r?\n[ \t]*/g, ''),
  }));
}

function unquote(literal: string): string {
  return literal.replace(/^[rbfuRBFU]{0,2}\\?["'`]/, '').replace(/\\?["'`]$/, '');
}

/** Runs of base64, also broken over lines of the same length. */
const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}(?:(?:\r?\n[ \t]{0,40}|\\n)[A-Za-z0-9+/_-]{16,})*={0,2}/g;
/** Known beginnings of images, archives, fonts and certificates: never text. */
const NO_TEXT = /^(?:iVBOR|\/9j\/|R0lGOD|UEsDB|H4sI|d09G|AAABAA|JVBER|MII[A-Za-z])/;

function decodedBase64(text: string): Fragment[] {
  return [...text.matchAll(BASE64)].flatMap((match) => {
    const run = match[0].replaceAll(/\s|\\n/g, '');
    if (NO_TEXT.test(run) || run.length > LONGEST_FRAGMENT) return [];
    const decoded = decodeText(run);
    if (decoded === undefined) return [];
    return [
      { text: `${lineBefore(text, match.index)}\n${decoded}`, start: match.index, end: match.index + match[0].length },
    ];
  });
}

function decodeText(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  // UTF-16, as PowerShell encodes its commands.
  const text =
    bytes.length > 8 && bytes[1] === 0 && bytes[3] === 0 ? bytes.toString('utf16le') : bytes.toString('utf8');
  if (text.length < 8) return undefined;
  const readable = text.match(/[\t\n\r\x20-\x7e]/g)?.length ?? 0;
  return readable >= text.length * 0.97 ? text : undefined;
}

function decodedAddresses(text: string): Fragment[] {
  return stretches(text, /%[0-9A-Fa-f]{2}/g, /[^\s"'`<>]/, 4_000).map(({ text: address, start, end }) => ({
    text: `${lineBefore(text, start)}${address.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => fromHex(hex))}`,
    start,
    end,
  }));
}

/** What stands on the line before an offset, which may name what follows. */
function lineBefore(text: string, at: number): string {
  return text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - 80), at);
}

function fromHex(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };
const ESCAPE =
  /\\u00([0-7][0-9a-fA-F])|\\x([0-7][0-9a-fA-F])|&#x([0-7]?[0-9a-fA-F]);|&(amp|quot|apos|lt|gt);|\\+(["'/=])/g;

/** Lines in which characters are written as escapes of JSON, code or HTML. */
function withoutEscapes(text: string): Fragment[] {
  return stretches(text, ESCAPE, ON_LINE, 8_000).map((stretch) => ({
    ...stretch,
    text: stretch.text.replaceAll(
      ESCAPE,
      (_, unicode?: string, byte?: string, entity?: string, name?: string, plain?: string) => {
        const hex = unicode ?? byte ?? entity;
        if (hex !== undefined) return fromHex(hex);
        return name === undefined ? (plain ?? '') : (ENTITIES[name] ?? '');
      },
    ),
  }));
}
