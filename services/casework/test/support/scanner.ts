import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A scanner that takes content over HTTP; a file with the word VIRUS is infected. */
export interface TestScanner {
  url: string;
  /** Sizes of the contents that it has read. */
  seen: number[];
  /** What it answers instead of a verdict. */
  answer: { status: number; body: string } | undefined;
  stop(): Promise<void>;
}

export async function startScanner(): Promise<TestScanner> {
  const server = createServer(async (request, response) => {
    const content = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    scanner.seen.push(content.length);
    const verdict = content.includes('VIRUS') ? 'infected' : 'clean';
    const { status, body } = scanner.answer ?? { status: 200, body: JSON.stringify({ verdict }) };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const scanner: TestScanner = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scan`,
    seen: [],
    answer: undefined,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return scanner;
}
