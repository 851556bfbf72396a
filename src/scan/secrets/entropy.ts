// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Shannon entropy of a text, in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** How many different characters a text has. */
export function distinctCharacters(text: string): number {
  return new Set(text).size;
}

/** How many of the four classes a text has: lower case, upper case, digits, others. */
export function characterClasses(text: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((characterClass) => characterClass.test(text)).length;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Words with separators and small numbers, as names, paths, addresses and identifiers are made of. */
const NAME = /^[/.]?(?:[A-Za-z]+\d{0,3}|\d{1,4})(?:(?:[-_./: ]|::|->)+(?:[A-Za-z]+\d{0,3}|\d{1,4}))+[/.;]?$/;

/** A name, a path, an address, an ARN or a UUID, rather than something a generator made. */
export function isName(value: string): boolean {
  return (
    UUID.test(value) ||
    NAME.test(value) ||
    isCamelCase(value) ||
    (/^[a-z\d]+(?:[-_./][a-z\d]+){2,}$/.test(value) && (value.match(/\d/g)?.length ?? 0) <= 4) ||
    /^(?:arn:|https?:\/\/|[a-z]+:\/\/|\.{0,2}\/|[A-Za-z]:\\|~\/)/.test(value) ||
    /[()[\]{}<>;\s]/.test(value) ||
    /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(value)
  );
}

/** Words written together, of which random letters make none: `MyKeyOfAtLeast20Characters`. */
function isCamelCase(value: string): boolean {
  if (!/^[A-Za-z\d]+$/.test(value) || (value.match(/\d/g)?.length ?? 0) > 3) return false;
  const words = value.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  return words.length >= 3 && words.join('').length / words.length >= 3.5;
}

/** Looks as if made by a generator: long enough, letters and digits mixed without a pattern. */
export function looksRandom(value: string, shortest = 16): boolean {
  if (value.length < shortest || isName(value)) return false;
  const bits = entropy(value);
  if (!/[A-Za-z]/.test(value)) return false;
  if (!/\d/.test(value)) return value.length >= 20 && bits >= 4 && caseChanges(value) >= value.length / 5;
  return bits >= (value.length <= 20 ? 2.9 : 3.2);
}

function caseChanges(value: string): number {
  return [...value.matchAll(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)].length;
}

/** Base64 of random bytes: upper and lower case mixed with digits all over, and no text when decoded. */
export function isRandomBase64(value: string): boolean {
  return (
    characterClasses(value) >= 3 &&
    entropy(value) >= (value.length > 60 ? 4.2 : 3.7) &&
    /\d/.test(value) &&
    !/^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(value, 'base64').toString('latin1'))
  );
}
