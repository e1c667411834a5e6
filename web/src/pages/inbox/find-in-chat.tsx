import type { Chat, MentionNames, SearchPage } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { chatSearchQuery } from '../../api/inbox.js';
import { messageOf } from '../../api/request.js';
import { called, withNames } from '../../format/called.js';
import { MoreButton } from '../../ui/more-button.js';
import { usePaused } from '../../ui/paused.js';
import { Bone } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { Part } from './details-part.js';

type Found = SearchPage['results'][number];

/** Messages of the chat by their words; a press shows one in the conversation. */
export function FindInChat({ chat }: { chat: Chat }) {
  const [typed, setTyped] = useState('');
  const q = usePaused(typed.trim());
  return (
    <Part title={words.findInChat}>
      <div className="relative">
        <Search className="absolute top-2.5 left-3 size-4 text-soft" aria-hidden />
        <input
          type="search"
          aria-label={words.findInChat}
          placeholder={words.findInChat}
          autoComplete="off"
          value={typed}
          maxLength={256}
          onChange={(event) => setTyped(event.target.value)}
          className="h-9 w-full rounded-6 border border-transparent bg-sunken pr-3 pl-9 max-sm:h-10 max-sm:text-16"
        />
      </div>
      {q && <Results chat={chat} q={q} />}
    </Part>
  );
}

function Results({ chat, q }: { chat: Chat; q: string }) {
  const query = useInfiniteQuery(chatSearchQuery(chat.sessionId, chat.id, q));
  const found = query.data?.pages.flatMap(({ results }) => results) ?? [];
  if (query.isPending) {
    return (
      <div className="mt-3 space-y-2" role="status" aria-label={words.findInChat}>
        <Bone className="h-12" />
        <Bone className="h-12" />
      </div>
    );
  }
  if (query.error && found.length === 0) {
    return (
      <p role="alert" className="mt-3 text-13 text-danger">
        {messageOf(query.error)}
      </p>
    );
  }
  if (found.length === 0) return <p className="mt-3 text-13 text-soft">{words.foundNothing}</p>;
  return (
    <>
      <ul aria-label={words.found} className="-mx-2 mt-2">
        {found.map((each) => (
          <li key={each.message.id}>
            <FoundMessage found={each} />
          </li>
        ))}
      </ul>
      <MoreButton query={query}>{words.moreFound}</MoreButton>
    </>
  );
}

function FoundMessage({ found: { message, snippet } }: { found: Found }) {
  return (
    <Link
      from="/inbox"
      to="/inbox"
      search={(search) => ({ ...search, message: message.id, details: undefined })}
      preload={false}
      className="block rounded-6 px-2 py-1.5 hover:bg-sunken"
    >
      <span className="flex justify-between gap-2 text-12 text-soft">
        <span className="truncate" dir="auto">
          {message.fromMe ? words.you : called(message.senderName ?? phoneIn(message.senderJid))}
        </span>
        <When at={message.timestamp} className="shrink-0 nums" />
      </span>
      <span className="line-clamp-2 text-13 wrap-anywhere-soft" dir="auto">
        {marked(snippet, message.mentionNames)}
      </span>
    </Link>
  );
}

/** `+51…`; a LID says nothing to anybody. */
function phoneIn(jid: string | null): string | null {
  const digits = jid && /^(\d+)@s\.whatsapp\.net$/.exec(jid)?.[1];
  return digits ? `+${digits}` : null;
}

function marked(
  { text, highlights }: Found['snippet'],
  names: MentionNames | undefined,
): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end } of highlights) {
    parts.push(
      withNames(text.slice(at, start), names),
      <mark key={start} className="rounded-[2px] bg-attention-soft text-attention">
        {text.slice(start, end)}
      </mark>,
    );
    at = end;
  }
  return [...parts, withNames(text.slice(at), names)];
}
