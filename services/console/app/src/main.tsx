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
import { watchConnection } from './api/connection.ts';
import { followLive } from './api/live.ts';
import { meQuery } from './api/me.ts';
import { queryClient } from './api/query-client.ts';
import { router } from './routes.tsx';
import { speakAsBefore } from './text/text.tsx';

watchConnection(
  () =>
    meQuery
      .queryFn({ signal: AbortSignal.timeout(5_000) })
      .then(() => true)
      .catch(() => false),
  () => void queryClient.invalidateQueries(),
);
await speakAsBefore().catch(() => {});
createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
followLive();
