// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import type { Check, Outcome } from './check.ts';
import { lookAt, type Subject } from './subject.ts';

export const ROOT = resolve(import.meta.dirname, '..', '..');
/** Below the project, so that modules find `slake/module`. */
const FIXTURES = join(ROOT, '.slake', 'fixtures');
const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const TS_HEADER = '// Copyright the Slake authors\n// SPDX-License-Identifier: Apache-2.0\n';
const PY_HEADER = '# Copyright the Slake authors\n# SPDX-License-Identifier: Apache-2.0\n';
const PROCESSOR = 'src/lambda/processor';

/** A small module that follows every rule, by path; a test changes what its rule is about. */
export const goodModule: Readonly<Record<string, string>> = {
  'index.ts': `${TS_HEADER}export { demo as module } from './demo-module.ts';\n`,
  'config.ts': `${TS_HEADER}import { isSchedule, z } from 'slake/module';

export const DemoConfig = z.strictObject({
  schedule: z.string().refine(isSchedule).default('rate(5 minutes)').meta({ description: 'How often.' }),
  batchSize: z.int().min(1).max(100).default(10).meta({ description: 'Events at a time.' }),
});
`,
  'demo-module.ts': `${TS_HEADER}import { defineModule } from 'slake/module';
import { DemoConfig } from './config.ts';

export const demo = defineModule({
  id: 'demo',
  name: 'Demo',
  version: '1.0.0',
  description: 'A module for tests',
  config: DemoConfig,
  processors: ({ schedule }) => [
    { folder: '${PROCESSOR}', handler: 'app.lambda_handler', runtime: 'python', schedule, secretName: 'demo-credentials' },
  ],
});
`,
  'config.schema.json': `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "schedule": {
      "default": "rate(5 minutes)",
      "description": "How often.",
      "type": "string"
    },
    "batchSize": {
      "default": 10,
      "description": "Events at a time.",
      "type": "integer",
      "minimum": 1,
      "maximum": 100
    }
  },
  "additionalProperties": false
}
`,
  'README.md': `# Demo

## What it collects

Sign-ins of a service that exists for tests and for nothing else at all.

## Set up the source

Make an API token in the service's console and give it the right to read the log.

## Configuration

<!-- configuration:begin -->

| Key | Allowed | Default | Meaning |
| --- | --- | --- | --- |
| \`schedule\` | text | \`rate(5 minutes)\` | How often. |
| \`batchSize\` | a whole number, 1 to 100 | \`10\` | Events at a time. |

<!-- configuration:end -->

A module that is deployed without any of these keys works with the defaults.

## Secret

The secret demo-credentials holds one key, token, with the API token of the service.

## Troubleshooting

Look at the log of demo-processor first; a refused token is told there with its code.
`,
  'CHANGELOG.md': '# Changelog\n\n## 1.0.0\n\n- Collects sign-ins.\n\n## 0.9.0\n\n- A first try.\n',
  'mappings/sign-in.ts': `${TS_HEADER}import { defineMapping, from, has, isoMs, lookup } from 'slake/contract';

export const signIn = defineMapping({
  stream: 'com.demo.events',
  when: has('signIn'),
  class: 'authentication',
  event: {
    activity_id: 1,
    time: from('at', isoMs),
    severity_id: 1,
    status_id: lookup('outcome', { ok: 1, failed: 2 }, 0),
    user: { name: from('signIn') },
    service: { name: 'Demo' },
    metadata: { product: { name: 'Demo', vendor_name: 'Demo' } },
  },
});
`,
  'samples/sign-in.raw.json': '{ "signIn": "ada", "at": "2026-03-04T12:00:00Z", "outcome": "ok" }\n',
  'samples/sign-in.ocsf.json': JSON.stringify([
    {
      activity_id: 1,
      activity_name: 'Logon',
      time: 1772625600000,
      severity_id: 1,
      severity: 'Informational',
      status_id: 1,
      status: 'Success',
      user: { name: 'ada' },
      service: { name: 'Demo' },
      metadata: { product: { name: 'Demo', vendor_name: 'Demo' }, version: '1.3.0', uid: 'sample/sign-in' },
      category_uid: 3,
      category_name: 'Identity & Access Management',
      class_uid: 3002,
      class_name: 'Authentication',
      type_uid: 300201,
      type_name: 'Authentication: Logon',
      observables: [{ name: 'user.name', type: 'User Name', type_id: 4, value: 'ada' }],
    },
  ]),
  [`${PROCESSOR}/helpers/__init__.py`]: '',
  [`${PROCESSOR}/helpers/token.py`]: `${PY_HEADER}from typing import Any


def token_of(secrets: Any, name: str) -> str:
    return secrets.get_secret_value(SecretId=name)["SecretString"]
`,
  [`${PROCESSOR}/app.py`]: `${PY_HEADER}import os

from aws_lambda_powertools import Logger, Metrics, Tracer
from botocore.session import Session
from helpers.token import token_of

logger = Logger()
tracer = Tracer(auto_patch=False)
metrics = Metrics()


def secrets():
    return Session().create_client("secretsmanager")


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def lambda_handler(event, context):
    token_of(secrets(), os.environ["SLAKE_SECRET_ID"])
    return {"events": 0}
`,
  [`${PROCESSOR}/test_lambda.py`]: `${PY_HEADER}import os

import app
from helpers.token import token_of


class Secrets:
    def get_secret_value(self, **request):
        return {"SecretString": request["SecretId"]}


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


def test_the_token_is_the_secret():
    assert token_of(Secrets(), "demo") == "demo"


def test_a_run_collects_nothing(monkeypatch):
    monkeypatch.setenv("POWERTOOLS_TRACE_DISABLED", "true")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Test")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    monkeypatch.setenv("SLAKE_SECRET_ID", "demo")
    monkeypatch.setattr(app, "secrets", Secrets)
    assert app.lambda_handler({}, Context()) == {"events": 0}
`,
  [`${PROCESSOR}/local_test.py`]: `${PY_HEADER}from helpers.token import token_of


class Secrets:
    def get_secret_value(self, **request):
        return {"SecretString": "sample"}


print("OK" if token_of(Secrets(), "demo") == "sample" else "FAILED")
`,
  [`${PROCESSOR}/requirements.txt`]: `six==1.17.0 \\
    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
`,
};

/** The good module with other texts at some paths; `undefined` takes a file away. */
export async function moduleWith(changes: Readonly<Record<string, string | undefined>> = {}): Promise<Subject> {
  mkdirSync(FIXTURES, { recursive: true });
  const parent = mkdtempSync(join(FIXTURES, 'module-'));
  made.push(parent);
  const folder = join(parent, 'modules', 'demo');
  for (const [path, text] of Object.entries({ ...goodModule, ...changes })) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return lookAt({ id: 'demo', root: ROOT, folder, signal: new AbortController().signal });
}

/** What a check finds in the good module with changes: a line `file:line message` each, or why it could not look. */
export async function findingsOf(
  check: Check,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<readonly string[]> {
  const outcome: Outcome = await check.run(await moduleWith(changes));
  if ('notChecked' in outcome) return [`not checked: ${outcome.notChecked}`];
  return outcome.flaws.map(({ file, line, message }) =>
    [file && (line === undefined ? file : `${file}:${line}`), message].filter(Boolean).join(' '),
  );
}

/** The text of a file of the good module with a part replaced; fails where the part is not in it. */
export function changed(path: string, from: string, to: string): Readonly<Record<string, string>> {
  const text = goodModule[path];
  if (!text?.includes(from)) throw new Error(`${path} does not hold ${from}`);
  return { [path]: text.replace(from, to) };
}
