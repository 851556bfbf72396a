// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The last version of OCSF that Security Lake takes from custom sources is of this minor version of 1.
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 */
export const LATEST_MINOR = 3;

const LONGEST = 64;

/** Whether a text can be `metadata.version`: a semantic version. */
export function isVersion(text: string): boolean {
  return text.length <= LONGEST && /^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/.test(text);
}

/** Whether Security Lake takes events of a semantic version. */
export function isTaken(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.', 2).map(Number);
  return major < 1 || (major === 1 && minor <= LATEST_MINOR);
}
