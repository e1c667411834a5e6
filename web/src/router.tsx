import { AuditAction } from '@patchbay/contract';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import { meQuery } from './api/queries.js';
import { ApiError } from './api/request.js';
import { InboxSearch } from './pages/inbox/inbox-search.js';
import { parseSearch, stringifySearch } from './search-in-address.js';
import { Crash, NotFound } from './shell/crash.js';

/** `?add=true`; what else it says counts for nothing. */
const flag = z
  .union([z.literal(true), z.literal('true').transform(() => true as const)])
  .optional()
  .catch(undefined);

export const cache = new QueryClient({
  queryCache: new QueryCache({ onError: signInAgain }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      // The browser's own idea of being online is wrong for a server on the same machine.
      networkMode: 'always',
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.status === 0,
    },
    mutations: { networkMode: 'always' },
  },
});

/** A cookie that has ended shows as a refused question; the way back is kept in the address. */
function signInAgain(error: Error): void {
  if (!(error instanceof ApiError) || error.status !== 401) return;
  const { pathname, href } = router.state.location;
  if (['/sign-in', '/setup', '/join'].includes(pathname)) return;
  cache.clear();
  void router.navigate({ to: '/sign-in', search: { next: href }, replace: true });
}

const rootRoute = createRootRouteWithContext<{ cache: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: z.object({
    next: z
      .string()
      .regex(/^\/(?!\/)/)
      .optional()
      .catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/sign-in.js'), 'SignInPage'),
});

const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/entry/set-up-page.js'), 'SetUpPage'),
});

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('./pages/entry/join-page.js'), 'JoinPage'),
});

/** Who is signed in, or on to the sign-in page. */
async function whoAsks({
  context,
  location,
}: {
  context: { cache: QueryClient };
  location: { href: string };
}) {
  try {
    return { me: await context.cache.ensureQueryData(meQuery) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    throw redirect({ to: '/sign-in', search: { next: location.href } });
  }
}

/** For somebody who is signed in, with nothing around it. */
const aloneRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in-alone',
  beforeLoad: whoAsks,
  component: Outlet,
});

const welcomeRoute = createRoute({
  getParentRoute: () => aloneRoute,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/entry/welcome-page.js'), 'WelcomePage'),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: whoAsks,
  component: lazyRouteComponent(() => import('./shell/shell.js'), 'Shell'),
});

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/accounts', replace: true });
  },
});

const accountsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/accounts',
  validateSearch: z.object({
    q: z.string().optional().catch(undefined),
    show: z.enum(['connected', 'attention']).optional().catch(undefined),
    add: flag,
  }),
  component: lazyRouteComponent(() => import('./pages/accounts/accounts-page.js'), 'AccountsPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/accounts/$accountId',
  validateSearch: z.object({
    view: z.literal('timeline').optional().catch(undefined),
    chat: z.string().optional().catch(undefined),
    message: z.string().optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/account/account-page.js'), 'AccountPage'),
});

const inboxRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/inbox',
  validateSearch: InboxSearch,
  component: lazyRouteComponent(() => import('./pages/inbox/inbox-page.js'), 'InboxPage'),
});

const webhooksRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/webhooks',
  validateSearch: z.object({ add: flag }),
  component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.js'), 'WebhooksPage'),
});

const webhookRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/webhooks/$webhookId',
  validateSearch: z.object({
    show: z.enum(['pending', 'dead']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/webhooks/webhook-page.js'), 'WebhookPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.js'), 'SettingsPage'),
});

const settingsRoutes = [
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/settings/profile', replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/profile',
    component: lazyRouteComponent(() => import('./pages/settings/profile.js'), 'Profile'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/slots',
    component: lazyRouteComponent(() => import('./pages/settings/slots.js'), 'Slots'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/users',
    component: lazyRouteComponent(() => import('./pages/settings/users.js'), 'Users'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/keys',
    component: lazyRouteComponent(() => import('./pages/settings/api-keys.js'), 'ApiKeys'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/audit',
    validateSearch: z.object({ action: AuditAction.optional().catch(undefined) }),
    component: lazyRouteComponent(() => import('./pages/settings/audit.js'), 'Audit'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/about',
    component: lazyRouteComponent(() => import('./pages/settings/about.js'), 'About'),
  }),
] as const;

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    signInRoute,
    setUpRoute,
    joinRoute,
    aloneRoute.addChildren([welcomeRoute]),
    signedInRoute.addChildren([
      inboxRoute,
      accountsRoute,
      accountRoute,
      webhooksRoute,
      webhookRoute,
      settingsRoute.addChildren(settingsRoutes),
    ]),
  ]),
  context: { cache },
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: NotFound,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
