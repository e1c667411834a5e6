import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { kept } from '../kept.js';

const PAGES = [
  '/inbox',
  '/accounts',
  '/routes',
  '/search',
  '/chatbots',
  '/bulk',
  '/webhooks',
  '/settings',
] as const;
type Page = (typeof PAGES)[number];

function isPage(value: unknown): value is Page {
  return PAGES.some((page) => page === value);
}

/** Which page this browser showed last; `/` leads there. */
export const lastPage = kept<Page>('patchbay-last-page', isPage, '/inbox');

export function useRememberPage(): void {
  const pathname = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    const page = `/${pathname.split('/')[1]}`;
    if (isPage(page) && page !== lastPage.get()) lastPage.set(page);
  }, [pathname]);
}
