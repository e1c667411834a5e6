import type { QueryClient } from '@tanstack/react-query';

/** Forgets what was shown to somebody who has left; what the page now before us asks for stays. */
export function forgetShown(cache: QueryClient): void {
  cache.removeQueries({ predicate: (query) => query.getObserversCount() === 0 });
}
