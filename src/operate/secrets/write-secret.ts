// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { Failure } from '../../errors/failure.ts';
import { secretNotWritten } from '../../errors/operate.ts';

export interface SecretToWrite {
  readonly name: string;
  readonly text: string;
  readonly description: string;
  /** Key that encrypts it: an alias, id or ARN; undefined for the account's own key of Secrets Manager. */
  readonly keyId: string | undefined;
}

export interface WrittenSecret {
  readonly name: string;
  readonly outcome: 'created' | 'changed';
  /** False where the key was not there, and the account's own key of Secrets Manager encrypts it until it is. */
  readonly hasKey: boolean;
}

/** What Secrets Manager says of a key that does not exist, or that may not be used. */
const KEY_MISSING = /\bkms\b|\bkey\b|alias\//i;

/**
 * Creates a secret, or writes it anew and moves it to the key. Throws SLK-OPERATE-005.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export async function writeSecret(secret: SecretToWrite, region: string): Promise<WrittenSecret> {
  const client = new SecretsManagerClient({ region });
  const { name, text, description, keyId } = secret;
  try {
    const isThere = await client.send(new DescribeSecretCommand({ SecretId: name })).then(
      () => true,
      (error: Error) => {
        if (error.name === 'ResourceNotFoundException') return false;
        throw error;
      },
    );
    const write = async (key: string | undefined): Promise<void> => {
      const value = { SecretString: text, Description: description, ...(key ? { KmsKeyId: key } : {}) };
      if (isThere) await client.send(new UpdateSecretCommand({ SecretId: name, ...value }));
      else await client.send(new CreateSecretCommand({ Name: name, ...value }));
    };
    const outcome = isThere ? 'changed' : 'created';
    try {
      await write(keyId);
      return { name, outcome, hasKey: true };
    } catch (error) {
      const { name: kind, message } = error as Error;
      if (!keyId || kind === 'AccessDeniedException' || !KEY_MISSING.test(message.replaceAll(name, ''))) throw error;
      await write(undefined);
      return { name, outcome, hasKey: false };
    }
  } catch (error) {
    const { name: kind, message } = error as Error;
    throw new Failure(secretNotWritten, { name, why: `${kind}: ${message}` }, { cause: error });
  } finally {
    client.destroy();
  }
}
