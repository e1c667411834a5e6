import type { Chat, Message } from '@patchbay/contract';
import { ArrowDown } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { formatDay, formatFull } from '../format/time.js';
import { Button } from '../ui/button.js';
import { useHalfMinutes } from '../ui/now.js';
import { words } from '../words/words.js';
import { useActs } from './kinds/act.js';
import { MessageBubble } from './message-bubble.js';
import type { PendingSend } from './sending/unsent.js';
import { type ThreadRow, threadRows } from './thread-rows.js';

/** Further up than this, the newest message counts as out of sight. */
const NEAR_END_PX = 80;

interface ThreadProps {
  messages: Message[];
  pending: PendingSend[];
  chats: Map<string, Chat>;
  /** Messages of several chats, with a heading where the chat changes. */
  mixed: boolean;
  older: { exists: boolean; loading: boolean; load: () => void };
  /** Shown above the first message that is known. */
  beginning: ReactNode;
  onRetry: (message: Message) => void;
  onShowChat: (chatId: string) => void;
}

/**
 * The messages, oldest at the top. The scroller is laid out from its bottom, so that the newest
 * message is in view from the start and nothing moves when older ones arrive above.
 */
export function Thread(props: ThreadProps) {
  const { messages, pending, mixed, older } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { away, fresh, onScroll } = useAway(messages);
  const rows = threadRows([...messages, ...pending.map((each) => each.message)], mixed);
  const byKey = new Map(pending.map((each) => [each.message, each]));
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        onScroll={onScroll}
        role="log"
        aria-label={words.messages.label}
        aria-busy={older.loading}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: lets the keyboard scroll it
        tabIndex={0}
        className="flex h-full flex-col-reverse overflow-y-auto -outline-offset-2"
      >
        <div className="px-3 pt-2 pb-4 sm:px-4">
          {older.exists ? <Older {...older} scroller={scroller} /> : props.beginning}
          {rows.map((row) => (
            <Row
              key={row.key}
              row={row}
              pending={row.kind === 'message' ? byKey.get(row.message) : undefined}
              chats={props.chats}
              mixed={mixed}
              onRetry={props.onRetry}
              onShowChat={props.onShowChat}
            />
          ))}
        </div>
      </div>
      {away && (
        <Button
          className="absolute! right-4 bottom-3 rounded-full shadow-2"
          icon={<ArrowDown className="size-4" aria-hidden />}
          onClick={() => scroller.current?.scrollTo({ top: 0, behavior: 'smooth' })}
        >
          {fresh > 0 ? words.messages.newCount(fresh) : words.messages.latest}
        </Button>
      )}
    </div>
  );
}

/** Whether the newest message is out of sight, and how many came since. */
function useAway(messages: Message[]) {
  const [since, setSince] = useState<string | null>(null);
  const newest = messages.at(-1)?.id ?? '';
  const index = since === null ? -1 : messages.findIndex((message) => message.id === since);
  return {
    away: since !== null,
    fresh: index < 0 ? 0 : messages.length - 1 - index,
    onScroll: (event: React.UIEvent) => {
      // Laid out from the bottom, the distance to the end is the negative scroll position.
      const far = -event.currentTarget.scrollTop > NEAR_END_PX;
      setSince((current) => (far ? (current ?? newest) : null));
    },
  };
}

interface OlderProps {
  loading: boolean;
  load: () => void;
  scroller: RefObject<HTMLDivElement | null>;
}

/** Loads by itself when it comes near; the button is for those who do not scroll. */
function Older({ loading, load, scroller }: OlderProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!ref.current || loading) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load(), {
      root: scroller.current,
      rootMargin: '400px',
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [loading, load, scroller]);
  return (
    <div ref={ref} className="flex justify-center pb-2">
      <Button look="quiet" busy={loading} onClick={load}>
        {loading ? words.messages.loadingOlder : words.messages.older}
      </Button>
    </div>
  );
}

type RowProps = Omit<ThreadProps, 'pending' | 'messages' | 'older' | 'beginning'> & {
  row: ThreadRow;
  pending?: PendingSend;
};

function Row({ row, pending, chats, mixed, onRetry, onShowChat }: RowProps): ReactNode {
  const acts = useActs();
  if (row.kind === 'day') return <Day at={row.at} />;
  if (row.kind === 'chat') {
    const name = chats.get(row.chatId)?.name ?? words.messages.chat;
    return (
      <div className="mt-3 -mb-2 flex items-center gap-3">
        <button
          type="button"
          onClick={() => onShowChat(row.chatId)}
          title={words.messages.showOnly(name)}
          className="-ml-2 flex h-10 min-w-0 items-center rounded-6 px-2 text-13 font-semibold text-soft hover:bg-sunken hover:text-text"
        >
          <span className="truncate" dir="auto">
            {name}
          </span>
        </button>
        <span className="h-px flex-1 bg-line" aria-hidden />
      </div>
    );
  }
  const { message, grouped } = row;
  if (message.type === 'system') return <SystemLine message={message} />;
  return (
    <MessageBubble
      message={message}
      grouped={grouped}
      showSender={chats.get(message.chatId)?.isGroup ?? false}
      acts={pending ? null : acts}
      failedActions={
        <>
          {(pending || message.type === 'text') && (
            <SmallButton onClick={pending ? pending.retry : () => onRetry(message)}>
              {words.send.tryAgain}
            </SmallButton>
          )}
          {pending && <SmallButton onClick={pending.discard}>{words.send.discard}</SmallButton>}
        </>
      }
      key={mixed ? `mixed ${row.key}` : row.key}
    />
  );
}

/** A notice of WhatsApp's about the chat. */
function SystemLine({ message }: { message: Message }) {
  return (
    <p
      data-message={message.id}
      title={formatFull(new Date(message.timestamp))}
      dir="auto"
      className="mx-auto my-2 w-fit max-w-[82%] rounded-6 bg-sunken px-3 py-1 text-center text-12 text-soft wrap-anywhere-soft"
    >
      {message.content}
    </p>
  );
}

function SmallButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="h-10 rounded-6 px-2 font-medium text-accent-text hover:underline"
    >
      {children}
    </button>
  );
}

function Day({ at }: { at: Date }) {
  const now = useHalfMinutes();
  return (
    <div className="mt-4 flex justify-center">
      <span className="rounded-full bg-sunken px-3 py-0.5 text-12 font-medium text-soft">
        {formatDay(at, now)}
      </span>
    </div>
  );
}
