import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { participantsQuery } from '../../api/queries.js';
import { formatPhone } from '../../format/phone.js';
import type { Suggestion, Trigger } from './suggestions.js';

const MOST = 8;
const MOST_MEMBERS = 50;

/** What fits the words before the caret. */
export function useSuggested(
  trigger: Trigger | null,
  sessionId: string,
  chatId: string | undefined,
): Suggestion[] {
  const emoji = useEmoji(trigger?.kind === 'emoji' ? trigger.word : null);
  const members = useMembers(
    trigger?.kind === 'member' ? trigger.word : null,
    sessionId,
    chatId ?? '',
  );
  if (trigger?.kind === 'emoji') return emoji;
  return trigger?.kind === 'member' ? members : [];
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
  const typed = word.toLocaleLowerCase();
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
        (label
          .toLocaleLowerCase()
          .split(/\s+/)
          .some((part) => part.startsWith(typed)) ||
          (phone?.includes(typed) ?? false)),
    )
    .slice(0, MOST_MEMBERS)
    .map(({ phone: _phone, ...member }) => ({ ...member, text: `@${member.label} ` }));
}
