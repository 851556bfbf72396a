// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { BlockList, isIPv6 } from 'node:net';
import type { Condition } from './document.ts';
import { matches, type Pattern } from './pattern.ts';

/** Condition keys of one request with their values; a key that the request has not is absent. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** Whether a condition holds; `unknown` where its operator is none of IAM's. */
export type Verdict = 'true' | 'false' | 'unknown';

/** Compares one value of the request with one of the policy. */
type Test = (value: string, wanted: Pattern) => boolean;

const ARN_PARTS = 6;
/** Stands for a wildcard character that is meant as it is. */
const LITERAL: Readonly<Record<string, string>> = { '*': '\u{E010}', '?': '\u{E011}' };

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (value, wanted) => value === plain(wanted),
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === plain(wanted).toLowerCase(),
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  BinaryEquals: (value, wanted) => value === wanted,
  IpAddress: inRange,
  ...compared('Numeric', Number),
  ...compared('Date', (text) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text))),
};

/** Operators that hold where the test of another one does not. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

/**
 * Evaluates one operator on one key, as IAM does: an absent key fails it, unless the operator is a negation or ends in
 * `IfExists`, or asks it of all values.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function conditionHolds({ operator, key, values }: Condition, context: RequestContext): Verdict {
  const [, set, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const given = contextValues(context, key);
  if (name === 'Null') {
    return holds(values.some((value) => (value.toLowerCase() === 'true') === (given === undefined)));
  }
  const negated = Object.hasOwn(NEGATED, name);
  const base = negated ? (NEGATED[name] ?? '') : name;
  const test = Object.hasOwn(TESTS, base) ? TESTS[base] : undefined;
  if (!test) return 'unknown';
  if (given === undefined) return holds(Boolean(ifExists) || (set ? set === 'ForAllValues' : negated));
  const wanted = values.flatMap((value) => substitute(value, context) ?? []);
  const passes = (value: string) => wanted.some((each) => test(value, each)) !== negated;
  return holds(set === 'ForAnyValue' || (!set && !negated) ? given.some(passes) : given.every(passes));
}

/**
 * Puts the values of policy variables into a text of a policy; undefined where the request has no such key and the text
 * no default for it, which makes its statement fit nothing.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function substitute(text: Pattern, context: RequestContext): Pattern | undefined {
  let isComplete = true;
  const substituted = text.replaceAll(/\$\{([^}]*)\}/g, (_, variable: string) => {
    const [, literal] = /^([*?$])$/.exec(variable) ?? [];
    if (literal) return LITERAL[literal] ?? literal;
    const [, key = '', otherwise] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? [];
    const [value = otherwise] = contextValues(context, key) ?? [];
    if (value === undefined) isComplete = false;
    return literally(value ?? '');
  });
  return isComplete ? substituted : undefined;
}

/** Whether a pattern with substituted variables fits a text of the request, in which nothing is a wildcard. */
export function like(value: string, wanted: Pattern): boolean {
  return matches(wanted, literally(value));
}

function contextValues(context: RequestContext, key: string): readonly string[] | undefined {
  const found = Object.keys(context).find((name) => name.toLowerCase() === key.toLowerCase());
  const value = found === undefined ? undefined : context[found];
  return typeof value === 'string' ? [value] : value;
}

/** Each part of an ARN is compared on its own; the last one may hold colons. */
function arnLike(value: string, wanted: Pattern): boolean {
  const [given, asked] = [value, wanted].map(arnParts);
  return Boolean(given && asked?.every((part, at) => like(given[at] ?? '', part)) && given.length === asked.length);
}

function arnParts(text: string): readonly string[] {
  const parts = text.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

function inRange(value: string, wanted: string): boolean {
  const [address = '', bits] = wanted.split('/');
  const list = new BlockList();
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  try {
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
    return list.check(value, isIPv6(value) ? 'ipv6' : 'ipv4');
  } catch {
    return false;
  }
}

function compared(kind: string, read: (text: string) => number): Readonly<Record<string, Test>> {
  return {
    [`${kind}Equals`]: (value, wanted) => read(value) === read(wanted),
    [`${kind}LessThan`]: (value, wanted) => read(value) < read(wanted),
    [`${kind}LessThanEquals`]: (value, wanted) => read(value) <= read(wanted),
    [`${kind}GreaterThan`]: (value, wanted) => read(value) > read(wanted),
    [`${kind}GreaterThanEquals`]: (value, wanted) => read(value) >= read(wanted),
  };
}

function literally(text: string): string {
  return text.replaceAll(/[*?]/g, (character) => LITERAL[character] ?? character);
}

function plain(text: string): string {
  return text.replaceAll('\u{E010}', '*').replaceAll('\u{E011}', '?');
}

function holds(value: boolean): Verdict {
  return value ? 'true' : 'false';
}
