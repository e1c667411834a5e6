import type { Message } from '@patchbay/contract';
import clsx from 'clsx';
import { Reply } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatClock, formatFull } from '../../format/time.js';
import { words } from '../../words/words.js';
import { hasMedia, MessageMedia } from './message-media.js';
import { MessageText } from './message-text.js';
import { Ticks } from './ticks.js';

interface MessageBubbleProps {
  message: Message;
  /** Stands right under another one of the same author. */
  grouped: boolean;
  showSender: boolean;
  onReply?: () => void;
  /** Beside a message that failed: what can be done. */
  failedActions?: ReactNode;
}

export function MessageBubble(props: MessageBubbleProps) {
  const { message, grouped, showSender, onReply, failedActions } = props;
  const { fromMe } = message;
  const at = new Date(message.timestamp);
  return (
    <div
      data-message={message.id}
      className={clsx(
        'group flex items-center gap-1',
        fromMe ? 'flex-row-reverse' : 'flex-row',
        grouped ? 'mt-0.5' : 'mt-2',
      )}
    >
      <div className={clsx('flex min-w-0 max-w-[min(36rem,82%)] flex-col', fromMe && 'items-end')}>
        <div
          className={clsx(
            'max-w-full rounded-10 px-3 py-1.5 shadow-1',
            fromMe ? 'bg-bubble-out' : 'bg-bubble-in',
            !grouped && (fromMe ? 'rounded-tr-[3px]' : 'rounded-tl-[3px]'),
          )}
        >
          <span className="sr-only">{fromMe ? words.messages.you : message.senderName}: </span>
          {showSender && !grouped && !fromMe && message.senderName && (
            <p className="truncate text-13 font-semibold text-accent-text" dir="auto" aria-hidden>
              {message.senderName}
            </p>
          )}
          {message.quotedMessage && (
            <p
              className="my-1 line-clamp-2 rounded-[4px] border-l-3 border-accent bg-[color-mix(in_srgb,var(--text)_6%,transparent)] px-2 py-1 text-13 text-soft wrap-anywhere-soft"
              dir="auto"
            >
              {message.quotedMessage.content}
            </p>
          )}
          <Body message={message} />
          <span className="float-right mt-1.5 -mb-0.5 ml-3 inline-flex items-center gap-1 text-12 text-soft nums">
            <time dateTime={message.timestamp} title={formatFull(at)}>
              {formatClock(at)}
            </time>
            {fromMe && <Ticks status={message.status} />}
          </span>
        </div>
        <Reactions message={message} />
        {message.dueAt && waitsLong(message) && (
          <p className="mt-1 text-13 text-soft nums">
            {words.pacing.due(formatClock(new Date(message.dueAt)))}
          </p>
        )}
        {message.status === 'failed' && (
          <div className="mt-1 flex flex-wrap items-center gap-x-2 text-13 text-danger">
            <span className="wrap-anywhere-soft">{message.error ?? words.send.failed}</span>
            {failedActions}
          </div>
        )}
      </div>
      {onReply && (
        <button
          type="button"
          onClick={onReply}
          title={words.messages.reply}
          aria-label={words.messages.replyTo(
            fromMe ? words.messages.you : (message.senderName ?? words.messages.chat),
          )}
          className="flex size-10 shrink-0 items-center justify-center rounded-6 text-soft transition-opacity hover:text-text focus-visible:opacity-100 group-hover:opacity-100 [@media(hover:hover)]:opacity-0"
        >
          <Reply className="size-4.5" aria-hidden />
        </button>
      )}
    </div>
  );
}

/** Worth saying: most messages leave within a moment. */
function waitsLong({ status, dueAt }: Message): boolean {
  return status === 'queued' && Date.parse(dueAt ?? '') > Date.now() + 10_000;
}

/** The text; for other kinds the kind's name, with whatever text comes with it. */
function Body({ message }: { message: Message }) {
  if (message.type === 'text') return <MessageText text={message.content} />;
  if (hasMedia(message)) return <MessageMedia message={message} />;
  const kind = words.kinds[message.type] ?? words.kinds.other;
  return (
    <>
      <span className="mr-2 rounded-[4px] bg-neutral-soft px-1.5 py-0.5 text-12 font-medium text-neutral">
        {kind}
      </span>
      {message.content && message.content !== kind && <MessageText text={message.content} />}
    </>
  );
}

function Reactions({ message: { reactions } }: { message: Message }) {
  if (reactions.length === 0) return null;
  const counts = new Map<string, number>();
  for (const { emoji } of reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  return (
    <div className="z-1 -mt-1 ml-2 flex gap-1">
      {[...counts].map(([emoji, count]) => (
        <span
          key={emoji}
          className="rounded-full border border-line bg-surface px-1.5 text-13 leading-5.5 nums"
        >
          {emoji}
          {count > 1 && ` ${count}`}
        </span>
      ))}
    </div>
  );
}
