// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type AttributeValue, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { checkpointConflict, checkpointTooNew } from '../errors/collector.ts';
import { Failure } from '../errors/failure.ts';
import type { Clients } from './clients.ts';

// The item is that of collector/slake_collector/checkpoint.py, so a processor may change its language.
const FORMAT_VERSION = 1;
/** A write that is repeated because its answer was lost finds its own item: that is no conflict. */
const FORWARD =
  'attribute_not_exists(pk) OR (v <= :v AND (sequence_number < :sequence OR (sequence_number = :sequence AND run_id = :run)))';

/** A place in a partition: everything up to and including this message, or page. */
export interface Position {
  readonly sequenceNumber: number;
  /** Opaque, never compared. */
  readonly offset: string;
}

/** The checkpoints of one reader (`<module>#<host>/<log>`): up to where a partition is safe. */
export class CheckpointTable {
  readonly #dynamodb: Clients['dynamodb'];
  readonly #table: string;
  readonly #reader: string;
  readonly #runId: string;

  constructor(dynamodb: Clients['dynamodb'], table: string, reader: string, runId: string) {
    this.#dynamodb = dynamodb;
    this.#table = table;
    this.#reader = reader;
    this.#runId = runId;
  }

  /** Throws SLK-COL-008 for an item of a later format: ignoring it would read everything again. */
  async load(partition: string): Promise<Position | undefined> {
    const { Item } = await this.#dynamodb.send(
      new GetItemCommand({ TableName: this.#table, Key: this.#key(partition), ConsistentRead: true }),
    );
    if (!Item) return undefined;
    checkVersion(partition, Item);
    return { sequenceNumber: Number(Item.sequence_number?.N), offset: Item.offset?.S ?? '' };
  }

  /** Moves the checkpoint forward; throws SLK-COL-007 where it stands at or past `position` already. */
  async save(partition: string, position: Position): Promise<void> {
    const sequence = { N: String(position.sequenceNumber) };
    const version = { N: String(FORMAT_VERSION) };
    const run = { S: this.#runId };
    const put = new PutItemCommand({
      TableName: this.#table,
      Item: {
        ...this.#key(partition),
        v: version,
        sequence_number: sequence,
        offset: { S: position.offset },
        updated_at: { S: new Date().toISOString() },
        run_id: run,
      },
      ConditionExpression: FORWARD,
      ExpressionAttributeValues: { ':sequence': sequence, ':v': version, ':run': run },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await this.#dynamodb.send(put).catch((error: Error & { Item?: Record<string, AttributeValue> }) => {
      if (error.name !== 'ConditionalCheckFailedException') throw error;
      checkVersion(partition, error.Item ?? {});
      const stands = error.Item?.sequence_number?.N ?? 'elsewhere';
      throw new Failure(checkpointConflict, { partition, stands, refused: position.sequenceNumber }, { cause: error });
    });
  }

  #key(partition: string): Record<string, AttributeValue> {
    return { pk: { S: this.#reader }, sk: { S: `partition#${partition}` } };
  }
}

function checkVersion(partition: string, item: Readonly<Record<string, AttributeValue>>): void {
  const format = Number(item.v?.N ?? FORMAT_VERSION);
  if (format > FORMAT_VERSION) throw new Failure(checkpointTooNew, { partition, format, known: FORMAT_VERSION });
}
