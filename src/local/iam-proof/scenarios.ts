// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../embedded-aws/index.ts';
import { journeyClients } from '../journey/clients.ts';
import { journeyEvents, readSamples } from '../journey/events.ts';
import type { Journey } from '../journey/journey.ts';
import type { GuardedModule, ProofOptions } from './guarded.ts';
import { resourcesOf } from './stacks.ts';

/** A scenario after the journey: what is done to a module that has run once. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(running: GuardedModule, options: ProofOptions): Promise<void>;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'idle run',
    title: 'Run the processor when nothing has come',
    run: ({ journey }) => journey.collect(),
  },
  {
    name: 'rejected events',
    title: 'Send events that are rejected',
    async run({ journey }, { module }) {
      const { source } = journey;
      source.send(journeyEvents(readSamples(module.folder), 0, new Date(), source.carriesAnyText).bad);
      await journey.collect();
    },
  },
  {
    name: 'delivered twice',
    title: 'Lose the checkpoints, so that everything is delivered again',
    async run({ journey }) {
      await loseCheckpoints(journey);
      await journey.collect();
    },
  },
  {
    name: 'register again',
    title: 'Register a lake source that exists',
    run: registerAgain,
  },
  {
    name: 'remove',
    title: 'Remove the module stack',
    run: ({ journey, stacks }) => stacks.remove(journey.places.moduleStack),
  },
];

/** Empties the table, as an operator would who wants everything once more. */
async function loseCheckpoints({ cloud, places }: Journey): Promise<void> {
  const client = new DynamoDBClient(clientSettings(cloud.aws));
  const TableName = places.checkpointTable;
  for await (const { Items } of paginateScan({ client }, { TableName, ProjectionExpression: 'pk, sk' })) {
    for (const Key of Items ?? []) await client.send(new DeleteItemCommand({ TableName, Key }));
  }
}

/** Asks the registrar for a source that is there, as CloudFormation does after a creation it has lost sight of. */
export async function registerAgain(
  { journey, templates }: GuardedModule,
  { configuration }: ProofOptions,
): Promise<void> {
  const { cloud, places } = journey;
  const source = resourcesOf(templates[places.moduleStack]).find(({ type }) => type === 'Custom::SlakeLakeSource');
  if (!source) return;
  const { sourceName, eventClass } = source.properties;
  await journeyClients(cloud.environment).invoke(`${places.coreStack}-lake-source`, {
    RequestType: 'Create',
    ResourceProperties: {
      sourceName,
      eventClass,
      crawlerRoleArn: journey.report.outputs[places.coreStack]?.CrawlerRoleArn,
      externalId: configuration.securityLake.externalId,
      principal: cloud.aws.accountId,
    },
  });
}
