// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionRuntime } from '../../module/integration-module.ts';
import { defineCheck, type Flaw } from '../check.ts';
import { type AwsAnswer, refusingAws } from '../refusing-aws.ts';
import type { ProcessorFolder, Subject } from '../subject.ts';
import { endOf, pythonScript, runQuietly } from '../tool.ts';

/** What AWS may answer to every call; a processor must not report success on any of it. */
const ANSWERS: readonly AwsAnswer[] = [
  { name: 'access denied', status: 403, code: 'AccessDeniedException' },
  { name: 'throttled', status: 400, code: 'ThrottlingException' },
  { name: 'an internal error', status: 500, code: 'InternalServerError' },
  { name: 'no connection', status: 0, code: '' },
];

const ENDINGS: Readonly<Record<FunctionRuntime, string>> = { python: 'py', typescript: 'ts' };

type Called =
  | { readonly raised: { readonly type: string; readonly code: string | null } }
  | { readonly returned: unknown }
  | { readonly unloadable: string };

export const check = defineCheck({
  code: 'CHK-ERRORS-001',
  item: 'errors',
  title: 'The handler fails where AWS fails it',
  level: 'error',
  why: 'A handler that swallows a failure counts as a success: no alarm, no retry, and the events are gone unnoticed.',
  how: `The handler is run against an AWS that answers every call with ${ANSWERS.map(({ name }) => name).join(', ')}; each time it must raise.`,
  fix: 'Let the failure out of the handler, or raise one that says what to do; log it once, with fields.',
  async run(subject) {
    const { processors, python } = subject;
    if (processors.some(({ runtime }) => runtime === 'python') && !python)
      return { notChecked: 'there is no Python; "npm run setup" makes the environment' };
    const flaws: Flaw[] = [];
    const raised = new Set<string>();
    for (const processor of processors) {
      const place = { file: `${processor.path}/${processor.handler.split('.')[0]}.${ENDINGS[processor.runtime]}` };
      for (const answer of ANSWERS) {
        const called = await call(subject, processor, answer);
        if ('unloadable' in called) {
          flaws.push({ ...place, message: `the handler cannot be imported: ${endOf(called.unloadable, 1)}` });
          break;
        }
        if ('returned' in called)
          flaws.push({ ...place, message: `AWS answers ${answer.name}, and the handler returns normally` });
        else raised.add(called.raised.code ?? called.raised.type);
      }
    }
    return { flaws, evidence: `raised ${[...raised].join(', ') || 'nothing'} on ${ANSWERS.length} kinds of failure` };
  },
});

async function call(subject: Subject, processor: ProcessorFolder, answer: AwsAnswer): Promise<Called> {
  const { folder, handler, runtime } = processor;
  const aws = await refusingAws(answer);
  const [command, program] =
    runtime === 'python'
      ? [subject.python ?? 'python3', pythonScript('call_handler.py')]
      : [process.execPath, fileURLToPath(new URL('../call-handler.ts', import.meta.url))];
  try {
    const { code, stdout, stderr } = await runQuietly(subject, command, [program, folder, handler], {
      folder,
      environment: environmentOf(subject, aws.endpoint),
      seconds: 120,
    });
    if (code === undefined) return { unloadable: 'it did not end within two minutes' };
    try {
      return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Called;
    } catch {
      return { unloadable: endOf(stderr, 2) };
    }
  } finally {
    await aws.stop();
  }
}

function environmentOf({ id, root }: Subject, endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'checked',
    AWS_SECRET_ACCESS_KEY: 'checked',
    AWS_MAX_ATTEMPTS: '1',
    SLAKE_MODULE_ID: id,
    SLAKE_MODULE_VERSION: '0.0.0',
    SLAKE_RAW_BUCKET: 'checked-raw',
    SLAKE_QUEUE_URL: `${endpoint}/123456789012/checked`,
    SLAKE_CHECKPOINT_TABLE: 'checked-checkpoints',
    SLAKE_SECRET_ID: `${id}-credentials`,
    POWERTOOLS_SERVICE_NAME: `${id}-processor`,
    POWERTOOLS_METRICS_NAMESPACE: 'Slake',
    POWERTOOLS_TRACE_DISABLED: 'true',
    POWERTOOLS_TRACE_ENABLED: 'false',
    PYTHONPATH: join(root, 'collector'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}
