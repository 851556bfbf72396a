// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { pythonsOf } from '../../scan/ask-python.ts';
import { analyseStacks, iamRules } from '../../scan/iam/analyse.ts';
import { defineCheck, doesNotLoad, type Flaw } from '../check.ts';

export const check = defineCheck({
  code: 'CHK-IAM-001',
  item: 'iam',
  title: 'The roles of the module follow least privilege',
  level: 'error',
  why: 'A processor reads what attackers write; what its role may do is what they may do.',
  how: 'The stacks are made and every policy in them is analysed, as "npm run iam-analyzer" does.',
  fix: '"npm run iam-analyzer -- --module <id>" shows each finding with its advice.',
  async run({ loaded, root }) {
    if (!loaded) return doesNotLoad;
    try {
      const { holders, found } = await analyseStacks(
        loaded,
        `${root}/integrations/security-lake/cdk/config.test.yaml`,
        { root, pythons: pythonsOf(root) },
      );
      const flaws = found.map(({ code, level, message, subject, fix }): Flaw => {
        const advice = fix ?? iamRules.find((rule) => rule.code === code)?.fix;
        return {
          file: 'index.ts',
          level,
          message: `${subject}: ${code}: ${message}`,
          ...(advice ? { fix: advice } : {}),
        };
      });
      return {
        flaws,
        evidence: `${counted(holders, 'role or resource', 'roles and resources')} with policies, ${iamRules.length} rules`,
      };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { notChecked: `the stacks cannot be made: ${error.message}` };
    }
  },
});
