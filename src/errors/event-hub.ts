// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { counted } from './counted.ts';
import { defineError } from './failure.ts';

export const eventHubPortTaken = defineError<{ port: number; reason: string }>({
  code: 'SLK-HUB-001',
  title: 'The Event Hub stand-in cannot listen',
  blame: 'user',
  message: ({ port, reason }) => `The Event Hub stand-in cannot listen on 127.0.0.1:${port}: ${reason}`,
  hint: 'Stop what listens on that port, or leave the port out to get a free one.',
});

export const eventHubPartitions = defineError<{ name: string; partitions: number }>({
  code: 'SLK-HUB-002',
  title: 'An impossible number of partitions',
  blame: 'user',
  message: ({ name, partitions }) => `Event Hub ${name} cannot have ${counted(partitions, 'partition')}`,
  hint: 'Give a whole number from 1 to 1024.',
});

export const eventHubNoPartition = defineError<{ name: string; partition: number; partitions: number }>({
  code: 'SLK-HUB-003',
  title: 'No such partition',
  blame: 'user',
  message: ({ name, partition, partitions }) =>
    `Event Hub ${name} has no partition ${partition}, only 0 to ${partitions - 1}`,
  hint: 'Name one of its partitions, or none to have one chosen.',
});

export const eventHubEventTooLarge = defineError<{ bytes: number; limit: number }>({
  code: 'SLK-HUB-004',
  title: 'The event is too large for an Event Hub',
  blame: 'user',
  message: ({ bytes, limit }) => `An event of ${counted(bytes, 'byte')} is over the limit of ${limit} bytes`,
  hint: 'Split the event; the service refuses it as well.',
});
