import './app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { type AnyRoute, RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Toaster } from 'sonner';
import { cache, router } from './router.js';
import { useTheme } from './shell/theme.js';

function App() {
  const theme = useTheme();
  return (
    <QueryClientProvider client={cache}>
      <RouterProvider router={router} />
      <Toaster
        theme={theme}
        position="bottom-right"
        toastOptions={{ classNames: { actionButton: 'bg-accent! text-on-accent! h-8!' } }}
        duration={6_000}
        mobileOffset={{ bottom: 76 }}
      />
    </QueryClientProvider>
  );
}

// The code of the page comes while the server is asked who we are.
const routes: Record<string, AnyRoute> = router.routesById;
for (const { routeId } of router.matchRoutes(router.latestLocation)) {
  const route = routes[routeId];
  if (route) void router.loadRouteChunk(route);
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
