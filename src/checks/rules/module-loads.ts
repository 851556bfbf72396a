// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { counted } from '../../errors/counted.ts';
import type { IIntegrationModule } from '../../module/integration-module.ts';
import { defineCheck, type Flaw } from '../check.ts';

export const check = defineCheck({
  code: 'CHK-MODULE-001',
  item: 'interface',
  title: 'The module loads and answers as the interface says',
  level: 'error',
  why: 'A module that does not load or throws where it must answer stops the deployment of every other one.',
  how: 'index.ts is imported; each method of IIntegrationModule is called without configuration and with nonsense.',
  fix: 'See the interface specification; defineModule() gives all of it.',
  strict: true,
  run({ loaded, loadFailure }) {
    if (!loaded) {
      const message = loadFailure ? `${loadFailure.message} (${loadFailure.code})` : 'does not load';
      return {
        flaws: [{ file: 'index.ts', message, ...(loadFailure ? { fix: loadFailure.hint } : {}) }],
        evidence: 'does not load',
      };
    }
    const { module, mappings, classes } = loaded;
    const flaws = [...validateAnswers(module), ...optionalAnswers(module)];
    return {
      flaws,
      evidence: `${module.moduleId} ${module.moduleVersion}, ${counted(mappings.length, 'mapping')} to ${counted(classes.length, 'OCSF class', 'OCSF classes')}`,
    };
  },
});

const NONSENSE: readonly unknown[] = [undefined, null, 0, '', 'text', [], { 'no such key': 1 }];

function validateAnswers(module: IIntegrationModule): Flaw[] {
  return NONSENSE.flatMap((config): Flaw[] => {
    const shown = config === undefined ? 'nothing' : JSON.stringify(config);
    try {
      const { valid, errors, warnings } = module.validateConfig(config);
      const isResult = typeof valid === 'boolean' && Array.isArray(errors) && Array.isArray(warnings);
      if (!isResult) return [{ file: 'index.ts', message: `validateConfig of ${shown} returns no ValidationResult` }];
      if (valid !== (errors.length === 0)) {
        return [
          {
            file: 'index.ts',
            message: `validateConfig of ${shown} says valid: ${valid} with ${counted(errors.length, 'error')}`,
          },
        ];
      }
      return [];
    } catch (error) {
      return [{ file: 'index.ts', message: `validateConfig of ${shown} throws: ${(error as Error).message}` }];
    }
  });
}

function optionalAnswers(module: IIntegrationModule): Flaw[] {
  if (!module.validateConfig({}).valid) return [];
  const calls = {
    getRequiredPermissions: () => Array.isArray(module.getRequiredPermissions({})),
    getHealthCheckConfig: () =>
      module.getHealthCheckConfig === undefined || Array.isArray(module.getHealthCheckConfig({}).functions),
    getModuleOutputs: () => module.getModuleOutputs === undefined || typeof module.getModuleOutputs({}) === 'object',
    cleanup: () => module.cleanup === undefined || Array.isArray(module.cleanup({})),
  };
  return Object.entries(calls).flatMap(([name, call]): Flaw[] => {
    try {
      return call() ? [] : [{ file: 'index.ts', message: `${name} of the default configuration returns another type` }];
    } catch (error) {
      return [
        { file: 'index.ts', message: `${name} of the default configuration throws: ${(error as Error).message}` },
      ];
    }
  });
}
