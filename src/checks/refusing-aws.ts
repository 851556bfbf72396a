// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What an AWS says to every call; status 0 closes the connection without an answer. */
export interface AwsAnswer {
  readonly name: string;
  readonly status: number;
  /** Error code, as the service names it. */
  readonly code: string;
}

/** An AWS on 127.0.0.1 that refuses every call in the same way, in JSON and, for S3, in XML. */
export async function refusingAws({
  status,
  code,
}: AwsAnswer): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    request.resume();
    if (status === 0) return request.socket.destroy();
    const isJson = request.headers['x-amz-target'] !== undefined || /json/.test(request.headers['content-type'] ?? '');
    const message = `every call is answered with ${code}`;
    response.writeHead(status, {
      'content-type': isJson ? 'application/x-amz-json-1.0' : 'application/xml',
      ...(isJson ? { 'x-amzn-errortype': code } : {}),
    });
    response.end(
      isJson
        ? JSON.stringify({ __type: code, message })
        : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    );
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
