// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretInvalid, secretMissing } from '../errors/collector.ts';
import { Failure } from '../errors/failure.ts';
import type { Clients } from './clients.ts';

const EXPIRES_AFTER_MS = 300_000;

/**
 * A secret of AWS Secrets Manager whose value is a JSON object of texts. It is read once and kept for five minutes, so
 * that a rotated value is found without a new container.
 */
export class Secret {
  readonly id: string;
  readonly #secrets: Clients['secrets'];
  readonly #now: () => number;
  #fields: Readonly<Record<string, unknown>> | undefined;
  #readAt = 0;

  constructor(secrets: Clients['secrets'], id: string, now: () => number = Date.now) {
    this.id = id;
    this.#secrets = secrets;
    this.#now = now;
  }

  /** Throws SLK-COL-003 where the field is missing, empty or no text; SLK-COL-002 where there is no such secret. */
  async field(name: string): Promise<string> {
    if (!this.#fields || this.#now() - this.#readAt >= EXPIRES_AFTER_MS) await this.refresh();
    const value = this.#fields?.[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new Failure(secretInvalid, { id: this.id, why: `has no text in the field ${name}` });
  }

  /** Reads the value again, after the source refused it; true when it has changed. */
  async refresh(): Promise<boolean> {
    const before = this.#fields;
    this.#fields = await this.#read();
    this.#readAt = this.#now();
    return JSON.stringify(before) !== JSON.stringify(this.#fields);
  }

  /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
  async #read(): Promise<Readonly<Record<string, unknown>>> {
    const text = await this.#secrets.send(new GetSecretValueCommand({ SecretId: this.id })).then(
      ({ SecretString }) => SecretString ?? '',
      (error: Error) => {
        if (error.name === 'ResourceNotFoundException') throw new Failure(secretMissing, { id: this.id });
        throw error;
      },
    );
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // The parser's message quotes the value, so it must not be chained.
      throw new Failure(secretInvalid, { id: this.id, why: 'is no JSON' });
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    throw new Failure(secretInvalid, { id: this.id, why: 'is no JSON object' });
  }
}
