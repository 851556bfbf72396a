// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../../errors/failure.ts';
import { noSource, sourceNotExported } from '../../errors/journey.ts';
import type { LoadedModule } from '../../module/load.ts';
import type { LocalSource, StartLocalSource } from '../../module/local-source.ts';
import { startEventHub } from '../event-hub/index.ts';

const OWN_SOURCE = 'local-source.ts';
const PARTITIONS = 4;
/** Most events in one message. */
const MESSAGE_EVENTS = 20;

/** The sources that the framework has, by the stream that a module's mappings read. */
const SOURCES: Readonly<Record<string, StartLocalSource>> = {
  'com.microsoft.azure.eventhub': eventHubSource,
};

/**
 * Starts what feeds a module: its own local-source.ts, or the framework's source for one of its streams.
 * Throws SLK-JOURNEY-003 where there is neither, SLK-JOURNEY-005 where its own exports none.
 */
export async function startSource({ id, folder, mappings }: LoadedModule): Promise<LocalSource> {
  const file = join(folder, OWN_SOURCE);
  if (existsSync(file)) {
    const { startSource: start } = (await import(pathToFileURL(file).href)) as { startSource?: StartLocalSource };
    if (typeof start !== 'function') throw new Failure(sourceNotExported, { file });
    return start();
  }
  const start = mappings.map(({ mapping }) => SOURCES[mapping.stream]).find(Boolean);
  if (!start) throw new Failure(noSource, { module: id, file, known: Object.keys(SOURCES) });
  return start();
}

/** Messages of one to many events each, in the shapes that Azure services use. */
async function eventHubSource(): Promise<LocalSource> {
  const hub = await startEventHub({ name: 'security-events', partitions: PARTITIONS, namespace: 'contoso' });
  return {
    name: `Event Hub ${hub.name}, ${PARTITIONS} partitions, AMQP on ${hub.host}:${hub.port}`,
    secret: { connectionString: hub.connectionString, eventHubName: hub.name, consumerGroup: '$Default' },
    carriesAnyText: true,
    send(events) {
      messagesOf(events).forEach((body, index) => {
        hub.send(index % PARTITIONS, body);
      });
    },
    stop: () => hub.close(),
  };
}

/** What is no JSON is a message of its own. */
function messagesOf(events: readonly string[]): string[] {
  const messages = events.filter((event) => !isJson(event));
  const whole = events.filter(isJson);
  for (let at = 0; at < whole.length; ) {
    const shape = messages.length % 3;
    const part = whole.slice(at, at + (shape === 0 ? 1 : MESSAGE_EVENTS));
    const list = `[${part.join(',')}]`;
    messages.push(shape === 0 ? part.join('') : shape === 1 ? `{"records":${list}}` : list);
    at += part.length;
  }
  return messages;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
