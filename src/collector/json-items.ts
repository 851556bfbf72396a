// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** A strict parser lets line breaks stand only between tokens, where they mean nothing. */
const LINE_BREAKS = /[\r\n][ \t\r\n]*/g;

/**
 * The items of a JSON list, each as the text it came as, on one line: what an event says is carried to the letter, numbers of
 * any size and doubled keys among it. Undefined for what is no JSON list.
 */
export function itemTexts(text: string): string[] | undefined {
  try {
    if (!Array.isArray(JSON.parse(text))) return undefined;
  } catch {
    return undefined;
  }
  // It is valid: what is left is to find the commas that stand in the list itself.
  const items: string[] = [];
  const start = text.indexOf('[') + 1;
  let from = start;
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    else if (sign === '{' || sign === '[') depth += 1;
    else if (depth > 0 && (sign === '}' || sign === ']')) depth -= 1;
    else if (depth === 0 && (sign === ',' || sign === ']')) {
      const item = text.slice(from, at).trim().replaceAll(LINE_BREAKS, '');
      if (item !== '') items.push(item);
      from = at + 1;
    }
  }
  return items;
}

/** Where the string ends that begins at a quotation mark. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
