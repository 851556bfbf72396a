// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted } from '../../errors/counted.ts';
import { defineCheck, type Flaw } from '../check.ts';
import { endOf, pythonScript, runQuietly } from '../tool.ts';

export const check = defineCheck({
  code: 'CHK-LOCAL-001',
  item: 'local',
  title: 'The local test runs without AWS and without network',
  level: 'error',
  why: 'It is the first thing a newcomer runs; one that needs an account is never run.',
  how: 'local_test.py (TypeScript: local-test.ts) is run without credentials; connections to other machines are refused and noted.',
  fix: 'Let it run the handler on sample events against fakes in memory, and end with exit code 0.',
  async run(subject) {
    const flaws: Flaw[] = [];
    const evidence: string[] = [];
    for (const { folder, path, runtime } of subject.processors) {
      const name = runtime === 'python' ? 'local_test.py' : 'local-test.ts';
      const file = `${path}/${name}`;
      if (subject.text(file) === undefined) {
        flaws.push({ message: `${file} is missing or no text` });
        continue;
      }
      if (runtime === 'python' && !subject.python)
        return { notChecked: 'there is no Python; "npm run setup" makes the environment' };
      const work = mkdtempSync(join(tmpdir(), 'slake-local-'));
      const calls = join(work, 'calls');
      try {
        const [command, args] =
          runtime === 'python' && subject.python
            ? [subject.python, [pythonScript('offline.py'), calls, name]]
            : [process.execPath, [name]];
        const environment = { PYTHONDONTWRITEBYTECODE: '1' };
        const { code, stdout, stderr } = await runQuietly(subject, command, args, {
          folder,
          environment,
          seconds: 120,
        });
        const hosts = existsSync(calls) ? [...new Set(readFileSync(calls, 'utf8').split('\n').filter(Boolean))] : [];
        for (const host of hosts) flaws.push({ file, message: `connects to ${host}` });
        if (code === undefined) flaws.push({ file, message: 'did not end within two minutes' });
        else if (code !== 0) flaws.push({ file, message: `exit code ${code}: ${endOf(stderr || stdout, 3)}` });
        evidence.push(
          `${name}: exit code ${code ?? 'none'}, ${counted(stdout.split('\n').filter(Boolean).length, 'line')}`,
        );
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    }
    return { flaws, evidence: evidence.join('; ') || 'nothing to run' };
  },
});
