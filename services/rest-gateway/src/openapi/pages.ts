import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { Route } from '@lienthong/http-api';
import { openApi } from './document.ts';

/** Everything the page needs comes from here, and it sends nothing elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML = `<!doctype html>
<html lang="vi">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Liên Thông: thử API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
  tryItOutEnabled: true,
});
`;

export type Page = (response: ServerResponse) => Promise<void>;

/** The description of the API, and a page to try it out, by path. */
export function createPages(
  descriptors: Uint8Array,
  routes: ReadonlyMap<string, Route>,
): ReadonlyMap<string, Page> {
  const files = createRequire(import.meta.url);
  let json: string | undefined;
  const send = (response: ServerResponse, type: string, body: string | Buffer) => {
    response.writeHead(200, {
      'content-type': type,
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };
  const file = (name: string, type: string): [string, Page] => [
    `/docs/${name}`,
    async (response) => send(response, type, await readFile(files.resolve(`swagger-ui-dist/${name}`))),
  ];
  return new Map<string, Page>([
    [
      '/openapi.json',
      async (response) => {
        json ??= JSON.stringify(openApi(descriptors, routes));
        send(response, 'application/json', json);
      },
    ],
    ['/', async (response) => void response.writeHead(302, { location: '/docs' }).end()],
    ['/docs', async (response) => send(response, 'text/html; charset=utf-8', HTML)],
    ['/docs/start.js', async (response) => send(response, 'text/javascript', START)],
    file('swagger-ui.css', 'text/css'),
    file('swagger-ui-bundle.js', 'text/javascript'),
  ]);
}
