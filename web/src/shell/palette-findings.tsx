import type { ChatPage } from '@patchbay/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { CornerDownRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { accountName } from '../account-name.js';
import { sessionsQuery } from '../api/queries.js';
import { ask } from '../api/request.js';
import { chatName } from '../chat-name.js';
import { folded } from '../format/folded.js';
import { formatPhone } from '../format/phone.js';
import { Initials } from '../ui/initials.js';
import { usePaused } from '../ui/paused.js';
import { shellWords } from '../words/shell-words.js';
import { destinations } from './destinations.js';
import { shownShortcuts } from './shortcuts.js';
import { setTheme } from './theme.js';
import { THEMES } from './theme-button.js';

/** Something that the palette can go to or do. */
export interface Finding {
  key: string;
  group: string;
  label: string;
  hint?: string;
  keys?: string;
  picture: ReactNode;
  run: () => void;
}

const ACCOUNTS_AT_ONCE = 6;
const CHATS_AT_ONCE = 8;

/** What fits what was typed, in the order of its groups. */
export function useFindings(typed: string): { findings: Finding[]; busy: boolean } {
  const pages = usePages();
  const accounts = useAccounts();
  const { chats, busy } = useChats(typed);
  const fitting = fits(typed);
  const found = [
    ...(typed.trim() ? chats : []),
    ...pages.filter(fitting),
    ...accounts.filter(fitting).slice(0, ACCOUNTS_AT_ONCE),
    ...commands().filter(fitting),
    ...(typed.trim() ? [] : chats),
  ];
  return { findings: found, busy };
}

/** The server looks through all of them. */
function useChats(typed: string): { chats: Finding[]; busy: boolean } {
  const router = useRouter();
  const q = usePaused(typed.trim());
  const query = useQuery({
    queryKey: ['palette-chats', q],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ limit: String(CHATS_AT_ONCE), archived: 'all' });
      if (q) params.set('q', q.slice(0, 128));
      return ask<ChatPage>(`/chats?${params}`, { signal });
    },
    placeholderData: keepPreviousData,
  });
  const chats = (query.data?.chats ?? []).map((chat) => ({
    key: `chat ${chat.sessionId}/${chat.id}`,
    group: shellWords.chats,
    label: chatName(chat),
    ...(chat.phone && { hint: formatPhone(chat.phone) }),
    picture: <Initials id={chat.id} name={chatName(chat)} className="size-6! text-[0.625rem]!" />,
    run: () =>
      void router.navigate({ to: '/inbox', search: { chat: `${chat.sessionId}/${chat.id}` } }),
  }));
  return { chats, busy: query.isFetching || q !== typed.trim() };
}

/** All words that were typed stand in the label or the hint, in any order. */
function fits(typed: string): (finding: Finding) => boolean {
  const wanted = folded(typed).split(/\s+/).filter(Boolean);
  return ({ label, hint = '' }) => {
    const text = folded(`${label} ${hint} ${hint.replaceAll(' ', '')}`);
    return wanted.every((word) => text.includes(word));
  };
}

function usePages(): Finding[] {
  const router = useRouter();
  return destinations.map(({ to, label, icon: Icon, key }) => ({
    key: `page ${to}`,
    group: shellWords.pages,
    label,
    keys: `g ${key}`,
    picture: <Icon className="size-5" aria-hidden />,
    run: () => void router.navigate({ to }),
  }));
}

function useAccounts(): Finding[] {
  const router = useRouter();
  const sessions = useQuery(sessionsQuery).data?.sessions ?? [];
  return sessions.map((session) => ({
    key: `account ${session.id}`,
    group: shellWords.accounts,
    label: accountName(session),
    ...(session.phone && { hint: formatPhone(session.phone) }),
    picture: <Initials id={session.id} name={accountName(session)} className="size-6! text-12!" />,
    run: () =>
      void router.navigate({ to: '/accounts/$accountId', params: { accountId: session.id } }),
  }));
}

/** What the keys of the open page do, and the themes. */
function commands(): Finding[] {
  const group = shellWords.commands;
  const byKeys = shownShortcuts().flatMap(({ shortcuts }) =>
    shortcuts
      // Going somewhere has lines of its own, and the palette is open already.
      .filter(({ keys }) => !/^(g |Mod k$|Escape$)/.test(keys))
      .map(({ keys, label, run }) => ({
        key: `command ${keys}`,
        group,
        label,
        keys,
        picture: <CornerDownRight className="size-4.5" aria-hidden />,
        run,
      })),
  );
  const themes = THEMES.map(({ theme, label, icon: Icon }) => ({
    key: `theme ${theme}`,
    group,
    label: shellWords.theme(label),
    picture: <Icon className="size-4.5" aria-hidden />,
    run: () => setTheme(theme),
  }));
  return [...byKeys, ...themes];
}
