// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Letters, digits and single dashes; short enough for every name made of it. */
export const MODULE_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
export const LONGEST_MODULE_ID = 32;

/** @see https://semver.org */
export const SEMANTIC_VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Name of a processor function: `<module>-processor` for the first one, `<module>-<source>-processor` for others. */
export function processorFunctionName(moduleId: string, source?: string): string {
  return source ? `${moduleId}-${source}-processor` : `${moduleId}-processor`;
}

export function transformerFunctionName(moduleId: string): string {
  return `${moduleId}-transformer`;
}

/** The log group Lambda writes to unless told otherwise. */
export function logGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** `event-hub` and `finding_info` as a name in code: `eventHub`, `findingInfo`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** `event-hub` and `detection_finding` as part of a logical id: `EventHub`, `DetectionFinding`. */
export function pascalCase(name: string): string {
  return name.replace(/(^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_match, _separator, letter: string) => letter.toUpperCase());
}
