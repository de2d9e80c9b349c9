import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DevelopmentIssuer, listenHttp } from '@lienthong/kit';

/** Publishes the development issuer's keys as an OpenID provider does (OpenID Connect Discovery 1.0). */
export interface IssuerServer {
  /** The name of the issuer: where its configuration is found. */
  url: string;
  serve(issuer: Pick<DevelopmentIssuer, 'issuer' | 'jwks'>): void;
  stop(): Promise<void>;
}

/**
 * It speaks plain text: what it shows is public, and only this machine or a proxy with TLS reaches it.
 * @param listen host:port; port 0 picks a free one
 * @throws when the address cannot be listened on
 */
export async function openIssuerServer(listen: string, atProxy: boolean): Promise<IssuerServer> {
  const documents = new Map<string, string>();
  const server = createServer((request, response) => {
    const document = request.method === 'GET' ? documents.get(request.url ?? '') : undefined;
    response
      .writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(document ?? '{}');
  });
  await listenHttp(server, listen, { atProxy }).catch((cause: Error) => {
    throw new Error(
      `cannot listen on ${listen}: ${cause.message}; set ISSUER_LISTEN to another address, or to off`,
      { cause },
    );
  });
  const url = `http://${listen.slice(0, listen.lastIndexOf(':'))}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    serve({ issuer, jwks }) {
      documents.set('/jwks', JSON.stringify(jwks));
      documents.set(
        '/.well-known/openid-configuration',
        JSON.stringify({
          issuer,
          jwks_uri: `${url}/jwks`,
          response_types_supported: ['none'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['EdDSA'],
        }),
      );
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
