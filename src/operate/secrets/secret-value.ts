// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { shownName } from '../../config/secret.ts';
import { Failure } from '../../errors/failure.ts';
import { secretValueWrong } from '../../errors/operate.ts';

/** Secrets Manager takes 64 KiB. */
const MOST_BYTES = 65_536;

/** One text of a secret, for whoever asks for it. */
export interface SecretField {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
}

export function fieldsOf(shape: z.ZodObject): readonly SecretField[] {
  return Object.entries(shape.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    return { name, description: type.meta()?.description ?? '', isRequired: !type.safeParse(undefined).success };
  });
}

/**
 * The text to store, from JSON or from the parsed value: an object of texts in the shape that the module declares.
 * Throws SLK-OPERATE-004 with every problem; the value itself is in no message.
 */
export function secretText(name: string, value: unknown, shape: z.ZodObject | undefined): string {
  const parsed = typeof value === 'string' ? fromJson(name, value) : value;
  const problems = shape ? problemsOf(parsed, shape) : unshaped(parsed);
  const text = JSON.stringify(parsed);
  if (problems.length === 0 && Buffer.byteLength(text) > MOST_BYTES) problems.push(`more than ${MOST_BYTES} bytes`);
  if (problems.length > 0) throw new Failure(secretValueWrong, { name, problems });
  return text;
}

function fromJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the value, so it must not be chained.
    throw new Failure(secretValueWrong, { name, problems: ['it is no JSON'] });
  }
}

function problemsOf(value: unknown, shape: z.ZodObject): string[] {
  const { error } = shape.safeParse(value);
  return (error?.issues ?? []).map((issue) => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') return `${issue.keys.map(shownName).join(', ')}: not known here`;
    const isMissing = issue.code === 'invalid_type' && (issue.input === undefined || !(path in Object(value)));
    return [path, isMissing && path ? 'is missing' : issue.message].filter(Boolean).join(': ');
  });
}

function unshaped(value: unknown): string[] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) return ['it is no JSON object'];
  const wrong = Object.entries(value).filter(([, text]) => typeof text !== 'string');
  return wrong.map(([key]) => `${key}: is no text`);
}
