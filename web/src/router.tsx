import type { BulkRowState } from '@patchbay/contract';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { SearchFilter } from './api/knowledge.js';
import { meQuery, sessionsQuery } from './api/queries.js';
import { ApiError } from './api/request.js';
import { missing } from './missing-part.js';
import { inboxSearch } from './pages/inbox/inbox-search.js';
import {
  flag,
  oneOf,
  parseSearch,
  type SaidSearch,
  stringifySearch,
  text,
} from './search-in-address.js';
import { Crash, NotFound } from './shell/crash.js';
import { lastPage } from './shell/last-page.js';

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

/** A page whose code comes when it is opened; when it does not come, `Crash` says so and tries again. */
const page: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => load().catch(missing), name);

const rootRoute = createRootRouteWithContext<{ cache: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: ({ next }: SaidSearch): { next?: string | undefined } => ({
    next: /^\/(?!\/)/.test(text(next) ?? '') ? text(next) : undefined,
  }),
  component: page(() => import('./pages/sign-in.js'), 'SignInPage'),
});

const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: page(() => import('./pages/entry/set-up-page.js'), 'SetUpPage'),
});

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: page(() => import('./pages/entry/join-page.js'), 'JoinPage'),
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
  component: page(() => import('./pages/entry/welcome-page.js'), 'WelcomePage'),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: whoAsks,
  component: page(() => import('./shell/shell.js'), 'Shell'),
});

/** On to the page that was used last; where there is no account yet, to the first steps. */
const homeRoute = createRoute({
  getParentRoute: () => aloneRoute,
  path: '/',
  beforeLoad: async ({ context: { cache, me } }) => {
    const { sessions } = await cache.ensureQueryData(sessionsQuery);
    const start = me.onboarded ? '/accounts' : '/welcome';
    throw redirect({ to: sessions.length > 0 ? lastPage.get() : start, replace: true });
  },
});

interface AccountsSearch {
  q?: string | undefined;
  show?: 'connected' | 'attention' | undefined;
  add?: true | undefined;
}

const accountsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/accounts',
  validateSearch: ({ q, show, add }: SaidSearch): AccountsSearch => ({
    q: text(q),
    show: oneOf(show, ['connected', 'attention']),
    add: flag(add),
  }),
  component: page(() => import('./pages/accounts/accounts-page.js'), 'AccountsPage'),
});

interface AccountSearch {
  view?: 'timeline' | undefined;
  chat?: string | undefined;
  message?: string | undefined;
}

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/accounts/$accountId',
  validateSearch: ({ view, chat, message }: SaidSearch): AccountSearch => ({
    view: oneOf(view, ['timeline']),
    chat: text(chat),
    message: text(message),
  }),
  component: page(() => import('./pages/account/account-page.js'), 'AccountPage'),
});

const inboxRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/inbox',
  validateSearch: inboxSearch,
  component: page(() => import('./pages/inbox/inbox-page.js'), 'InboxPage'),
});

const webhooksRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/webhooks',
  validateSearch: ({ add }: SaidSearch): { add?: true | undefined } => ({ add: flag(add) }),
  component: page(() => import('./pages/webhooks/webhooks-page.js'), 'WebhooksPage'),
});

const webhookRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/webhooks/$webhookId',
  validateSearch: ({ show }: SaidSearch): { show?: 'pending' | 'dead' | undefined } => ({
    show: oneOf(show, ['pending', 'dead']),
  }),
  component: page(() => import('./pages/webhooks/webhook-page.js'), 'WebhookPage'),
});

const routesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/routes',
  validateSearch: ({
    add,
    from,
  }: SaidSearch): { add?: true | undefined; from?: string | undefined } => ({
    add: flag(add),
    from: text(from),
  }),
  component: page(() => import('./pages/routes/routes-page.js'), 'RoutesPage'),
});

const searchRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/search',
  validateSearch: ({ q, group, tag, sender, from, to }: SaidSearch): SearchFilter => ({
    q: text(q),
    group: text(group),
    tag: text(tag),
    sender: text(sender),
    from: text(from),
    to: text(to),
  }),
  component: page(() => import('./pages/search/search-page.js'), 'SearchPage'),
});

const chatbotsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/chatbots',
  validateSearch: ({ add }: SaidSearch): { add?: true | undefined } => ({ add: flag(add) }),
  component: page(() => import('./pages/chatbots/chatbots-page.js'), 'ChatbotsPage'),
});

const chatbotRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/chatbots/$chatbotId',
  validateSearch: ({
    view,
    show,
  }: SaidSearch): {
    view?: 'test' | 'usage' | undefined;
    show?: 'bot' | 'human' | 'closed' | undefined;
  } => ({
    view: oneOf(view, ['test', 'usage']),
    show: oneOf(show, ['bot', 'human', 'closed']),
  }),
  component: page(() => import('./pages/chatbots/chatbot-page.js'), 'ChatbotPage'),
});

const ROW_STATES: readonly BulkRowState[] = [
  ...(['pending', 'queued', 'sent', 'delivered', 'read'] as const),
  ...(['failed', 'cancelled', 'invalid', 'duplicate'] as const),
];

interface BulkSearch {
  view?: 'templates' | 'delivery' | undefined;
  add?: true | undefined;
}

const bulkRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/bulk',
  validateSearch: ({ view, add }: SaidSearch): BulkSearch => ({
    view: oneOf(view, ['templates', 'delivery']),
    add: flag(add),
  }),
  component: page(() => import('./pages/bulk/bulk-page.js'), 'BulkPage'),
});

const newSendRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/bulk/new',
  validateSearch: ({ template }: SaidSearch): { template?: string | undefined } => ({
    template: text(template),
  }),
  component: page(() => import('./pages/bulk/new-send-page.js'), 'NewSendPage'),
});

const bulkSendRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/bulk/$bulkId',
  validateSearch: ({ show }: SaidSearch): { show?: BulkRowState | undefined } => ({
    show: oneOf(show, ROW_STATES),
  }),
  component: page(() => import('./pages/bulk/send-page.js'), 'SendPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/settings',
  component: page(() => import('./pages/settings/settings-page.js'), 'SettingsPage'),
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
    component: page(() => import('./pages/settings/profile.js'), 'Profile'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/slots',
    component: page(() => import('./pages/settings/slots.js'), 'Slots'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/replies',
    component: page(() => import('./pages/settings/replies.js'), 'Replies'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/labels',
    component: page(() => import('./pages/settings/labels.js'), 'Labels'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/users',
    component: page(() => import('./pages/settings/users.js'), 'Users'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/keys',
    component: page(() => import('./pages/settings/api-keys.js'), 'ApiKeys'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/knowledge',
    component: page(() => import('./pages/settings/knowledge.js'), 'Knowledge'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/audit',
    validateSearch: ({ action }: SaidSearch): { action?: string | undefined } => ({
      action: text(action),
    }),
    component: page(() => import('./pages/settings/audit.js'), 'Audit'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/jobs',
    validateSearch: ({ queue }: SaidSearch): { queue?: string | undefined } => ({
      queue: text(queue),
    }),
    component: page(() => import('./pages/settings/jobs.js'), 'Jobs'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/about',
    component: page(() => import('./pages/settings/about.js'), 'About'),
  }),
] as const;

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    setUpRoute,
    joinRoute,
    aloneRoute.addChildren([homeRoute, welcomeRoute]),
    signedInRoute.addChildren([
      inboxRoute,
      accountsRoute,
      accountRoute,
      routesRoute,
      searchRoute,
      chatbotsRoute,
      chatbotRoute,
      bulkRoute,
      newSendRoute,
      bulkSendRoute,
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
