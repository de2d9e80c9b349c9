import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Agency } from '../agencies.ts';
import { startBenchConsole } from '../console.ts';
import { residentMib } from '../resident-memory.ts';
import type { Target } from '../target.ts';
import { letter } from './documents.ts';

/** As many as the console gives one session. */
const PER_SESSION = 4;

/** Resident memory, in MiB, of a console with so many pages open, once each of them has had an event. */
export async function consoleLines(
  target: Target,
  agencies: readonly Agency[],
  pages: number,
): Promise<number> {
  const console = await startBenchConsole(target, 4 * pages);
  const followers = agencies.slice(0, pages / PER_SESSION);
  const cookies = await Promise.all(followers.map(({ id }) => console.signIn(id)));
  const lines = await Promise.all(
    Array.from({ length: pages }, (_, n) => openPage(console.url, cookies[n % cookies.length] as string)),
  );
  const sender = await target.as((agencies.at(-1) as Agency).id);
  await sender.issueDocument(letter(followers));
  await Promise.all(lines.map(({ news }) => news));
  const mebibytes = residentMib(console.pid);
  for (const { leave } of lines) leave();
  await console.stop();
  await target.quiet();
  return mebibytes;
}

/** Resolves once the page is ready; `news` resolves with its first event. */
async function openPage(url: string, cookie: string) {
  const request = get(`${url}/api/live`, { agent: false, headers: { cookie } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the console refused a page: ${response.statusCode}`);
  const [ready, news] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  response.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('event: ready\n')) ready.resolve();
    if (text.includes('event: event\n')) news.resolve();
  });
  response.on('error', () => {});
  await ready.promise;
  return { news: news.promise, leave: () => request.destroy() };
}
