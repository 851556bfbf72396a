// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { hasWildcard, matches } from '../../../access/index.ts';
import { counted } from '../../../errors/counted.ts';
import { expand } from '../catalog.ts';
import { statementRule } from '../rule.ts';

export const unknownAction = statementRule({
  code: 'UNKNOWN_ACTION',
  title: 'Every action exists',
  level: 'error',
  why: 'IAM accepts an action that does not exist and grants nothing with it.',
  fix: "Take the action's name from the Service Authorization Reference.",
  *each({ actions, notActions }, { catalog }) {
    for (const action of [...actions, ...notActions]) {
      if (action === '*' || action === '') continue;
      const [service = '', name] = action.split(':');
      if (name === undefined) yield { message: `"${action}" is not of the form service:Action`, value: action };
      else if (catalog.of(service.toLowerCase()) && expand(action, catalog).length === 0)
        yield { message: `${action} does not exist`, value: action };
    }
  },
});

export const unknownService = statementRule({
  code: 'UNKNOWN_SERVICE',
  title: 'Every service prefix exists',
  level: 'error',
  why: 'IAM accepts a service that does not exist and grants nothing with it.',
  fix: 'Take the prefix from the Service Authorization Reference: CloudWatch Logs is "logs", Step Functions "states".',
  *each({ actions, notActions }, { catalog }) {
    for (const action of [...actions, ...notActions]) {
      const [service = '', name] = action.split(':');
      if (name === undefined || catalog.services.has(service.toLowerCase())) continue;
      yield { message: `${service} of ${action} is no service`, value: action };
    }
  },
});

export const actionStar = statementRule({
  code: 'ACTION_STAR',
  title: 'No statement allows everything',
  level: 'error',
  on: 'allow',
  why: 'Whoever gets hold of these credentials can do everything on what the statement covers.',
  fix: 'Name the actions that are called.',
  *each({ actions }, { kind }) {
    for (const action of actions) {
      if (/^\*+(:\*+)?$/.test(action)) yield { message: `${action} allows every action`, value: action };
      else if (/^[^*?]+:\*+$/.test(action) && kind !== 'key') {
        yield { message: `${action} allows every action of the service`, value: action };
      }
    }
  },
});

export const actionWildcard = statementRule({
  code: 'ACTION_WILDCARD',
  title: 'Actions are named',
  level: 'warning',
  on: 'allow',
  why: 'A wildcard also grants what AWS adds to the service later.',
  fix: 'Write out the actions that are called.',
  *each({ actions }, { catalog }) {
    for (const action of actions) {
      if (!hasWildcard(action) || /:?\*+$/.test(action) === (action.split(':')[1] ?? '*').startsWith('*')) continue;
      const covered = expand(action, catalog);
      // Reading lists and descriptions by wildcard is what AWS's own examples do.
      if (
        covered.length === 0 ||
        covered.every(({ accessLevel, needsResource }) => accessLevel === 'List' || !needsResource)
      )
        continue;
      const names = covered.map(({ name }) => name.slice(name.indexOf(':') + 1));
      yield {
        message: `${action} stands for ${counted(names.length, 'action')}: ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', and more' : ''}`,
        value: action,
      };
    }
  },
});

export const redundantAction = statementRule({
  code: 'REDUNDANT_ACTION',
  title: 'No action is covered by another one',
  level: 'warning',
  why: 'Taking the narrower action away would change nothing, which a reader does not expect.',
  fix: 'Take one of the two away.',
  *each({ actions }) {
    for (const [at, action] of actions.entries()) {
      const wider = actions.find(
        (other, place) =>
          place !== at &&
          matches(other, action, { ignoreCase: true }) &&
          (other.toLowerCase() !== action.toLowerCase() || place < at),
      );
      if (wider !== undefined) yield { message: `${action} is covered by ${wider}`, value: action };
    }
  },
});

export const allowNot = statementRule({
  code: 'ALLOW_NOT',
  title: 'Nothing is allowed by exclusion',
  level: 'error',
  on: 'allow',
  why: 'Allow with NotAction, NotResource or NotPrincipal allows everything else, also what does not exist yet.',
  fix: 'Name what is allowed.',
  *each({ raw }) {
    for (const key of ['NotAction', 'NotResource', 'NotPrincipal']) {
      if (key in raw) yield { message: `Allow with ${key}`, value: key };
    }
  },
});
