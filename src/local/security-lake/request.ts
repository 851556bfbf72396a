// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { eventClasses } from './event-classes.ts';

const SourceName = z
  .string()
  .min(1)
  .max(20, 'must be at most 20 characters, so that the name of the provider role stays below 64')
  .regex(/^[\w\-_:.]*$/);

/**
 * Body of CreateCustomLogSource.
 * @see https://docs.aws.amazon.com/security-lake/latest/APIReference/API_CreateCustomLogSource.html
 */
export const CreateCustomLogSource = z.object({
  sourceName: SourceName,
  sourceVersion: z
    .string()
    .min(1)
    .max(32)
    .regex(/^[A-Za-z0-9\-._]*$/)
    .optional(),
  eventClasses: z
    .array(z.string().refine((name) => eventClasses.has(name), 'is no supported OCSF event class'))
    .optional(),
  configuration: z.object({
    crawlerConfiguration: z.object({
      roleArn: z.string().regex(/^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/),
    }),
    providerIdentity: z.object({
      externalId: z
        .string()
        .min(2)
        .max(1224)
        .regex(/^[\w+=,.@:/-]*$/),
      principal: z.string().regex(/^([0-9]{12}|[a-z0-9.-]*\.(amazonaws|amazon)\.com)$/),
    }),
  }),
});
export type CreateCustomLogSource = z.infer<typeof CreateCustomLogSource>;

/**
 * Body of ListLogSources; every filter may be left out.
 * @see https://docs.aws.amazon.com/security-lake/latest/APIReference/API_ListLogSources.html
 */
export const ListLogSources = z.object({
  accounts: z.array(z.string().regex(/^[0-9]{12}$/)).optional(),
  regions: z.array(z.string()).optional(),
  sources: z
    .array(z.object({ customLogSource: z.object({ sourceName: z.string().optional() }).optional() }))
    .optional(),
  maxResults: z.int().min(1).optional(),
  nextToken: z.string().optional(),
});
export type ListLogSources = z.infer<typeof ListLogSources>;

/** An error in the API's own form: the SDK makes a typed exception of it. */
export class ApiError extends Error {
  readonly type: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;

  constructor(type: string, status: number, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.type = type;
    this.status = status;
    this.fields = fields;
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError('BadRequestException', 400, message);
}

/** The parsed body, or BadRequestException naming every field at fault. */
export function parse<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw badRequest(
    parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
  );
}
