// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineModule } from 'slake/module';
import { AcmeConfig, AcmeSecret } from './config.ts';

/** Acme: the events of its event log API. */
export const acmeModule = defineModule({
  id: 'acme',
  name: 'Acme',
  version: '0.1.0',
  description: 'Security events of Acme from its event log API',
  config: AcmeConfig,
  secret: AcmeSecret,
  processors: ({ eventLog }) => [
    {
      source: 'event-log',
      folder: 'src/lambda/processor',
      handler: 'app.lambda_handler',
      runtime: 'python',
      schedule: eventLog.schedule,
      timeoutSeconds: eventLog.timeoutSeconds,
      memoryMb: eventLog.memoryMb,
      secretName: eventLog.credentialsSecretName,
      environment: {
        EVENT_LOG_PAGE_SIZE: String(eventLog.pageSize),
        ...(eventLog.startAt ? { EVENT_LOG_START_AT: eventLog.startAt } : {}),
      },
    },
  ],
  leftovers: () => [
    {
      kind: 'source-cloud',
      name: 'Acme API token',
      description: 'the token goes on being valid until it is revoked in Acme',
    },
  ],
});
