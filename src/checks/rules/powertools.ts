// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineCheck, type Flaw, type Outcome } from '../check.ts';
import type { ProcessorFolder, Subject } from '../subject.ts';
import { pythonScript, runQuietly } from '../tool.ts';

/** What a handler does with Powertools, in Python and in TypeScript. */
const USES: readonly { readonly what: string; readonly python: RegExp; readonly typescript: RegExp }[] = [
  {
    what: 'log with the context of the invocation',
    python: /^Logger\.inject_lambda_context$/,
    typescript: /injectLambdaContext|\.addContext\(/,
  },
  {
    what: 'trace the invocation',
    python: /^Tracer\.capture_lambda_handler$/,
    typescript: /captureLambdaHandler|\.getSegment\(/,
  },
  {
    what: 'publish its metrics',
    python: /^Metrics\.log_metrics$/,
    typescript: /logMetrics|\.publishStoredMetrics\(/,
  },
];

interface HandlerFacts {
  readonly error?: string;
  readonly line?: number;
  readonly column?: number;
  readonly handler?: number | null;
  readonly decorators?: readonly string[];
  readonly calls?: readonly string[];
}

export const check = defineCheck({
  code: 'CHK-POWERTOOLS-001',
  item: 'powertools',
  title: 'The handler logs, traces and measures with AWS Lambda Powertools',
  level: 'error',
  why: 'Without the context of the invocation, lines of a log cannot be joined; without metrics nobody notices silence.',
  how: `The source of the handler is parsed: it must ${USES.map(({ what }) => what).join(', ')}.`,
  fix: 'Put @logger.inject_lambda_context, @tracer.capture_lambda_handler and @metrics.log_metrics on the handler.',
  async run(subject) {
    const flaws: Flaw[] = [];
    const evidence: string[] = [];
    for (const processor of subject.processors) {
      const result = processor.runtime === 'python' ? await python(subject, processor) : typescript(subject, processor);
      if ('notChecked' in result) return result;
      flaws.push(...result.flaws);
      evidence.push(result.evidence);
    }
    return { flaws, evidence: evidence.join('; ') || 'no processor' };
  },
});

async function python(subject: Subject, { path, folder, handler }: ProcessorFolder): Promise<Outcome> {
  if (!subject.python) return { notChecked: 'there is no Python; "npm run setup" makes the environment' };
  const [name = 'app', called = 'lambda_handler'] = handler.split('.');
  const file = `${path}/${name}.py`;
  if (subject.text(file) === undefined)
    return { flaws: [{ message: `${file} is missing or no text` }], evidence: file };
  const { stdout } = await runQuietly(
    subject,
    subject.python,
    [pythonScript('read_handler.py'), `${name}.py`, called],
    {
      folder,
    },
  );
  const facts = JSON.parse(stdout) as HandlerFacts;
  const place = { file, line: facts.line ?? facts.handler ?? 1, column: facts.column ?? 1 };
  if (facts.error) return { flaws: [{ ...place, message: `is no Python: ${facts.error}` }], evidence: file };
  if (!facts.handler) return { flaws: [{ ...place, message: `has no function ${called}` }], evidence: file };
  const uses = [...(facts.decorators ?? []), ...(facts.calls ?? [])];
  const missing = USES.filter((use) => !uses.some((name) => use.python.test(name)));
  return {
    flaws: missing.map(({ what }) => ({
      ...place,
      message: `${called} does not ${what} through Powertools`,
    })),
    evidence: `${called}: ${uses.filter((name) => USES.some((use) => use.python.test(name))).join(', ') || 'no use'}`,
  };
}

function typescript({ text }: Subject, { path, handler }: ProcessorFolder): Outcome {
  const file = `${path}/${handler.split('.')[0]}.ts`;
  const source = text(file);
  if (source === undefined) return { flaws: [{ message: `${file} is missing or no text` }], evidence: file };
  const missing = USES.filter((use) => !use.typescript.test(source) || !/@aws-lambda-powertools\//.test(source));
  return {
    flaws: missing.map(({ what }) => ({
      file,
      line: 1,
      column: 1,
      message: `does not ${what} through Powertools`,
    })),
    evidence: `${file}: ${USES.length - missing.length} of ${USES.length} uses`,
  };
}
