// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.ts';
import { ocsfClassUnknown, ocsfVersionUnknown } from '../errors/ocsf.ts';
import { validators } from './generated/validators.ts';
import type { Issue } from './issue.ts';
import { nearest } from './nearest.ts';

export type { Issue, IssueCode } from './issue.ts';

/** Everything that is wrong with an event: errors, for which it is rejected, and warnings. Never throws. */
export type Validator = (event: unknown) => Issue[];

/**
 * The validator of a class, for tools that meet any class. What ships to a Lambda imports the generated function by
 * its name instead, so that nothing else is bundled.
 * @throws Failure `SLK-OCSF-001` or `SLK-OCSF-002` for a version or a class that has none
 */
export async function validatorFor(version: string, className: string): Promise<Validator> {
  if (!Object.hasOwn(validators, version)) {
    throw new Failure(ocsfVersionUnknown, { version, known: Object.keys(validators) });
  }
  const byClass = (await validators[version]?.()) ?? {};
  const validator = Object.hasOwn(byClass, className) ? byClass[className] : undefined;
  if (validator) return validator;
  throw new Failure(ocsfClassUnknown, { version, className, nearest: nearest(className, Object.keys(byClass)) });
}
