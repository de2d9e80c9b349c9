import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IssuedCertificate } from '@lienthong/testkit';
import { type ForgedOcsp, forgeOcsp, serialOf } from '../../../../packages/signatures/test/forge.ts';

/** A responder over HTTP, of an authority. */
export interface OcspServer {
  url: string;
  /** The serial numbers in the requests that came. */
  requests: string[];
  /** What it responds; undefined: it is out of order. */
  response: Partial<ForgedOcsp> | undefined;
  /** The certificates that it knows. */
  knows: IssuedCertificate[];
  stop(): Promise<void>;
}

export async function ocspServer(by: IssuedCertificate): Promise<OcspServer> {
  const server = createServer(async (request, reply) => {
    const serial = serialOf(Buffer.concat(await request.toArray()));
    state.requests.push(serial);
    const about = state.knows.find((one) => one.serialNumber === serial);
    if (!state.response || !about || request.headers['content-type'] !== 'application/ocsp-request')
      return void reply.writeHead(503).end();
    reply.writeHead(200, { 'content-type': 'application/ocsp-response' });
    reply.end(forgeOcsp(about, { by, ...state.response }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const state: OcspServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: [],
    response: {},
    knows: [],
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return state;
}
