// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { defineCheck, doesNotLoad, type Flaw } from '../check.ts';
import { moduleTemplate } from '../module-template.ts';

export const check = defineCheck({
  code: 'CHK-MODULE-003',
  item: 'interface',
  title: 'The stack of the module can be made, and holds what the module says of itself',
  level: 'error',
  why: 'An alarm on a function that does not exist never rings.',
  how: 'The stack is synthesized with the smallest configuration; the functions of getHealthCheckConfig() are looked for in it.',
  fix: 'Let createResources() make what getHealthCheckConfig() names; names are the same in both.',
  strict: true,
  run({ loaded }) {
    if (!loaded) return doesNotLoad;
    const { module } = loaded;
    try {
      const { resources, config } = moduleTemplate(loaded);
      const functions = Object.values(resources)
        .filter(({ Type }) => Type === 'AWS::Lambda::Function')
        .map(({ Properties }) => String(Properties?.FunctionName));
      const flaws = (module.getHealthCheckConfig?.(config).functions ?? [])
        .filter(({ functionName }) => !functions.includes(functionName))
        .map(
          ({ functionName }): Flaw => ({
            file: 'index.ts',
            message: `there is no function ${functionName} in the stack`,
          }),
        );
      return {
        flaws,
        evidence: `${counted(Object.keys(resources).length, 'resource')}, functions ${functions.join(', ')}`,
      };
    } catch (error) {
      const why =
        error instanceof Failure ? `${error.message} (${error.code})` : (error as Error).message.split('\n')[0];
      return { flaws: [{ file: 'index.ts', message: `the stack cannot be made: ${why}` }], evidence: 'no template' };
    }
  },
});
