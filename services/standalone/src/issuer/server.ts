import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { type DevelopmentIssuer, listenHttp } from '@lienthong/kit';
import { Hono } from 'hono';
import { discoveryOf } from './discovery.ts';
import { type SignIn, signInPages } from './sign-in.ts';

/**
 * The development issuer as an OpenID provider: it publishes its keys (OpenID Connect Discovery 1.0), and signs anybody in
 * as any officer. A real province uses its own provider.
 */
export interface IssuerServer {
  /** The name of the issuer: where its configuration is found. */
  url: string;
  /** Publishes the keys of the issuer. */
  serve(issuer: DevelopmentIssuer): void;
  /** Signs people in to these applications from now on. */
  signIn(options: SignIn): void;
  stop(): Promise<void>;
}

/**
 * It speaks plain text: only this machine or a proxy with TLS reaches it.
 * @param listen host:port; port 0 picks a free one
 * @throws when the address cannot be listened on
 */
export async function openIssuerServer(listen: string, atProxy: boolean): Promise<IssuerServer> {
  let issuer: DevelopmentIssuer | undefined;
  let pages: Hono | undefined;
  const app = new Hono();
  app.get('/jwks', (c) => (issuer ? c.json(issuer.jwks) : c.notFound()));
  app.get('/.well-known/openid-configuration', (c) =>
    issuer ? c.json(discoveryOf(issuer.issuer, url)) : c.notFound(),
  );
  app.all('*', (c) => (pages ? pages.fetch(c.req.raw) : c.notFound()));
  const server = createServer(getRequestListener(app.fetch));
  await listenHttp(server, listen, { atProxy }).catch((cause: Error) => {
    throw new Error(
      `cannot listen on ${listen}: ${cause.message}; set ISSUER_LISTEN to another address, or to off`,
      { cause },
    );
  });
  const url = `http://${listen.slice(0, listen.lastIndexOf(':'))}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    serve(given) {
      issuer = given;
    },
    signIn(options) {
      if (issuer === undefined) throw new Error('people sign in after the keys are published');
      pages = signInPages(issuer, options);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
