import { useMemo, useSyncExternalStore } from 'react';

/** Whether the window fits a media query now. */
function useMediaQuery(query: string): boolean {
  const list = useMemo(() => window.matchMedia(query), [query]);
  return useSyncExternalStore(
    (listener) => {
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => list.matches,
  );
}

/** One pane at a time. */
export const useIsPhone = () => useMediaQuery('(width < 40rem)');
/** Room for a third pane beside list and conversation. */
export const useIsWide = () => useMediaQuery('(width >= 80rem)');
