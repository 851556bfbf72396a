// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { matches, patternText, type Statement } from '../../../access/index.ts';
import type { Objection, PolicyRule } from '../rule.ts';
import { statementRule } from '../rule.ts';

const ALONE = [
  'AddUserToGroup',
  'AttachGroupPolicy',
  'AttachRolePolicy',
  'AttachUserPolicy',
  'CreateAccessKey',
  'CreateLoginProfile',
  'CreatePolicyVersion',
  'PutGroupPolicy',
  'PutRolePolicy',
  'PutUserPolicy',
  'SetDefaultPolicyVersion',
  'UpdateAssumeRolePolicy',
  'UpdateLoginProfile',
  'DeleteRolePermissionsBoundary',
  'DeleteUserPermissionsBoundary',
  'CreateServiceSpecificCredential',
].map((name) => `iam:${name}`);
/** With iam:PassRole, each list runs something of the caller's as the passed role. */
const WITH_PASS_ROLE = [
  ['lambda:CreateFunction', 'lambda:InvokeFunction'],
  ['lambda:CreateFunction', 'lambda:CreateEventSourceMapping'],
  ['lambda:CreateFunction', 'lambda:AddPermission'],
  ['ec2:RunInstances'],
  ['ecs:RegisterTaskDefinition', 'ecs:RunTask'],
  ['glue:CreateDevEndpoint'],
  ['glue:CreateJob', 'glue:StartJobRun'],
  ['glue:UpdateJob', 'glue:StartJobRun'],
  ['cloudformation:CreateStack'],
  ['codebuild:CreateProject', 'codebuild:StartBuild'],
  ['datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'],
  ['sagemaker:CreateNotebookInstance'],
  ['sagemaker:CreateTrainingJob'],
  ['states:CreateStateMachine', 'states:StartExecution'],
  ['ssm:StartAutomationExecution'],
];

function allows(statement: Statement, action: string): boolean {
  return (
    statement.effect === 'Allow' && statement.actions.some((pattern) => matches(pattern, action, { ignoreCase: true }))
  );
}

function wide({ resources }: Statement): boolean {
  return resources.some((text) => /^\*+$/.test(text) || /:(role|user|group|policy)?\/?\*+$/.test(text));
}

function tied({ conditions }: Statement): boolean {
  return conditions.some(({ key }) =>
    /^(iam:permissionsboundary|iam:policyarn|iam:passedtoservice|aws:calledvia|aws:resourcetag\/.*)/i.test(key),
  );
}

export const escalation = statementRule({
  code: 'PRIVESC',
  title: 'Nobody can give themselves more rights',
  level: 'error',
  on: 'allow',
  why: 'With this action alone the role can obtain rights of an administrator.',
  fix: 'Take the action away, or name the one identity it is for and demand a permissions boundary.',
  *each(statement, { kind }) {
    if (kind !== 'identity' || !wide(statement) || tied(statement)) return;
    const own = statement.resources.every((text) => /\$\{aws:username\}/.test(text));
    for (const action of own ? [] : ALONE)
      if (allows(statement, action))
        yield { message: `${action} on ${statement.resources.map(patternText).join(', ')}`, value: action };
  },
});

export const passRole = statementRule({
  code: 'PASSROLE_NO_SERVICE',
  title: 'Roles are passed to a named service',
  level: 'warning',
  on: 'allow',
  why: 'A passed role can be given to every service that trusts it.',
  fix: 'Add `"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}` and name the role.',
  *each(statement, { kind }) {
    if (kind !== 'identity' || !allows(statement, 'iam:PassRole')) return;
    const service = statement.conditions.find(({ key }) => /^iam:passedtoservice$/i.test(key));
    if (wide(statement))
      yield { message: 'iam:PassRole on every role', value: 'iam:PassRole', level: service ? 'warning' : 'error' };
    else if (!service || service.values.includes('*'))
      yield { message: 'iam:PassRole to any service', value: 'iam:PassRole' };
  },
});

export const escalationCombination: PolicyRule = {
  code: 'PRIVESC_COMBO',
  title: 'No actions together give more rights',
  level: 'error',
  why: 'Neither action is dangerous alone; together they run code of the caller with the rights of another role.',
  fix: 'Give the two to different roles, or name the one role that may be passed.',
  *check({ kind, document, together }): Iterable<Objection> {
    if (kind !== 'identity') return;
    const found = together.find((statement) => allows(statement, 'iam:PassRole'));
    for (const actions of WITH_PASS_ROLE) {
      if (!found || !actions.every((action) => together.some((statement) => allows(statement, action)))) continue;
      const narrow = !wide(found) && found.conditions.some(({ key }) => /^iam:passedtoservice$/i.test(key));
      // Said once, on the document that holds the passing.
      if (narrow || !document.statements.includes(found)) continue;
      yield { message: `iam:PassRole with ${actions.join(' and ')}`, value: actions[0] ?? '', statement: found };
    }
    const code = together.find(
      (statement) => allows(statement, 'lambda:UpdateFunctionCode') && statement.resources.includes('*'),
    );
    if (code && document.statements.includes(code))
      yield {
        message: 'lambda:UpdateFunctionCode on every function',
        value: 'lambda:UpdateFunctionCode',
        statement: code,
      };
  },
};
