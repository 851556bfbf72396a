// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** `detection_finding` -> `DetectionFinding`. */
export function pascalCase(name: string): string {
  return name
    .split(/[^a-z0-9]+/i)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Name of the exported function in `generated/<version>/validators.ts` that validates events of a class. */
export function validatorName(className: string): string {
  return `validate${pascalCase(className)}`;
}
