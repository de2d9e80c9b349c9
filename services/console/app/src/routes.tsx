import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { InboxSearch } from '../../src/first/inbox.ts';
import { Inbox } from './screens/inbox/inbox.tsx';
import { Shell } from './shell/shell.tsx';
import { SignedIn } from './shell/signed-in.tsx';
import { Loading, NotFound, Trouble } from './shell/trouble.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Trouble });

/** Texts of the address alone, each once. */
const textsOf =
  <K extends string>(...names: readonly K[]) =>
  (search: Record<string, unknown>): { [N in K]?: string | undefined } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const text = search[name];
        return typeof text === 'string' && text !== '' ? [[name, text]] : [];
      }),
    ) as { [N in K]?: string };

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/van-ban-den' });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/van-ban-den',
    component: Inbox,
    validateSearch: textsOf('muc', 'tim', 'loai', 'chi-dao') as (
      search: Record<string, unknown>,
    ) => InboxSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/van-ban-den/$deliveryId',
    component: lazyRouteComponent(() => import('./screens/delivery/delivery.tsx'), 'DeliveryScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/van-ban-di',
    component: lazyRouteComponent(() => import('./screens/outbox/outbox.tsx'), 'Outbox'),
    validateSearch: textsOf('tim'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/van-ban-di/$documentId',
    component: lazyRouteComponent(() => import('./screens/document/document.tsx'), 'DocumentScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/soan',
    component: lazyRouteComponent(() => import('./screens/compose/compose.tsx'), 'Compose'),
    validateSearch: textsOf('tra-loi', 'nhac', 'chuyen', 'thay'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tiep-nhan',
    component: lazyRouteComponent(() => import('./screens/lodge/choose.tsx'), 'ChooseProcedure'),
    validateSearch: textsOf('tim'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tiep-nhan/$code',
    component: lazyRouteComponent(() => import('./screens/lodge/lodge.tsx'), 'LodgeScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/thu-tuc',
    component: lazyRouteComponent(() => import('./screens/procedures/procedures.tsx'), 'Procedures'),
    validateSearch: textsOf('tim'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/thu-tuc/$code',
    component: lazyRouteComponent(() => import('./screens/procedures/procedure.tsx'), 'ProcedureScreen'),
    validateSearch: textsOf('ban'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/soan-thu-tuc',
    component: lazyRouteComponent(() => import('./screens/procedures/editor.tsx'), 'ProcedureEditor'),
    validateSearch: textsOf('ma'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/so-lieu',
    component: lazyRouteComponent(() => import('./screens/figures/figures.tsx'), 'Figures'),
    validateSearch: textsOf('tu', 'den', 'theo'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/thong-bao',
    component: lazyRouteComponent(() => import('./screens/notifications/notifications.tsx'), 'Notifications'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/thong-bao/cai-dat',
    component: lazyRouteComponent(
      () => import('./screens/notifications/settings.tsx'),
      'NotificationSettings',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/nhiem-vu',
    component: lazyRouteComponent(() => import('./screens/directives/directives.tsx'), 'Directives'),
    validateSearch: textsOf('muc'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/co-quan',
    component: lazyRouteComponent(() => import('./screens/agencies/agencies.tsx'), 'Agencies'),
    validateSearch: textsOf('ngay'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sap-xep-co-quan',
    component: lazyRouteComponent(() => import('./screens/agencies/reorganise.tsx'), 'Reorganise'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/co-quan/$agencyId',
    component: lazyRouteComponent(() => import('./screens/agencies/agency.tsx'), 'AgencyScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/viec',
    component: lazyRouteComponent(() => import('./screens/work/work.tsx'), 'Work'),
    validateSearch: textsOf('muc'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/ho-so/$dossierId',
    component: lazyRouteComponent(() => import('./screens/dossier/dossier.tsx'), 'DossierScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/van-hanh',
    component: lazyRouteComponent(() => import('./screens/operation/operation.tsx'), 'Operation'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/van-hanh/vet',
    component: lazyRouteComponent(() => import('./screens/traces/traces.tsx'), 'Traces'),
    validateSearch: textsOf('ma', 'so', 'co-quan', 'loi', 'cham'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/van-hanh/vet/$traceId',
    component: lazyRouteComponent(() => import('./screens/traces/trace.tsx'), 'TraceScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/van-hanh/hanh-trinh/$code',
    component: lazyRouteComponent(() => import('./screens/traces/journey.tsx'), 'Journey'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/cho-gui',
    component: lazyRouteComponent(() => import('./screens/waiting/waiting.tsx'), 'WaitingScreen'),
  }),
  createRoute({ getParentRoute: () => root, path: '/da-dang-nhap', component: SignedIn }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: '/lam-viec',
  // Addresses that people can read: "?tim=khai sinh", without JSON.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch(search) {
    const texts = Object.entries(search).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, String(value)]],
    );
    return texts.length === 0 ? '' : `?${new URLSearchParams(texts)}`;
  },
  scrollRestoration: true,
  defaultPendingComponent: Loading,
  defaultPendingMs: 200,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
