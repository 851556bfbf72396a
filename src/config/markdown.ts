// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** The text with fresh content between the comments `<!-- name:begin -->` and `<!-- name:end -->`; as it is without them. */
export function betweenMarkers(text: string, name: string, content: () => string): string {
  const begin = `<!-- ${name}:begin -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(`<!-- ${name}:end -->`);
  if (from < 0 || to < from) return text;
  return `${text.slice(0, from + begin.length)}\n\n${content()}\n${text.slice(to)}`;
}

/** A markdown table of cells that are written already. */
export function markdownTable(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `${[line(names), line(names.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

/** Any text as the words of a cell. */
export function cell(text: string): string {
  return text.replaceAll(/[\\|<>*`]/g, (sign) => (sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`)).trim();
}

/** Code in a cell. */
export function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
