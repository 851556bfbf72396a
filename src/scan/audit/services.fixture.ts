// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** How a look-alike of the advisory services answers. */
export type Manner = 'knows' | 'empty' | '405' | '500' | 'garbage';

export interface AdvisoryServices {
  readonly registry: string;
  readonly osvUrl: string;
  readonly asked: string[];
  stop(): Promise<void>;
}

const MINIMIST = {
  id: 1_097_678,
  url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h',
  title: 'Prototype Pollution in minimist',
  severity: 'critical',
  vulnerable_versions: '<0.2.4',
  cwe: ['CWE-1321'],
  cvss: { score: 9.8, vectorString: null },
};

const JINJA = {
  id: 'PYSEC-2014-8',
  schema_version: '1.4.0',
  details: 'The default configuration uses a predictable folder. More text.',
  affected: [
    {
      package: { name: 'jinja2', ecosystem: 'PyPI' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.7.2' }] }],
    },
  ],
};

/** Starts the bulk endpoint of an npm registry and an OSV query endpoint on 127.0.0.1. */
export async function startAdvisoryServices(manner: Manner): Promise<AdvisoryServices> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
      asked.push(`${request.method} ${request.url} ${text}`);
      if (manner === '405' || manner === '500') response.writeHead(Number(manner)).end();
      else if (manner === 'garbage') response.writeHead(200).end('<html>Sign in</html>');
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(answer(manner, request.url, text)));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    registry: `http://127.0.0.1:${port}`,
    osvUrl: `http://127.0.0.1:${port}/v1/query`,
    asked,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}

function answer(manner: Manner, url: string | undefined, text: string): object {
  if (manner === 'empty') return {};
  if (url === '/v1/query') return text.includes('jinja2') && text.includes('2.4.1') ? { vulns: [JINJA] } : {};
  if (url?.endsWith('/advisories/bulk')) return text.includes('"0.0.8"') ? { minimist: [MINIMIST] } : {};
  // What npm asks of a package to see which of its versions bring a vulnerable one.
  const name = url?.slice(1) ?? '';
  const dependencies = name === 'mkdirp' ? { minimist: '0.0.8' } : {};
  const versions = Object.fromEntries(
    ['0.0.8', '0.5.1', '1.2.8'].map((version) => [version, { name, version, dependencies }]),
  );
  return { name, 'dist-tags': { latest: '1.2.8' }, versions };
}
