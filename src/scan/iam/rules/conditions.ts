// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Condition, hasUnknown, hasWildcard, matches } from '../../../access/index.ts';
import { servicePrefix } from '../catalog.ts';
import { statementRule } from '../rule.ts';

const OPERATOR =
  /^(?:(ForAllValues|ForAnyValue):)?(String(?:Not)?Equals(?:IgnoreCase)?|String(?:Not)?Like|(?:Numeric|Date)(?:Not)?Equals|(?:Numeric|Date)(?:Less|Greater)Than(?:Equals)?|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like)|Null)(IfExists)?$/i;
/** Keys that identity providers and services bring along and the data does not list. */
const BROUGHT = /^(aws:|saml:|[^:]+\.[^:]+.*:|sts:|cognito)/i;

export const unknownOperator = statementRule({
  code: 'UNKNOWN_OPERATOR',
  title: 'Every condition operator exists',
  level: 'error',
  why: 'IAM refuses the policy.',
  fix: 'Use an operator of IAM: StringEquals, StringLike, ArnLike, Bool, Null, and so on.',
  *each({ conditions }) {
    for (const { operator } of conditions) {
      if (!OPERATOR.test(operator) || /^null.*ifexists$/i.test(operator)) {
        yield { message: `${operator} is no operator`, value: operator };
      }
    }
  },
});

export const unknownConditionKey = statementRule({
  code: 'UNKNOWN_CONDITION_KEY',
  title: 'Every condition key exists for the actions',
  level: 'error',
  why: 'A key that a request never carries makes an Allow grant nothing, and a negated condition hold always.',
  fix: "Take a key from the action's row in the Service Authorization Reference.",
  *each({ conditions }, { catalog }) {
    for (const { key } of conditions) {
      const lower = key.toLowerCase();
      const prefix = servicePrefix(lower);
      const known = lower.startsWith('aws:')
        ? catalog.globalKeys.some((global) =>
            matches(global.endsWith('/*') ? `${global.slice(0, -1)}*` : global, lower),
          ) || /^aws:(resourcetag|requesttag|principaltag)\/./.test(lower)
        : BROUGHT.test(key) || catalog.of(prefix)?.keys.some((pattern) => matches(pattern.key, lower));
      if (!known) yield { message: `${key} is no condition key`, value: key };
    }
  },
});

export const conditionNeverTrue = statementRule({
  code: 'CONDITION_NEVER_TRUE',
  title: 'Conditions can hold',
  level: 'error',
  why: 'The statement never applies.',
  fix: 'Conditions of one statement must all hold; values of one key are alternatives.',
  *each({ conditions }) {
    for (const { operator, key, values } of conditions) {
      if (values.length === 0) yield { message: `${operator} of ${key} has no value`, value: key };
      if (/^null$/i.test(operator) && values.includes('true')) {
        const needed = conditions.some(
          (other) =>
            other.key.toLowerCase() === key.toLowerCase() &&
            /^(String|Arn|Bool|Numeric|Date|Ip)[A-Za-z]*$/.test(other.operator) &&
            !/Not|IfExists$/.test(other.operator),
        );
        if (needed) yield { message: `${key} must be absent and have a value`, value: key };
      }
    }
    const equal = conditions.filter(({ operator }) => /^String(Equals|Like)$/i.test(operator));
    for (const [at, { key, values }] of equal.entries()) {
      const other = equal.slice(at + 1).find((next) => next.key.toLowerCase() === key.toLowerCase());
      if (other && ![...values].some((a) => other.values.some((b) => matches(b, a) || matches(a, b))))
        yield { message: `${key} would have to be ${values.join()} and ${other.values.join()}`, value: key };
    }
  },
});

export const typeMismatch = statementRule({
  code: 'TYPE_MISMATCH',
  title: 'Operators fit their key and value',
  level: 'error',
  why: 'A value that is not of the type of the operator never matches.',
  fix: 'Strings with String*, ARNs with Arn*, true and false with Bool, addresses in CIDR form with IpAddress.',
  *each({ conditions }, { catalog }) {
    for (const condition of conditions) {
      const reason = wrongValue(condition);
      if (reason) {
        yield { message: `${condition.operator} of ${condition.key}: ${reason}`, value: condition.key };
        continue;
      }
      const lower = condition.key.toLowerCase();
      const type =
        catalog.of(servicePrefix(lower))?.keys.find(({ key }) => matches(key, lower))?.type ?? GLOBAL_TYPES.get(lower);
      const base = condition.operator.replace(/^[^:]*:/, '').toLowerCase();
      if (type === undefined || base.startsWith('null')) continue;
      const wanted = type.replace(/^ArrayOf/i, '').toLowerCase();
      const fits: Readonly<Record<string, RegExp>> = {
        string: /^(string|arn)/,
        arn: /^(arn|string)/,
        bool: /^(bool|string)/,
        numeric: /^numeric/,
        date: /^date/,
        ipaddress: /^(not)?ip/,
      };
      if (fits[wanted] && !fits[wanted].test(base))
        yield { message: `${condition.operator} on ${condition.key}, which is ${type}`, value: condition.key };
    }
  },
});

const GLOBAL_TYPES = new Map([
  ['aws:sourceip', 'IPAddress'],
  ['aws:vpcsourceip', 'IPAddress'],
  ['aws:securetransport', 'Bool'],
  ['aws:multifactorauthpresent', 'Bool'],
  ['aws:viaawsservice', 'Bool'],
  ['aws:currenttime', 'Date'],
  ['aws:multifactorauthage', 'Numeric'],
]);

function wrongValue({ operator, values }: Condition): string | undefined {
  const base = operator.replace(/^[^:]*:/, '').toLowerCase();
  const bad = (pattern: RegExp) =>
    values.find((value) => !hasUnknown(value) && !value.includes('$') && !pattern.test(value));
  const shape =
    base.startsWith('bool') || base.startsWith('null')
      ? /^(true|false)$/i
      : base.startsWith('numeric')
        ? /^-?\d+(\.\d+)?$/
        : base.startsWith('date')
          ? /^(\d{4}-\d\d-\d\d.*|\d+)$/
          : /^(not)?ip/.test(base)
            ? /^(\d{1,3}(\.\d{1,3}){3}(\/([12]?\d|3[0-2]))?|[\da-f]*:[\da-f:.]*(\/\d{1,3})?)$/i
            : base.startsWith('arn')
              ? /^(arn:|\*)/
              : undefined;
  const value = shape && bad(shape);
  if (value !== undefined) return `"${value}" is not of its type`;
  if (
    /^(not)?ip/.test(base) &&
    values.some((text) =>
      text
        .split(/[./]/)
        .slice(0, 4)
        .some((part) => Number(part) > 255),
    )
  )
    return 'no such address';
  return undefined;
}

export const wildcardWithoutLike = statementRule({
  code: 'WILDCARD_WITHOUT_LIKE',
  title: 'Wildcards stand with Like',
  level: 'error',
  why: 'StringEquals takes * for a star, so the condition never holds.',
  fix: 'Use StringLike or ArnLike.',
  *each({ conditions }) {
    for (const { operator, key, values } of conditions) {
      if (!/String(Not)?Equals/i.test(operator)) continue;
      const value = values.find(hasWildcard);
      if (value !== undefined) yield { message: `${operator} of ${key} with ${value}`, value: key };
    }
  },
});

export const forAllValuesNoNull = statementRule({
  code: 'FORALLVALUES_NO_NULL',
  title: 'ForAllValues stands with Null',
  level: 'warning',
  on: 'allow',
  why: 'ForAllValues holds as well when the request does not carry the key at all.',
  fix: 'Add `"Null": {"<key>": "false"}`.',
  *each({ conditions }) {
    for (const { operator, key } of conditions) {
      if (!/^ForAllValues:/i.test(operator)) continue;
      const guarded = conditions.some(
        (other) =>
          /^null$/i.test(other.operator) &&
          other.key.toLowerCase() === key.toLowerCase() &&
          other.values.includes('false'),
      );
      if (!guarded) yield { message: key, value: key };
    }
  },
});
