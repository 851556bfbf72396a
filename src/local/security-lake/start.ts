// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type CustomSource, lakeOf } from './lake.ts';
import { ApiError, badRequest, CreateCustomLogSource, ListLogSources, parse } from './request.ts';

const MOST_SOURCES = 50;
const LONGEST_BODY = 1024 * 1024;
const CUSTOM = '/v1/datalake/logsources/custom';
const LIST = '/v1/datalake/logsources/list';

export interface SecurityLakeOptions {
  /** The embedded AWS the lake lives in: its endpoint and client environment. */
  readonly aws: { readonly endpoint: string; readonly environment: Readonly<Record<string, string>> };
  readonly region: string;
  readonly accountId: string;
  /** Default: a free one. */
  readonly port?: number;
}

/** A running stand-in of the Security Lake API. */
export interface SecurityLakeStandIn {
  readonly endpoint: string;
  readonly port: number;
  /** The lake's bucket, which exists. */
  readonly bucket: string;
  /** AWS_ENDPOINT_URL_SECURITYLAKE, which every SDK reads. */
  readonly environment: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Serves the custom source operations of Security Lake on 127.0.0.1 and makes what the service makes in the embedded
 * AWS: the lake's bucket at once, for each source a provider role with its external id and write access to its prefix.
 * @see https://docs.aws.amazon.com/security-lake/latest/APIReference/API_Operations.html
 */
export async function startSecurityLake(options: SecurityLakeOptions): Promise<SecurityLakeStandIn> {
  const { aws, region, accountId } = options;
  const { AWS_ACCESS_KEY_ID: accessKeyId = accountId, AWS_SECRET_ACCESS_KEY: secretAccessKey = 'embedded' } =
    aws.environment;
  const lake = lakeOf({ endpoint: aws.endpoint, region, accountId, credentials: { accessKeyId, secretAccessKey } });
  await lake.makeBucket();
  const sources = new Map<string, CustomSource>();

  async function create(body: unknown): Promise<unknown> {
    const request = parse(CreateCustomLogSource, body);
    const { sourceName } = request;
    if (sources.has(sourceName)) {
      const fields = { resourceName: sourceName, resourceType: 'CustomLogSource' };
      throw new ApiError('ConflictException', 409, `The custom source ${sourceName} already exists`, fields);
    }
    if (sources.size >= MOST_SOURCES) {
      throw badRequest(`An account can have at most ${MOST_SOURCES} custom sources`);
    }
    const source = await lake.addSource(request);
    sources.set(sourceName, source);
    return { source };
  }

  async function remove(sourceName: string, sourceVersion: string | null): Promise<unknown> {
    const source = sources.get(sourceName);
    if (!source || (sourceVersion !== null && source.sourceVersion !== sourceVersion)) {
      const fields = { resourceName: sourceName, resourceType: 'CustomLogSource' };
      throw new ApiError('ResourceNotFoundException', 404, `There is no custom source ${sourceName}`, fields);
    }
    await lake.removeSource(source);
    sources.delete(sourceName);
    return {};
  }

  function list(body: unknown): unknown {
    const { accounts, regions, sources: wanted } = parse(ListLogSources, body);
    if (accounts && !accounts.includes(accountId)) return { sources: [] };
    if (regions && !regions.includes(region)) return { sources: [] };
    const names = wanted?.map((source) => source.customLogSource?.sourceName);
    const found = [...sources.values()].filter((source) => !names || names.includes(source.sourceName));
    if (found.length === 0) return { sources: [] };
    return {
      sources: [{ account: accountId, region, sources: found.map((customLogSource) => ({ customLogSource })) }],
    };
  }

  // The service changes a lake one request at a time too; it answers ConflictException to the others.
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work, work);
    last = next;
    return next;
  }

  async function answer(request: IncomingMessage): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (!/Credential=[^/]+\/\d{8}\/[^/]+\/securitylake\//.test(request.headers.authorization ?? '')) {
      throw new ApiError('AccessDeniedException', 403, 'The request is not signed for securitylake');
    }
    const body = await readJson(request);
    if (request.method === 'POST' && pathname === CUSTOM) return inTurn(() => create(body));
    if (request.method === 'POST' && pathname === LIST) return list(body);
    if (request.method === 'DELETE' && pathname.startsWith(`${CUSTOM}/`)) {
      const name = decodeURIComponent(pathname.slice(CUSTOM.length + 1));
      return inTurn(() => remove(name, searchParams.get('sourceVersion')));
    }
    throw badRequest(`The stand-in does not know ${request.method} ${pathname}`);
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => send(response, 200, body),
      (error: unknown) => sendError(response, error),
    );
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  server.unref();

  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    port,
    bucket: lake.bucket,
    environment: { AWS_ENDPOINT_URL_SECURITYLAKE: endpoint },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LONGEST_BODY) throw badRequest('The request is too large');
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The request is no JSON');
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers });
  response.end(JSON.stringify(body));
}

function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError('InternalServerException', 500, error instanceof Error ? error.message : String(error));
  send(response, known.status, { message: known.message, ...known.fields }, { 'x-amzn-errortype': known.type });
}
