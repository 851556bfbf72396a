// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type AccessRequest, type Decision, decide, type Policies } from '../../access/index.ts';
import { forward, passedOn } from '../aws-faults/forward.ts';
import type { Account } from './account.ts';
import type { Protocol } from './call.ts';
import { denial } from './denial.ts';
import { impliedBy } from './implied.ts';
import { accessKeyOf, understand } from './understand.ts';

const HOST = '127.0.0.1';

/** Who made a call: `code` of a function, a `service` in the caller's name, or the `platform` Lambda for the function. */
export type Maker = 'code' | 'service' | 'platform';

/** A call that was decided. */
export interface RecordedCall {
  readonly scenario: string;
  readonly roleArn: string;
  /** As an SDK names it: `s3:ListObjectsV2`; of an implied call the one that led to it. */
  readonly operation: string;
  readonly maker: Maker;
  readonly request: AccessRequest;
  /** The policies it was decided by. */
  readonly policies: Policies;
  readonly decision: Decision;
}

/** A call that could not be decided, and was denied for that. */
export interface NotUnderstood {
  readonly scenario: string;
  readonly roleArn: string;
  readonly text: string;
}

/** A proxy before an AWS that lets through what the caller's role may do, and records every call. */
export interface Guard {
  readonly calls: readonly RecordedCall[];
  readonly notUnderstood: readonly NotUnderstood[];
  /** A new endpoint, for one function: whoever calls there has the role that `roleArn` says. */
  open(roleArn: (endpoint: string) => Promise<string | undefined>): Promise<string>;
  /** What is recorded from now on belongs to this scenario. */
  begin(scenario: string): void;
  /** Decides and records a call that does not pass by here. */
  judge(roleArn: string, maker: Maker, operation: string, request: AccessRequest): Promise<Decision>;
  close(): Promise<void>;
}

export interface GuardOptions {
  readonly account: Account;
  /** Where calls of a service go that are let through. */
  readonly upstream: (service: string) => string;
  readonly onDenied?: (text: string) => void;
}

export function startGuard({ account, upstream, onDenied }: GuardOptions): Guard {
  const { accountId, region } = account;
  const calls: RecordedCall[] = [];
  const notUnderstood: NotUnderstood[] = [];
  const servers: Server[] = [];
  /** Roles that code has assumed, by the access key it was given for each. */
  const assumed = new Map<string, string>();
  let scenario = '';

  async function judge(roleArn: string, maker: Maker, operation: string, request: AccessRequest): Promise<Decision> {
    const full = { ...request, context: { ...globalKeys(roleArn, accountId, region), ...request.context } };
    const { identity, boundary } = await account.role(roleArn);
    const resource = await account.resourcePolicy(request.action, request.resource);
    const policies = { identity, ...(boundary ? { boundary } : {}), ...(resource ? { resource } : {}) };
    const decision = decide(full, { roleArn, accountId }, policies);
    calls.push({ scenario, roleArn, operation, maker, request: full, policies, decision });
    return decision;
  }

  /** Why a call is denied, undefined where it is allowed. */
  async function refusal(
    call: { readonly service: string; readonly operation: string; readonly requests: readonly AccessRequest[] },
    roleArn: string,
  ): Promise<string | undefined> {
    const operation = `${call.service}:${call.operation}`;
    let why: string | undefined;
    for (const request of call.requests) {
      const implied = await impliedBy(request, call.operation, account);
      const all = [
        { maker: 'code' as const, request },
        ...implied.map((each) => ({ maker: 'service' as const, request: each })),
      ];
      for (const { maker, request: asked } of all) {
        const decision = await judge(roleArn, maker, operation, asked);
        if (decision.effect === 'allow') continue;
        const { action, resource } = asked;
        why ??= `User: ${sessionArn(roleArn)} is not authorized to perform: ${action} on resource: ${resource} ${decision.why}`;
      }
    }
    return why;
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse, functionRole: string | undefined) {
    const body = await buffer(incoming);
    const { method = 'GET', url = '/', headers } = incoming;
    const call = await understand({ method, url, headers, body }, account);
    const roleArn = assumed.get(accessKeyOf(headers.authorization) ?? '') ?? functionRole;
    const deny = (why: string) => {
      onDenied?.(why);
      answer(outgoing, call.protocol, call.service, why);
    };
    if ('text' in call || roleArn === undefined) {
      const text =
        'text' in call ? `${call.service} ${call.text}` : `${call.service} ${call.operation} of nobody known`;
      notUnderstood.push({ scenario, roleArn: roleArn ?? 'unknown', text });
      return deny(`The proof of permissions does not understand the call ${text}, so it is denied`);
    }
    const why = await refusal(call, roleArn);
    if (why !== undefined) return deny(why);
    const answered = await forward(incoming, body, upstream(call.service));
    if (call.operation === 'AssumeRole') {
      const text = await buffer(answered);
      const key = /<AccessKeyId>(.*?)<\/AccessKeyId>/.exec(text.toString('utf8'))?.[1];
      if (key) assumed.set(key, call.requests[0]?.resource ?? '');
      outgoing.writeHead(answered.statusCode ?? 502, passedOn(answered.headers)).end(text);
      return;
    }
    outgoing.writeHead(answered.statusCode ?? 502, passedOn(answered.headers));
    answered.pipe(outgoing);
  }

  return {
    calls,
    notUnderstood,
    judge,
    begin(name) {
      scenario = name;
    },
    async open(roleArn) {
      const server = createServer((incoming, outgoing) => {
        const endpoint = endpointOf(server);
        roleArn(endpoint)
          .then((role) => serve(incoming, outgoing, role))
          .catch((error: unknown) => {
            // Not decided is not allowed.
            const text = `${incoming.method} ${incoming.url?.split('?')[0]}: ${error instanceof Error ? error.message : error}`;
            notUnderstood.push({ scenario, roleArn: 'unknown', text });
            onDenied?.(text);
            outgoing.destroy();
          });
      });
      server.listen(0, HOST);
      await once(server, 'listening');
      // A proof that ends must not be kept alive by a function that still holds a connection.
      server.unref();
      servers.push(server);
      return endpointOf(server);
    },
    async close() {
      await Promise.all(
        servers.map(async (server) => {
          const closed = once(server, 'close');
          server.close();
          server.closeAllConnections();
          await closed;
        }),
      );
    },
  };
}

/**
 * Condition keys of every request. Functions reach AWS by TLS, but the embedded AWS by plain HTTP, so that the key for it
 * says what it would be.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function globalKeys(roleArn: string, accountId: string, region: string): AccessRequest['context'] {
  const now = new Date();
  return {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalType': 'AssumedRole',
    'aws:RequestedRegion': region,
    'aws:ResourceAccount': accountId,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
  };
}

function sessionArn(roleArn: string): string {
  return `${roleArn.replace(':iam:', ':sts:').replace(/:role\/(?:.*\/)?/, ':assumed-role/')}/session`;
}

function answer(outgoing: ServerResponse, protocol: Protocol, service: string, why: string): void {
  const { status, headers, body } = denial(protocol, service, why);
  // Node sends no body in answer to HEAD, as S3 does.
  outgoing.writeHead(status, headers).end(body);
}

function endpointOf(server: Server): string {
  return `http://${HOST}:${(server.address() as AddressInfo).port}`;
}
