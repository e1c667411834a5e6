import { type Chat, fillCannedReply } from '@patchbay/contract';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meQuery, participantsQuery } from '../../api/queries.js';
import { cannedRepliesQuery } from '../../api/team.js';
import { ownName } from '../../chat-name.js';
import { folded } from '../../format/folded.js';
import { formatPhone } from '../../format/phone.js';
import type { Suggestion, Trigger } from './suggestions.js';

const MOST = 8;
const MOST_MEMBERS = 50;

/** Where something is written: whose members and names are meant. */
export interface SuggestedFor {
  sessionId: string;
  chatId: string | undefined;
  chat: Chat | undefined;
}

/** What fits the words before the caret. */
export function useSuggested(
  trigger: Trigger | null,
  { sessionId, chatId, chat }: SuggestedFor,
): Suggestion[] {
  const wordOf = (kind: Trigger['kind']) => (trigger?.kind === kind ? trigger.word : null);
  const emoji = useEmoji(wordOf('emoji'));
  const members = useMembers(wordOf('member'), sessionId, chatId ?? '');
  const replies = useReplies(wordOf('reply'), chat);
  return { emoji, member: members, reply: replies, none: [] }[trigger?.kind ?? 'none'];
}

/** The team's canned replies and the own ones, with what is known put in their places. */
function useReplies(word: string | null, chat: Chat | undefined): Suggestion[] {
  const { data } = useQuery({ ...cannedRepliesQuery, enabled: word !== null });
  const agent = useQuery(meQuery).data?.name;
  if (word === null) return [];
  const typed = folded(word);
  const phone = chat?.phone ? formatPhone(chat.phone) : undefined;
  return (data?.replies ?? [])
    .filter(({ shortcut }) => folded(shortcut).includes(typed))
    .sort((a, b) => rank(a.shortcut, typed) - rank(b.shortcut, typed))
    .slice(0, MOST)
    .map(({ id, shortcut, text }) => ({
      key: id,
      label: `/${shortcut}`,
      detail: text,
      text: fillCannedReply(text, { name: chat && ownName(chat), phone, agent }),
    }));
}

function rank(shortcut: string, typed: string): number {
  return folded(shortcut).startsWith(typed) ? 0 : 1;
}

function useEmoji(word: string | null): Suggestion[] {
  const found = useQuery({
    queryKey: ['emoji', word],
    queryFn: async () => (await import('./emoji-data.js')).searchEmoji(word ?? '', MOST),
    enabled: word !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  }).data;
  return (found ?? []).map(({ emoji, slug }) => ({
    key: emoji,
    sign: emoji,
    label: `:${slug}:`,
    text: `${emoji} `,
  }));
}

/** Every member of the group, page by page, once somebody types `@`. */
function useMembers(word: string | null, sessionId: string, chatId: string): Suggestion[] {
  const asked = word !== null && chatId !== '';
  const query = useInfiniteQuery({ ...participantsQuery(sessionId, chatId), enabled: asked });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (asked && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [asked, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (word === null) return [];
  const typed = folded(word);
  return (data?.pages ?? [])
    .flatMap(({ participants }) => participants)
    .map(({ jid, name, phone }) => {
      const number = phone ? formatPhone(phone) : undefined;
      return {
        key: jid,
        jid,
        label: name ?? number ?? '',
        detail: name ? number : undefined,
        phone,
      };
    })
    .filter(
      ({ label, phone }) =>
        label !== '' &&
        (folded(label)
          .split(/\s+/)
          .some((part) => part.startsWith(typed)) ||
          (phone?.includes(typed) ?? false)),
    )
    .slice(0, MOST_MEMBERS)
    .map(({ phone: _phone, ...member }) => ({ ...member, text: `@${member.label} ` }));
}
