import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { countsQuery } from '../api/inbox.js';
import { OPEN_CHAT } from '../live/notify.js';

const MARK =
  '<rect width="32" height="32" rx="8" fill="#0d5f60"/><path d="M10 21c0-7 12-3 12-10" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/><circle cx="10" cy="22" r="3.5" fill="#fff"/><circle cx="22" cy="10" r="3.5" fill="#fff"/>';
const DOT = '<circle cx="25" cy="25" r="7" fill="#d9480f" stroke="#fff" stroke-width="2"/>';
const WITH_DOT = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${MARK}${DOT}</svg>`,
)}`;

/** What a tab in the background tells: a dot on its picture, and where a notification leads. */
export function Attention() {
  const router = useRouter();
  const unread = useQuery({ ...countsQuery, select: (counts) => counts.unread > 0 }).data ?? false;
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (icon) icon.href = unread ? WITH_DOT : '/favicon.svg';
  }, [unread]);
  useEffect(() => {
    const open = (event: Event) => {
      const { detail } = event as CustomEvent<string>;
      void router.navigate({ to: '/inbox', search: { chat: detail } });
    };
    window.addEventListener(OPEN_CHAT, open);
    return () => window.removeEventListener(OPEN_CHAT, open);
  }, [router]);
  return null;
}
