import type { Message } from '@patchbay/contract';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { withNames } from '../format/called.js';
import { formatClock, formatFull } from '../format/time.js';
import { words } from '../words/words.js';
import { useChatScope } from './chat-scope.js';
import type { MessageActs } from './kinds/act.js';
import { ActButtons } from './kinds/act-buttons.js';
import { BubbleMarks } from './kinds/bubble-marks.js';
import { KindBody } from './kinds/kind-body.js';
import { Reactions } from './kinds/reactions.js';
import { SendState } from './kinds/send-state.js';
import { Ticks } from './ticks.js';

interface MessageBubbleProps {
  message: Message;
  /** Stands right under another one of the same author. */
  grouped: boolean;
  showSender: boolean;
  /** What can be done with it; nothing while it is on its way to the server. */
  acts: MessageActs | null;
  /** Beside a message that failed: what can be done. */
  failedActions?: ReactNode;
}

export function MessageBubble(props: MessageBubbleProps) {
  const { message, grouped, showSender, acts, failedActions } = props;
  const { fromMe, senderJid } = message;
  const { nameOf } = useChatScope();
  const sender = message.senderName ?? (senderJid ? nameOf(senderJid) : null);
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
          <span className="sr-only">{fromMe ? words.messages.you : sender}: </span>
          {showSender && !grouped && !fromMe && sender && (
            <p className="truncate text-13 font-semibold text-accent-text" dir="auto" aria-hidden>
              {sender}
            </p>
          )}
          <Quoted message={message} acts={acts} />
          <KindBody message={message} />
          <span className="float-right mt-1.5 -mb-0.5 ml-3 inline-flex items-center gap-1 text-12 text-soft nums">
            <BubbleMarks message={message} />
            <time dateTime={message.timestamp} title={formatFull(at)}>
              {formatClock(at)}
            </time>
            {fromMe && <Ticks status={message.status} />}
          </span>
        </div>
        <Reactions message={message} acts={acts} />
        <SendState message={message} actions={failedActions} />
      </div>
      {acts && <ActButtons message={message} acts={acts} />}
    </div>
  );
}

/** What it answers; a press shows it. */
function Quoted({ message, acts }: Pick<MessageBubbleProps, 'message' | 'acts'>) {
  const { quotedMessage: quoted, chatId } = message;
  if (!quoted) return null;
  const who = quoted.fromMe ? words.messages.you : quoted.senderName;
  const kind = words.kinds[quoted.type === 'revoked' ? 'revoke' : (quoted.type ?? '')];
  return (
    <button
      type="button"
      disabled={!acts}
      onClick={() => acts?.jump({ id: quoted.id, chatId })}
      title={words.messages.showQuoted}
      className="my-1 block w-full rounded-[4px] border-l-3 border-accent bg-[color-mix(in_srgb,var(--text)_6%,transparent)] px-2 py-1 text-left text-13 text-soft enabled:hover:bg-[color-mix(in_srgb,var(--text)_10%,transparent)]"
    >
      <span className="sr-only">{words.messages.showQuoted}: </span>
      {who && (
        <span className="block truncate font-medium text-accent-text" dir="auto">
          {who}
        </span>
      )}
      <span className="line-clamp-2 wrap-anywhere-soft" dir="auto">
        {withNames(quoted.content, quoted.mentionNames) || (kind ?? words.messages.quotedGone)}
      </span>
    </button>
  );
}
