// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isSchedule, z } from 'slake/module';

const EventLog = z.strictObject({
  schedule: z
    .string()
    .refine(isSchedule, 'must be rate(5 minutes) or cron(0 12 * * ? *), as EventBridge takes it')
    .default('rate(5 minutes)')
    .meta({
      description: 'How often the event log is read. Security Lake asks for objects every 5 minutes or rarer.',
      examples: ['rate(5 minutes)'],
    }),
  credentialsSecretName: z
    .string()
    .min(1)
    .max(512)
    .regex(/^[\w/+=.@-]+$/)
    .default('acme-credentials')
    .meta({
      description: 'Name of the secret that holds the address and the token of the API; its value is never configured.',
      patternErrorMessage: 'only letters, digits and _ / + = . @ - are allowed',
    }),
  startAt: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({
      description: 'Where to start in a log that was never read. Without it: at the oldest event the API has.',
      examples: ['2026-01-01T00:00:00Z'],
    }),
  pageSize: z.int().min(1).max(1000).default(1000).meta({
    description: 'Events that are asked for at a time.',
  }),
  timeoutSeconds: z.int().min(30).max(900).default(300).meta({
    description: 'Seconds a run may take; what it has not read by then, the next one does.',
  }),
  memoryMb: z.int().min(256).max(10_240).default(512).meta({
    description: 'Memory of the processor in MB.',
  }),
});

/** `integrations.acme.config` */
export const AcmeConfig = z.strictObject({
  eventLog: EventLog.prefault({}).meta({ description: 'The event log API of Acme.' }),
});
export type AcmeConfig = z.output<typeof AcmeConfig>;

/** What the secret of the event log holds. */
export const AcmeSecret = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https$/, error: 'must be an address that begins with https://' })
    .meta({ description: 'Address of the API' }),
  apiToken: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be of letters, digits and signs without spaces')
    .meta({ description: 'Token that may read the event log' }),
});
