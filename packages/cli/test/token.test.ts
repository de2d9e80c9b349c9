import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { expect, onTestFinished, test } from 'vitest';
import { tokenFromIssuer } from '../src/token.ts';

const SECRET = 'bi mat:cua+mot cua%';

test('a system gets its tokens from a certified provider, one for many calls', async () => {
  let tokens = 0;
  let serve: RequestListener = () => {};
  const server = createServer((request, response) => {
    if (request.url === '/token') tokens += 1;
    serve(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-token-'));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'one-stop',
        client_secret: SECRET,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  });
  serve = provider.callback();
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, `${SECRET}\n`);

  const token = tokenFromIssuer({ url, clientId: 'one-stop', clientSecretFile: secretFile });
  expect(await token()).toMatch(/./);
  expect(await token()).toBe(await token());
  expect(tokens).toBe(1);

  writeFileSync(secretFile, 'sai');
  const wrong = tokenFromIssuer({ url, clientId: 'one-stop', clientSecretFile: secretFile });
  await expect(wrong()).rejects.toMatchObject({
    exit: 4,
    message: expect.stringContaining(`no token from ${url}: `),
  });
});
