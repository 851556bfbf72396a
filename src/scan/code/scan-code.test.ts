// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { isProcessorCode, scanCode } from './scan-code.ts';

const PYTHONS = ['python3'];

function codes(file: string, text: string): string[] {
  return scanCode([{ file, text, findings: [] }], PYTHONS).map(({ code, place }) => `${code}:${place?.line}`);
}

describe('Python', () => {
  test.each([
    ['eval(text)', 'CODE-EVAL'],
    ['exec(event["code"])', 'CODE-EVAL'],
    ['import pickle\npickle.loads(x)', 'CODE-DESERIALIZE'],
    ['import pickle as p\np.load(x)', 'CODE-DESERIALIZE'],
    ['from marshal import loads as l\nl(x)', 'CODE-DESERIALIZE'],
    ['import yaml\nyaml.load(x)', 'CODE-YAML-LOAD'],
    ['import yaml\nyaml.load(x, Loader=yaml.Loader)', 'CODE-YAML-LOAD'],
    ['import yaml\nyaml.unsafe_load(x)', 'CODE-YAML-LOAD'],
    ['import subprocess\nsubprocess.run(x, shell=True)', 'CODE-SHELL'],
    ['import os\nos.system(x)', 'CODE-SHELL'],
    ['from subprocess import run as r\nr(f"ls {x}", shell=True)', 'CODE-SHELL'],
    ['import requests\nrequests.get(u, verify=False)', 'CODE-TLS-OFF'],
    ['import ssl\nc = ssl._create_unverified_context()', 'CODE-TLS-OFF'],
    ['c.check_hostname = False', 'CODE-TLS-OFF'],
    ['c.verify_mode = ssl.CERT_NONE', 'CODE-TLS-OFF'],
    ['EventHubConsumerClient(connection_verify=False)', 'CODE-TLS-OFF'],
    ['import boto3\nboto3.client("s3", verify=False)', 'CODE-TLS-OFF'],
    ['pool(cert_reqs="CERT_NONE")', 'CODE-TLS-OFF'],
    ['logger.info(event)', 'CODE-LOG-PAYLOAD'],
    ['logger.info("got %s", json.dumps(event))', 'CODE-LOG-PAYLOAD'],
    ['logger.info(f"got {body}")', 'CODE-LOG-PAYLOAD'],
    ['print("record", record)', 'CODE-LOG-PAYLOAD'],
    ['self.logger.debug("x", extra={"payload": payload})', 'CODE-LOG-PAYLOAD'],
    ['logger.info(event["body"])', 'CODE-LOG-PAYLOAD'],
    ['@logger.inject_lambda_context(log_event=True)\ndef f(a, b):\n    pass', 'CODE-LOG-PAYLOAD'],
    ['logger.info("using %s", client_secret)', 'CODE-LOG-SECRET'],
    ['logger.debug(f"{secret[\'password\']}")', 'CODE-LOG-SECRET'],
    ['print(config.connection_string)', 'CODE-LOG-SECRET'],
    ['logger.info("x", token=credentials)', 'CODE-LOG-SECRET'],
    ['logger.info(get_secret("name"))', 'CODE-LOG-SECRET'],
  ])('%j is found', (text, code) => {
    expect(codes('app.py', text).map((found) => found.split(':')[0])).toContain(code);
  });

  test.each([
    'import ast\nast.literal_eval(x)',
    'import re\nre.compile("x")\nmodel.eval()',
    'import yaml\nyaml.safe_load(x)\nyaml.load(x, Loader=yaml.SafeLoader)\nyaml.load(x, yaml.CSafeLoader)',
    'import subprocess\nsubprocess.run(["ls", x], check=True)',
    'import requests\nrequests.get(u, verify=True)\nrequests.get(u, verify="/ca.pem")',
    'logger.info("received", count=len(records), partition=partition_id)',
    'logger.info("secret read", secret_name=secret_name, arn=response["ARN"])',
    'logger.info("done", id=event["id"], status=response.status_code, name=event.get("name"))',
    'logger.exception("failed")\nprint("ok")\nlogger.info(f"{len(event)} bytes of {type(body)}")',
    '@logger.inject_lambda_context(log_event=False)\ndef f(a, b):\n    pass',
    'math.log(event)',
  ])('%j is fine', (text) => {
    expect(codes('app.py', text)).toEqual([]);
  });

  test('what does not parse is one finding with its line', () => {
    expect(codes('app.py', 'x = 1\ndef f(:\n    pass\n')).toEqual(['CODE-UNPARSED:2']);
    expect(codes('app.py', 'x = "\u0000"')).toEqual(['CODE-UNPARSED:1']);
    expect(codes('app.py', `x = ${'('.repeat(5_000)}`)).toHaveLength(1);
    expect(codes('app.py', `x = ${'-'.repeat(20_000)}1`)).toHaveLength(1);
  });

  test('without a Python the files are not checked, and the rest is', () => {
    const sources = [
      { file: 'app.py', text: 'eval(x)', findings: [] },
      { file: 'a.ts', text: 'eval(x);', findings: [] },
    ];
    expect(scanCode(sources, ['no-such-python'])).toMatchObject([
      { code: 'CODE-EVAL', place: { file: 'a.ts' } },
      { code: 'CODE-NOT-CHECKED', level: 'not-checked', message: expect.stringContaining('no-such-python: ENOENT') },
    ]);
  });
});

describe('TypeScript', () => {
  test.each([
    ['eval(text);', 'CODE-EVAL'],
    ['new Function(text)();', 'CODE-EVAL'],
    ["setTimeout('x()', 1);", 'CODE-EVAL'],
    ["import { exec } from 'node:child_process';\nexec(`ls $" + '{x}`);', 'CODE-SHELL'],
    ["import * as cp from 'node:child_process';\ncp.execSync(x);", 'CODE-SHELL'],
    ['spawn(x, { shell: true });', 'CODE-SHELL'],
    ['new Agent({ rejectUnauthorized: false });', 'CODE-TLS-OFF'],
    ["process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';", 'CODE-TLS-OFF'],
    ['logger.info(event);', 'CODE-LOG-PAYLOAD'],
    ["logger.info('got', { record });", 'CODE-LOG-PAYLOAD'],
    ['console.log(`got $' + '{JSON.stringify(payload)}`);', 'CODE-LOG-PAYLOAD'],
    ['console.error(secret.clientSecret);', 'CODE-LOG-SECRET'],
    ["logger.warn('x ' + apiToken);", 'CODE-LOG-SECRET'],
    ['SecretValue.unsafePlainText(props.key);', 'CODE-PLAIN-TEXT-SECRET'],
  ])('%j is found', (text, code) => {
    expect(codes('a.ts', text).map((found) => found.split(':')[0])).toContain(code);
  });

  test.each([
    'const m = /x/.exec(text);',
    "import { execFile } from 'node:child_process';\nexecFile('ls', [x]);",
    "logger.info('received', { count: records.length, id: event.id });",
    'enum Legacy { A }\nconst x = <T,>(a: T) => a satisfies unknown;',
    'setTimeout(() => x(), 1);',
  ])('%j is fine', (text) => {
    expect(codes('a.ts', text)).toEqual([]);
  });

  test('what does not parse is one finding with its line', () => {
    expect(codes('a.ts', 'const a = 1;\nconst = 2;\n')).toEqual(['CODE-UNPARSED:2']);
    expect(codes('a.ts', '('.repeat(20_000))).toHaveLength(1);
  });
});

test('a comment with a reason lets a call pass', () => {
  const allow = 'slake-allow-code';
  expect(codes('app.py', `eval(x)  # ${allow}: the text is a constant of ours`)).toEqual([]);
  expect(codes('app.py', `# ${allow}: the text is a constant of ours\neval(x)`)).toEqual([]);
  expect(codes('app.py', `eval(x)  # ${allow}`)).toEqual(['CODE-ALLOW-REASON:1']);
});

test('tests are left out: they run with nobody else', () => {
  const files = ['src/app.py', 'src/test_lambda.py', 'local_test.py', 'a.test.ts', 'a.ts', 'README.md', 'conftest.py'];
  expect(files.filter(isProcessorCode)).toEqual(['src/app.py', 'a.ts']);
});
