// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { startEventHub } from '../event-hub/index.ts';

/** A source on this machine, filled with events, that a deployed processor collects from. */
export interface JourneySource {
  readonly name: string;
  /** What the module's secret holds. */
  readonly secret: Readonly<Record<string, string>>;
  /** Delivers the bodies. */
  send(bodies: readonly string[]): void;
  stop(): Promise<void>;
}

const PARTITIONS = 4;

/** The sources by the stream that a module's mappings read. */
const SOURCES: Readonly<Record<string, () => Promise<JourneySource>>> = {
  'com.microsoft.azure.eventhub': eventHubSource,
};

/** Starts the source that delivers one of these streams; undefined where there is none. */
export async function startSource(streams: readonly string[]): Promise<JourneySource | undefined> {
  const stream = streams.find((candidate) => candidate in SOURCES);
  return stream === undefined ? undefined : SOURCES[stream]?.();
}

export const knownStreams: readonly string[] = Object.keys(SOURCES);

async function eventHubSource(): Promise<JourneySource> {
  const hub = await startEventHub({ name: 'security-events', partitions: PARTITIONS, namespace: 'contoso' });
  return {
    name: `Event Hub ${hub.name}, ${PARTITIONS} partitions, AMQP on ${hub.host}:${hub.port}`,
    secret: { connectionString: hub.connectionString, eventHubName: hub.name, consumerGroup: '$Default' },
    send(bodies) {
      bodies.forEach((body, index) => {
        hub.send(index % PARTITIONS, body);
      });
    },
    stop: () => hub.close(),
  };
}
