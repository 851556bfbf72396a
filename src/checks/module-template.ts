// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { shapeOf } from '../config/shape.ts';
import { moduleStackName } from '../infra/core-parameters.ts';
import { configurationForOne, type StackTemplate, unbundledTemplates } from '../infra/unbundled.ts';
import { isDefinedModule } from '../module/define-module.ts';
import type { LoadedModule } from '../module/load.ts';
import { smallestConfig } from './violations.ts';

/** The resources of a module's stack with its smallest configuration; functions are not bundled for it. */
export function moduleTemplate(
  loaded: LoadedModule,
): Pick<StackTemplate, 'resources'> & { /** That of the module. */ readonly config: unknown } {
  const config = isDefinedModule(loaded.module) ? smallestConfig(shapeOf(loaded.module.config)) : {};
  const configuration = configurationForOne(loaded, config);
  const name = moduleStackName(configuration, loaded.id);
  const stack = unbundledTemplates(configuration, [loaded]).find((template) => template.name === name);
  return { resources: stack?.resources ?? {}, config };
}
