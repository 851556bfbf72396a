// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { hasUnknown, hasWildcard, overlap, patternText } from '../../../access/index.ts';
import { expand } from '../catalog.ts';
import { statementRule } from '../rule.ts';

const PARTITIONS = /^(aws|aws-cn|aws-us-gov|aws-iso(-[a-z])?|aws-eusc)$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
const GLOBAL = new Set(['iam', 's3', 'route53', 'cloudfront', 'organizations']);

export const resourceWildcard = statementRule({
  code: 'RESOURCE_WILDCARD',
  title: 'Resources are named where the action knows resources',
  level: 'error',
  on: 'allow',
  why: 'The grant reaches every resource of the account, those of other applications too.',
  fix: 'Name the ARN of the resource, with wildcards in its last part at most.',
  *each({ actions, resources, conditions }, { kind, catalog }) {
    if (kind !== 'identity') return;
    // Resources picked by tag, by organisation or through a service are named in another way.
    if (conditions.some(({ key }) => /resourcetag\/|^aws:calledvia|^kms:viaservice|^aws:resourceorg/i.test(key)))
      return;
    const wide = resources.find((text) => /^\*+$/.test(text) || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:\*+$/.test(text));
    if (wide === undefined) return;
    const reaching = actions.filter((action) => /^[\w-]+:[^*?]+$/.test(action) || /:[a-z]+\*$/i.test(action));
    const narrowable = reaching.filter((action) => {
      const covered = expand(action, catalog).filter(({ accessLevel }) => accessLevel !== 'List');
      return covered.length > 0 && covered.every(({ needsResource, arns }) => needsResource && !arns.includes(wide));
    });
    if (narrowable.length > 0)
      yield { message: `${narrowable.slice(0, 5).join(', ')} on ${patternText(wide)}`, value: narrowable[0] ?? '' };
  },
});

export const resourceMismatch = statementRule({
  code: 'RESOURCE_MISMATCH',
  title: 'Every action fits a resource of its statement',
  level: 'error',
  on: 'allow',
  why: 'IAM grants nothing for an action on a resource it does not work on.',
  fix: 'Give the action a resource of its own kind: bucket actions the bucket, object actions `bucket/*`.',
  *each({ actions, resources }, { kind, catalog }) {
    if (kind !== 'identity' || resources.length === 0 || resources.some((text) => !text.startsWith('arn:'))) return;
    const facts = actions.flatMap((action) => (hasWildcard(action) ? [] : expand(action, catalog).slice(0, 1)));
    const dead = facts.filter(({ name, arns }) => !resources.some((text) => fits(name, arns, text)));
    const whole = dead.length === facts.length;
    for (const { name } of dead) {
      yield {
        message: `${name} does not work on ${resources.slice(0, 2).map(patternText).join(', ')}`,
        value: name,
        level: whole ? 'error' : 'warning',
      };
    }
  },
});

function fits(action: string, arns: readonly string[], resource: string): boolean {
  if (arns.length === 0) return false;
  return arns.some((arn) => {
    // A bucket's ARN has no slash, which the wildcard of the documented form would allow.
    if (action.startsWith('s3:') && arn === 'arn:*:s3:::*') {
      return /^arn:[^:]*:s3:::[^/]+$/.test(resource) || (hasUnknown(resource) && !resource.includes('/'));
    }
    const [documented, written] = [parts(arn), parts(resource)];
    if (written.length < documented.length) return overlap(arn, resource, { ignoreCase: true });
    return documented.every((part, at) => overlap(part, written[at] ?? '', { ignoreCase: true }));
  });
}

/** The six parts of an ARN; a colon in the name of an unknown value separates nothing. */
function parts(arn: string): string[] {
  const found: string[] = arn.match(/(?:\u{E000}[^\u{E001}]*\u{E001}|[^:])*(?::|$)/gu) ?? [];
  return [...found.slice(0, 5), found.slice(5).join('')];
}

export const invalidArn = statementRule({
  code: 'INVALID_ARN',
  title: 'ARNs are well formed',
  level: 'error',
  why: 'A malformed ARN matches nothing, or IAM refuses the policy.',
  fix: 'arn:partition:service:region:account:resource; S3 and IAM leave out the region, S3 also the account.',
  *each({ resources, notResources }, { catalog }) {
    for (const arn of [...resources, ...notResources]) {
      const reason = arnProblem(arn, catalog.services);
      if (reason) yield { message: `${patternText(arn)}: ${reason}`, value: arn };
    }
  },
});

function arnProblem(arn: string, services: ReadonlySet<string>): string | undefined {
  if (/^\*+$/.test(arn) || (hasUnknown(arn) && !arn.startsWith('arn:'))) return undefined;
  if (arn === 'arn:*') return undefined;
  if (!arn.startsWith('arn:')) return 'it does not begin with arn:';
  // Colons inside an unknown value's name separate nothing.
  const plain = arn.replaceAll(/\u{E000}[^\u{E001}]*\u{E001}/gu, '\u{E000}');
  const [, partition = '', service = '', region, account, ...rest] = plain.split(':');
  if (account === undefined || rest.join(':') === '') {
    return plain.endsWith('*') ? undefined : 'it has fewer than six parts';
  }
  const open = (text: string) => /[*?$\u{E000}]/u.test(text);
  if (!open(partition) && !PARTITIONS.test(partition)) return `${partition} is no partition`;
  if (!open(service) && !services.has(service)) return `${service} is no service`;
  if (region && !open(region) && !REGION.test(region)) return `${region} is no region`;
  if (region && GLOBAL.has(service) && service !== 's3') return `${service} has no region in its ARNs`;
  if (account && !open(account) && !/^(\d{12}|aws|aws-managed|cloudfront)$/.test(account))
    return `${account} is no account id`;
  if (region && !open(region) && !open(partition)) {
    const expected = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : undefined;
    if ((expected ?? partition) !== partition || (!expected && /^aws-(cn|us-gov)$/.test(partition)))
      return `${region} is not in the partition ${partition}`;
  }
  if (
    service === 's3' &&
    (region || account) &&
    !/^(accesspoint|job|storage-lens|access-grants|async-request|\u{E000}|\*)/u.test(rest[0] ?? '')
  )
    return 'the ARN of a bucket has neither region nor account';
  if (service === 'iam' && account === '') return 'the ARN has no account';
  return undefined;
}

export const secretSuffix = statementRule({
  code: 'SECRET_SUFFIX',
  title: "A secret's ARN allows for its six random characters",
  level: 'warning',
  on: 'allow',
  why: 'Secrets Manager adds a hyphen and six characters to the name; without them the grant matches nothing.',
  fix: 'End the ARN with `-??????`.',
  *each({ resources }) {
    for (const arn of resources) {
      if (!/:secret:/.test(arn) || hasWildcard(arn) || hasUnknown(arn.slice(arn.indexOf(':secret:')))) continue;
      if (!/-[A-Za-z0-9]{6}$/.test(arn)) yield { message: patternText(arn), value: arn };
    }
  },
});
