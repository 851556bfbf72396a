// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type AccessRequest, isRecord } from '../../access/index.ts';
import { access, type Lookups, type Service, textOf } from './call.ts';

const ON_TABLE = ['DescribeTable', 'DescribeTimeToLive', 'DescribeContinuousBackups', 'CreateTable', 'DeleteTable'];
const ON_ITEM = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];
/** Members of a transaction with the action each takes. */
const IN_TRANSACTION: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/**
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export const dynamodb: Service = async ({ operation, input }, lookups) => {
  const { TableName: table, IndexName: index, RequestItems: batch, TransactItems: transaction } = input;
  if (operation === 'ListTables') return { requests: [access('dynamodb:ListTables', '*')] };
  if (ON_TABLE.includes(operation)) return one(access(`dynamodb:${operation}`, tableArn(textOf(table), lookups)));
  if (ON_ITEM.includes(operation)) return one(await onItem(operation, input, lookups));
  if (operation === 'Scan' || operation === 'Query') {
    const arn = `${tableArn(textOf(table), lookups)}${typeof index === 'string' ? `/index/${index}` : ''}`;
    const key = operation === 'Query' && index === undefined ? await queriedKey(input, lookups) : undefined;
    return one(access(`dynamodb:${operation}`, arn, leading(key === undefined ? [] : [key])));
  }
  if ((operation === 'BatchGetItem' || operation === 'BatchWriteItem') && isRecord(batch)) {
    const requests = Object.entries(batch).map(async ([name, wanted]) => {
      const items = operation === 'BatchGetItem' && isRecord(wanted) ? wanted.Keys : wanted;
      const keys = await Promise.all([items].flat().map((item) => partition(name, written(item), lookups)));
      return access(`dynamodb:${operation}`, tableArn(name, lookups), leading(keys));
    });
    return { requests: await Promise.all(requests) };
  }
  if (/^Transact(Get|Write)Items$/.test(operation) && Array.isArray(transaction)) {
    const requests = transaction
      .filter(isRecord)
      .flatMap((member) =>
        Object.entries(member).map(([kind, of]) =>
          onItem(IN_TRANSACTION[kind] ?? kind, isRecord(of) ? of : {}, lookups),
        ),
      );
    return { requests: await Promise.all(requests) };
  }
  return undefined;
};

async function onItem(action: string, input: Readonly<Record<string, unknown>>, lookups: Lookups) {
  const table = textOf(input.TableName);
  const key = await partition(table, input.Item ?? input.Key, lookups);
  return access(`dynamodb:${action}`, tableArn(table, lookups), leading([key]));
}

/** The item or key within a member of a batch. */
function written(item: unknown): unknown {
  if (!isRecord(item)) return item;
  const { PutRequest: put, DeleteRequest: remove } = item;
  return (isRecord(put) && put.Item) || (isRecord(remove) && remove.Key) || item;
}

async function partition(table: string, item: unknown, lookups: Lookups): Promise<string | undefined> {
  const name = await lookups.partitionKey(tableName(table));
  return name !== undefined && isRecord(item) ? scalar(item[name]) : undefined;
}

async function queriedKey(input: Readonly<Record<string, unknown>>, lookups: Lookups): Promise<string | undefined> {
  const name = await lookups.partitionKey(tableName(textOf(input.TableName)));
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  for (const [, left = '', right = ''] of textOf(input.KeyConditionExpression).matchAll(/([#\w]+)\s*=\s*(:\w+)/g)) {
    const attribute = left.startsWith('#') && isRecord(names) ? names[left] : left;
    if (attribute === name && isRecord(values)) return scalar(values[right]);
  }
  return undefined;
}

/** The value of `{ "S": "text" }`. */
function scalar(value: unknown): string | undefined {
  const [inner] = isRecord(value) ? Object.values(value) : [];
  return typeof inner === 'string' ? inner : undefined;
}

/** Where one key is not known the request tells none: `ForAllValues` must not hold for the others alone. */
function leading(keys: readonly (string | undefined)[]): AccessRequest['context'] {
  const known = keys.filter((key) => key !== undefined);
  return keys.length > 0 && known.length === keys.length ? { 'dynamodb:LeadingKeys': known } : {};
}

function tableArn(table: string, { region, accountId }: Lookups): string {
  return table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`;
}

function tableName(table: string): string {
  return table.slice(table.indexOf('/') + 1);
}

function one(request: AccessRequest) {
  return { requests: [request] };
}
