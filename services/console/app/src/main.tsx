import './style/fonts.css';
import './style/base.css';
import './style/shell.css';
import './style/list.css';
import './style/form.css';
import './style/operation.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BROUGHT } from '../../src/first/calls.ts';
import type { Reply } from './api/call.ts';
import { watchConnection } from './api/connection.ts';
import { showKept } from './api/kept.ts';
import { followLive } from './api/live.ts';
import { meQuery } from './api/me.ts';
import { keepFor, type WHO } from './api/person.ts';
import { queryClient } from './api/query-client.ts';
import { router } from './routes.tsx';
import { speakAsBefore } from './text/text.tsx';

const WORKER_MS = 3_000;

watchConnection(
  () =>
    meQuery
      .queryFn({ signal: AbortSignal.timeout(5_000) })
      .then(() => true)
      .catch(() => false),
  () => void queryClient.invalidateQueries(),
);
/** The page that the browser keeps: the console could not be reached. */
const cameAlone = document.getElementById(BROUGHT) === null;
await Promise.all(
  [speakAsBefore(), cameAlone ? showKept(queryClient) : undefined].map((one) => one?.catch(() => {})),
);
keepFor(queryClient.getQueryData<Reply<typeof WHO>>(meQuery.queryKey)?.officerId);
createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
followLive();
// The first screen has the line for itself.
setTimeout(
  () => void navigator.serviceWorker?.register('/lam-viec/worker.js', { scope: '/lam-viec/' }),
  WORKER_MS,
);
