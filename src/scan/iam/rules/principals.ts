// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { hasUnknown, type Statement } from '../../../access/index.ts';
import { statementRule } from '../rule.ts';

/** Keys that bind a caller, with a value that does not let everybody in. */
const BINDING =
  /^(aws:(principalorgid|principalorgpaths|principalaccount|principalarn|sourcearn|sourceaccount|sourceorgid|sourceorgpaths|sourceip|sourcevpc|sourcevpce|userid|principaltag\/.*)|kms:calleraccount|s3:dataaccesspointaccount|lambda:functionurlauthtype)$/i;

function bound({ conditions }: Statement): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      BINDING.test(key) &&
      !/Not|IfExists$|^ForAllValues|^Null$/i.test(operator) &&
      values.length > 0 &&
      values.every((value) => !/^(\*+|0\.0\.0\.0\/0|::\/0|arn:\*|arn:\*:\*:\*:\*:\*)$/.test(value)),
  );
}

function has({ conditions }: Statement, key: RegExp): boolean {
  return conditions.some(
    (condition) =>
      key.test(condition.key) &&
      !/^null$/i.test(condition.operator) &&
      condition.values.some((value) => !/^\*+$/.test(value)),
  );
}

export const publicPrincipal = statementRule({
  code: 'PUBLIC_PRINCIPAL',
  title: 'Nobody in general is allowed in',
  level: 'error',
  on: 'allow',
  why: 'Everybody with an AWS account, or without one, can use the resource.',
  fix: 'Name the principals, or bind them by aws:PrincipalOrgID, aws:SourceArn or aws:SourceAccount.',
  *each(statement) {
    const open = statement.principals.find(({ type, value }) => value === '*' && (type === '*' || type === 'AWS'));
    if (open && !bound(statement)) yield { message: 'the principal is *', value: '*' };
  },
});

export const crossAccount = statementRule({
  code: 'CROSS_ACCOUNT_NO_EXTERNAL_ID',
  title: 'Other accounts assume a role with an external id',
  level: 'error',
  on: 'allow',
  why: 'A third party that serves several customers can be talked into using the role for another one.',
  fix: 'Add `"StringEquals": {"sts:ExternalId": "..."}`, or bind by aws:PrincipalOrgID.',
  *each(statement, { kind }) {
    if (kind !== 'trust' || bound(statement) || has(statement, /^sts:externalid$/i)) return;
    for (const { type, value } of statement.principals) {
      if (type === 'AWS' && /^(\d{12}$|arn:aws[\w-]*:iam::\d{12}:root$)/.test(value)) yield { message: value, value };
    }
  },
});

export const oidcSubject = statementRule({
  code: 'OIDC_NO_SUB',
  title: 'A web identity is bound to a subject',
  level: 'error',
  on: 'allow',
  why: 'Everybody with an account at the identity provider can assume the role.',
  fix: 'Add a condition on `<issuer>:sub` that names the repository, project or user.',
  *each(statement, { kind }) {
    const issuer = statement.principals.find(({ type }) => type === 'Federated')?.value;
    if (kind !== 'trust' || issuer === undefined || !statement.actions.some((action) => /webidentity/i.test(action)))
      return;
    const subjects = statement.conditions.filter(
      ({ key, operator }) => /:(sub|repository|repository_id)$/i.test(key) && !/Not|^null|IfExists/i.test(operator),
    );
    if (subjects.length === 0 && !/cognito/.test(issuer)) yield { message: `${issuer} without :sub`, value: issuer };
    if (subjects.length === 0 && /cognito/.test(issuer) && !has(statement, /:aud$/i))
      yield { message: `${issuer} without :aud`, value: issuer };
    for (const { values } of subjects) {
      const loose = values.find(
        (value) =>
          /^(\*|repo:\*|repo:[^/:]*\*|\*.*)/.test(value) ||
          (/^repo:/.test(value) && !/^repo:[^/*]+\/[^*]/.test(value) && !/^repo:[^/*]+\/\*/.test(value)),
      );
      if (loose !== undefined) yield { message: `the subject ${loose} leaves the owner open`, value: loose };
      const all = values.find((value) => /^repo:[^/*]+\/\*/.test(value));
      if (all !== undefined && loose === undefined)
        yield { message: `the subject ${all} is every repository of the owner`, value: all, level: 'warning' };
    }
  },
});

export const invalidPrincipal = statementRule({
  code: 'INVALID_PRINCIPAL',
  title: 'Principals are well formed',
  level: 'error',
  why: 'IAM refuses the policy, or nobody is allowed.',
  fix: 'Services are `name.amazonaws.com`; accounts have twelve digits; * stands alone.',
  *each({ principals, notPrincipals }) {
    for (const { type, value } of [...principals, ...notPrincipals]) {
      if (hasUnknown(value)) continue;
      const good =
        type === 'Service'
          ? /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|aws\.internal|amazon\.com)$/.test(value)
          : type === 'AWS'
            ? /^(\*|\d{12}|A[A-Z0-9]{15,}|arn:aws[\w-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[^*]+)|arn:aws[\w-]*:iam::cloudfront:user\/.+)$/.test(
                value,
              )
            : type === '*'
              ? value === '*'
              : type === 'Federated' || type === 'CanonicalUser';
      if (!good) yield { message: `${type}: ${value}`, value };
    }
  },
});

const CALLED_FOR_OTHERS =
  /^(s3|sns|events|cloudwatch|logs|config|cloudtrail|ses|delivery\.logs|budgets|codestar-notifications|scheduler|apigateway|iot|transfer|appflow|serverlessrepo|vpce|s3-outposts|lambda|firehose|chatbot|backup|guardduty|securityhub|inspector2?|macie)\./;

/**
 * Services that take a role by its ARN and document how a trust policy binds them to an account. Those in whose
 * requests the keys are not there, such as EC2, ECS tasks of old platforms and Lambda, are left out.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
const TAKES_ROLES =
  /^(apigateway|appflow|backup|batchoperations\.s3|bedrock|bedrock-agentcore|budgets|chatbot|cloudtrail|config|datasync|delivery\.logs|dms|firehose|glue|imagebuilder|iot|kinesisanalytics|logs|pipes|s3|sagemaker|scheduler|securitylake|ses|sns|ssm|states|transfer|vpc-flow-logs)\./;

export const confusedDeputy = statementRule({
  code: 'CONFUSED_DEPUTY',
  title: 'Services act for this account only',
  level: 'error',
  on: 'allow',
  why: "A service acts for all its customers: another account's resource could reach this one through it.",
  how: 'Principals of services that act on resources of others, in resource policies; in trust policies those that document the keys, as a warning.',
  fix: 'Add aws:SourceAccount or aws:SourceArn.',
  *each(statement, { kind }) {
    if ((kind !== 'resource' && kind !== 'trust') || bound(statement)) return;
    const [services, level] =
      kind === 'trust' ? ([TAKES_ROLES, 'warning'] as const) : ([CALLED_FOR_OTHERS, 'error'] as const);
    for (const { type, value } of statement.principals) {
      if (type === 'Service' && services.test(value))
        yield { message: `${value} is not bound to an account`, value, level };
    }
  },
});
