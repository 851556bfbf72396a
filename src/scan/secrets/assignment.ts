// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** A quote as source text has it: plain, or escaped inside another string. */
const QUOTE = String.raw`(?:\\{0,3}["'\`])`;

/**
 * What stands between a name and its value in the usual places: `=`, `:`, `:=`, `=>`, a default after `??`, `||` or
 * `:-`, the next argument of a call, the cell of a table, a type annotation, the `value` beside a `name`, a YAML block
 * scalar, a command line option, the word "is".
 */
const BETWEEN = [
  String.raw`(?:${QUOTE}|[\])*?]){0,4}`,
  String.raw`(?:\s{0,3}:\s{0,3}(?:string|str|String|SecretStr|Optional\[str\]|Final(?:\[str\])?|bytes)(?:\s{0,3}\|\s{0,3}\w{1,12})?(?=\s{0,3}=))?`,
  String.raw`(?:\s{0,20}(?::=|=>|\?\?=?|\|\|=?|={1,3}|:-?|,|\||\bis\b|\bor\b|/?>)\s{0,40}|\s{1,30})`,
  String.raw`(?:${QUOTE}?\b[vV]alue${QUOTE}?\s{0,4}[:=]\s{0,4})?`,
  String.raw`(?:[|>][+-]?\s{1,20})?`,
  // A call that makes the value into something; what is given to one that fetches or takes apart is a name.
  String.raw`(?:(?:new\s)?(?![\w.]{0,40}(?:encode|decode|get\w{0,20}|read\w{0,20}|load\w{0,20}|fetch\w{0,20}|split|strip|replace|input)\()[A-Za-z_.]{1,40}\(\s{0,20})?`,
  String.raw`(?:[rbfuRBFU]{1,2}(?=["']))?`,
  String.raw`(?:${QUOTE}|<(?=\w)|\*\*){0,3}`,
].join('');

/** An expression for `value` where it is given to something called `name`; both are sources of expressions. */
export function assigned(name: string, value: string, flags = 'gi'): RegExp {
  return new RegExp(String.raw`(?<![A-Za-z])(?:${name})${BETWEEN}(?<secret>${value})`, flags);
}

/** As `assigned`, with whatever prefix of word characters before the name: `AZURE_`, `myApp.`, `prod-`. */
export function assignedToAny(name: string, value: string, flags = 'gi'): RegExp {
  return new RegExp(String.raw`(?<![A-Za-z0-9_.-])[\w.-]{0,40}?(?:${name})${BETWEEN}(?<secret>${value})`, flags);
}
