// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { StackTemplate, TemplateResource } from '../../../infra/unbundled.ts';
import type { FunctionRuntime } from '../../../module/integration-module.ts';
import { processorFolder, pythons } from '../code/program.fixture.ts';
import { analyseGrants } from './analyse.ts';

export interface Processor {
  readonly code: Readonly<Record<string, string>>;
  readonly runtime?: FunctionRuntime;
  readonly statements: readonly object[];
  readonly managed?: readonly string[];
  /** Properties of the function. */
  readonly properties?: object;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** More resources of the stack. */
  readonly others?: Readonly<Record<string, TemplateResource>>;
}

/** A stack with one function, whose handler is `app.handler`. */
export function stackOf(processor: Processor): StackTemplate & { readonly folder: string } {
  const { code, runtime = 'python', statements, managed, properties, metadata, others } = processor;
  const folder = processorFolder(code);
  const resources: Record<string, TemplateResource> = {
    Role: {
      Type: 'AWS::IAM::Role',
      Metadata: metadata ?? {},
      Properties: {
        ...(managed ? { ManagedPolicyArns: managed.map((name) => `arn:aws:iam::aws:policy/${name}`) } : {}),
        Policies: [{ PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'worker', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, ...properties },
    },
    ...others,
  };
  return {
    name: 'stack',
    resources,
    text: JSON.stringify({ Resources: resources }),
    code: { Function: { kind: 'processor', folder, handler: 'app.handler', runtime } },
    folder,
  };
}

/** What the code and the role of one function say about each other. */
export async function accessOf(processor: Processor) {
  const stack = stackOf(processor);
  return analyseGrants([stack], stack.folder, pythons);
}

/** `error MISSING_GRANT sqs:SendMessage is called in handler and not granted`. */
export async function findingsOf(processor: Processor): Promise<string[]> {
  const { findings } = await accessOf(processor);
  return findings.map(({ level, code, message }) => `${level} ${code} ${message}`);
}

export function allow(sid: string, actions: string | readonly string[], resource = '*', condition?: object): object {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resource,
    ...(condition ? { Condition: condition } : {}),
  };
}
