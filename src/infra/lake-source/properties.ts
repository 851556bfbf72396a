// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { Failure } from '../../errors/failure.ts';
import { lakeSourceProperties } from '../../errors/lake-source.ts';

/** Properties of the custom resource; CloudFormation passes every value as text. */
export const LakeSourceProperties = z.object({
  sourceName: z
    .string()
    .min(1)
    .max(20)
    .regex(/^[\w.-]+$/),
  sourceVersion: z.string().min(1).optional(),
  eventClass: z.string().regex(/^[A-Z_0-9]+$/),
  crawlerRoleArn: z.string().startsWith('arn:'),
  externalId: z.string().min(2),
  principal: z.string().min(1),
});
export type LakeSourceProperties = z.infer<typeof LakeSourceProperties>;

/**
 * What the Provider framework of the CDK passes to its onEvent handler.
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#handling-lifecycle-events-onevent
 */
export const LakeSourceEvent = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.literal('Create'), ResourceProperties: LakeSourceProperties }),
  z.object({
    RequestType: z.literal('Update'),
    PhysicalResourceId: z.string(),
    ResourceProperties: LakeSourceProperties,
  }),
  z.object({ RequestType: z.literal('Delete'), PhysicalResourceId: z.string() }),
]);
export type LakeSourceEvent = z.infer<typeof LakeSourceEvent>;

/** The event, with its old properties where they are complete; failures name fields, never values. */
export function parseEvent(event: unknown): LakeSourceEvent & { readonly old: LakeSourceProperties | undefined } {
  const parsed = LakeSourceEvent.safeParse(event);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'event'}: ${issue.message}`);
    throw new Failure(lakeSourceProperties, { problems });
  }
  const { OldResourceProperties } = event as { OldResourceProperties?: unknown };
  return { ...parsed.data, old: LakeSourceProperties.safeParse(OldResourceProperties).data };
}
