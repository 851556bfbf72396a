// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineModule } from 'slake/module';
import { AzureConfig, AzureSecret } from './config.ts';

/** Microsoft Azure: what Azure services export to an event hub. */
export const azure = defineModule({
  id: 'azure',
  name: 'Microsoft Azure',
  version: '1.0.0',
  description: 'Security events of Azure, Entra ID and Defender for Cloud from an event hub',
  config: AzureConfig,
  secret: AzureSecret,
  processors: ({ eventHub }) => [
    {
      source: 'event-hub',
      folder: 'src/lambda/processor',
      handler: 'app.lambda_handler',
      runtime: 'python',
      schedule: eventHub.schedule,
      timeoutSeconds: eventHub.timeoutSeconds,
      memoryMb: eventHub.memoryMb,
      secretName: eventHub.credentialsSecretName,
      environment: {
        EVENT_HUB_STARTING_POSITION: eventHub.startingPosition,
        ...(eventHub.consumerGroup ? { EVENT_HUB_CONSUMER_GROUP: eventHub.consumerGroup } : {}),
      },
    },
  ],
  leftovers: () => [
    {
      kind: 'source-cloud',
      name: 'Azure exports',
      description:
        'diagnostic settings and continuous exports go on sending to the event hub until they are removed in Azure',
    },
  ],
});
