// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isSchedule, z } from 'slake/module';

const EventHub = z.strictObject({
  schedule: z
    .string()
    .refine(isSchedule, 'must be rate(5 minutes) or cron(0 12 * * ? *), as EventBridge takes it')
    .default('rate(5 minutes)')
    .meta({
      description: 'How often the event hub is read. Security Lake asks for objects every 5 minutes or rarer.',
      examples: ['rate(5 minutes)'],
    }),
  credentialsSecretName: z
    .string()
    .min(1)
    .max(512)
    .regex(/^[\w/+=.@-]+$/)
    .default('azure-credentials')
    .meta({
      description:
        'Name of the secret that holds the connection string of the event hub; its value is never configured.',
      patternErrorMessage: 'only letters, digits and _ / + = . @ - are allowed',
    }),
  consumerGroup: z
    .string()
    .min(1)
    .max(50)
    .optional()
    .meta({
      description: 'Consumer group to read with, for this module alone. Without it: that of the secret, or $Default.',
      examples: ['security-lake'],
    }),
  startingPosition: z
    .union([z.enum(['earliest', 'latest']), z.iso.datetime({ offset: true })])
    .default('earliest')
    .meta({
      description: 'Where to start in a partition that was never read: earliest, latest, or an ISO 8601 time.',
      examples: ['2026-01-01T00:00:00Z'],
    }),
  timeoutSeconds: z.int().min(30).max(900).default(300).meta({
    description: 'Seconds a run may take; what it has not read by then, the next one does.',
  }),
  memoryMb: z.int().min(256).max(10_240).default(1024).meta({
    description: 'Memory of the processor in MB; about 192 MB for each partition that is read at a time.',
  }),
});

/** `integrations.azure.config` */
export const AzureConfig = z.strictObject({
  eventHub: EventHub.prefault({}).meta({
    description: 'The event hub that Azure exports to: Defender for Cloud, Entra ID, activity log, diagnostics.',
  }),
});
export type AzureConfig = z.output<typeof AzureConfig>;

/** What the secret of the event hub holds. */
export const AzureSecret = z.strictObject({
  connectionString: z
    .string()
    .regex(/(^|;)Endpoint=sb:\/\/[^;]+/i, 'must begin with Endpoint=sb://')
    .meta({ description: 'Connection string of a shared access policy with the right to listen' }),
  eventHubName: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Name of the hub, where the connection string has no EntityPath' }),
  consumerGroup: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Consumer group, where the configuration names none; else $Default' }),
});
