// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { type Checked, type CheckOptions, checkValue } from './check.ts';
export {
  type ConfigurableModules,
  type Configuration,
  configurationOf,
  type Integration,
  logRetentionDays,
} from './configuration.ts';
export type { Configured } from './configured.ts';
export {
  type Fragment,
  invalid,
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration,
  namedPackages,
  namedParameters,
  type ParsedConfiguration,
  parseConfiguration,
  problemOf,
} from './load.ts';
export { nearest } from './nearest.ts';
export { type Finding, finding, type KeyPath, type Problem, renderPath, renderProblem } from './problem.ts';
export { regions } from './regions.ts';
