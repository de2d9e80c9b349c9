/**
 * Keeps the application for staff in the browser, so that it opens without a line. It holds files that are the same for
 * everybody, and no reply of the platform. The build writes the two constants before this code.
 */
declare const SHELL_FILES: readonly string[];
declare const SHELL_VERSION: string;
declare const self: ServiceWorkerGlobalScope;

const PREFIX = 'lienthong-shell-';
const CACHE = `${PREFIX}${SHELL_VERSION}`;
const APPLICATION = '/lam-viec/';
/** The page without anybody's data. */
const SHELL = '/lam-viec/khung';
/** A line that gives nothing for so long is down. */
const PATIENCE_MS = 10_000;

self.addEventListener('install', (event) => event.waitUntil(keepShell()));
self.addEventListener('activate', (event) => event.waitUntil(dropOlder()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith(APPLICATION))
    return;
  if (pathname.startsWith(`${APPLICATION}assets/`)) event.respondWith(keptOrFetched(request));
  else if (request.mode === 'navigate') event.respondWith(pageOrShell(request));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...SHELL_FILES]);
  // While versions are replaced the page may be another one's: the browser then tries again later.
  const page = (await (await cache.match(SHELL))?.text()) ?? '';
  const files = page.match(/\/lam-viec\/assets\/[^"]+/g) ?? [];
  if (!files.every((name) => SHELL_FILES.includes(name))) {
    await caches.delete(CACHE);
    throw new Error('the page belongs to another version');
  }
  await self.skipWaiting();
}

/** The version before stays: windows that are open need its files. */
async function dropOlder(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  for (const name of others.slice(0, -1)) await caches.delete(name);
  await self.clients.claim();
}

const keptOrFetched = async (request: Request): Promise<Response> =>
  (await caches.match(request)) ?? fetch(request);

/** The page from the console; what it says of its own, such as a sign-in, is left as it is. */
async function pageOrShell(request: Request): Promise<Response> {
  const page = fetch(request).then((response) => (response.status >= 502 ? undefined : response));
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS));
  const first = await Promise.race([page, patience]).catch(() => undefined);
  return (
    first ??
    (await caches.match(SHELL, { cacheName: CACHE })) ??
    page.then((late) => late ?? Response.error())
  );
}
