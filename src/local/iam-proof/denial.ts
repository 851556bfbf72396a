// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { Protocol } from './call.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const AMAZON_JSON = 'application/x-amz-json-1.1';

/**
 * How a service of AWS says that a call is not allowed: the form its SDKs read an AccessDenied from.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
 */
export function denial(protocol: Protocol, service: string, message: string): Answer {
  const requestId = randomUUID();
  const ids = { 'x-amzn-requestid': requestId, 'x-amz-request-id': requestId };
  const text = xml(message);
  switch (protocol) {
    case 'json': {
      const __type = `com.amazon.coral.service#AccessDeniedException`;
      // SQS answers old clients in the words of its query protocol.
      const query: Record<string, string> = service === 'sqs' ? { 'x-amzn-query-error': 'AccessDenied;Sender' } : {};
      const headers = { ...ids, ...query, 'content-type': AMAZON_JSON };
      return { status: 400, headers, body: JSON.stringify({ __type, message, Message: message }) };
    }
    case 'query': {
      const error = `<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${text}</Message></Error>`;
      const body = `<ErrorResponse>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
      return { status: 403, headers: { ...ids, 'content-type': 'text/xml' }, body };
    }
    case 'rest-xml': {
      const error = `<Error><Code>AccessDenied</Code><Message>${text}</Message><RequestId>${requestId}</RequestId></Error>`;
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n${error}`;
      return { status: 403, headers: { ...ids, 'content-type': 'application/xml' }, body };
    }
    case 'rest-json': {
      const headers = { ...ids, 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' };
      return { status: 403, headers, body: JSON.stringify({ message, Message: message }) };
    }
  }
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
