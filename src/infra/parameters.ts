// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Failure } from '../errors/failure.ts';
import { parametersUnreadable } from '../errors/infra.ts';

/** GetParameters takes ten names. */
const BATCH = 10;

/**
 * Values of Parameter Store by name; names that do not exist are left out. Secure strings are not decrypted: a secret
 * is no configuration. Throws SLK-INFRA-007 where Parameter Store cannot be asked.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 */
export async function readParameters(
  names: readonly string[],
  region: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const ssm = new SSMClient({ ...(region ? { region } : {}) });
  const found = new Map<string, string>();
  try {
    for (let at = 0; at < names.length; at += BATCH) {
      const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: names.slice(at, at + BATCH) }));
      for (const { Name, Value, Type } of Parameters) {
        if (Name !== undefined && Value !== undefined && Type !== 'SecureString') found.set(Name, Value);
      }
    }
    return found;
  } catch (error) {
    const { name, message } = error as Error;
    throw new Failure(parametersUnreadable, { names, why: `${name}: ${message}` }, { cause: error });
  } finally {
    ssm.destroy();
  }
}
