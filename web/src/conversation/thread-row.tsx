import type { Chat, Message, Note } from '@patchbay/contract';
import clsx from 'clsx';
import { NotebookPen } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { chatName } from '../chat-name.js';
import { withNames } from '../format/called.js';
import { formatClock, formatDay, formatFull } from '../format/time.js';
import { useHalfMinutes } from '../ui/now.js';
import { words } from '../words/words.js';
import { useActs } from './kinds/act.js';
import { MessageBubble } from './message-bubble.js';
import { isRepeatable } from './sending/again.js';
import type { PendingSend } from './sending/unsent.js';
import type { ThreadRow } from './thread-rows.js';

interface RowProps {
  row: Exclude<ThreadRow, { kind: 'edge' }>;
  /** While it is on its way to the server. */
  pending: PendingSend | undefined;
  chats: Map<string, Chat>;
  /** Somebody has just jumped to it. */
  pointedAt: boolean;
  onRetry: (message: Message) => void;
  onShowChat: (chatId: string) => void;
}

/** One line of a thread. */
export const Row = memo(function Row(props: RowProps): ReactNode {
  const { row, pending, chats, pointedAt, onRetry, onShowChat } = props;
  const acts = useActs();
  switch (row.kind) {
    case 'day':
      return <Day at={row.at} />;
    case 'unread':
      return <Unread />;
    case 'note':
      return <NoteRow note={row.note} />;
    case 'chat': {
      const chat = chats.get(row.chatId);
      const name = chat ? chatName(chat) : words.messages.chat;
      return <ChatHeading name={name} onShow={() => onShowChat(row.chatId)} />;
    }
  }
  const { message, grouped } = row;
  if (message.type === 'system') return <SystemLine message={message} />;
  return (
    <div
      className={clsx('-mx-4 px-4 transition-colors duration-500', pointedAt && 'bg-accent-soft')}
    >
      <MessageBubble
        message={message}
        grouped={grouped}
        showSender={chats.get(message.chatId)?.isGroup ?? false}
        acts={pending ? null : acts}
        failedActions={
          <>
            {(pending || isRepeatable(message)) && (
              <SmallButton onClick={pending ? pending.retry : () => onRetry(message)}>
                {words.send.tryAgain}
              </SmallButton>
            )}
            {pending && <SmallButton onClick={pending.discard}>{words.send.discard}</SmallButton>}
          </>
        }
      />
    </div>
  );
});

/** What somebody of the team noted: on a surface of its own, so that nobody takes it for sent. */
function NoteRow({ note }: { note: Note }) {
  const at = new Date(note.timestamp);
  return (
    <article
      aria-label={words.messages.note}
      data-note={note.id}
      className="mx-auto my-2 flex w-fit max-w-[min(36rem,90%)] gap-2.5 rounded-10 border border-dashed border-attention bg-attention-soft px-3 py-2"
    >
      <NotebookPen className="mt-0.5 size-4 shrink-0 text-attention" aria-hidden />
      <div className="min-w-0">
        <p className="whitespace-pre-wrap wrap-anywhere-soft" dir="auto">
          {note.text}
        </p>
        <p className="mt-0.5 text-12 text-attention">
          {words.messages.note}
          {note.authorName && ` · ${note.authorName}`}
          {' · '}
          <time dateTime={note.timestamp} title={formatFull(at)} className="nums">
            {formatClock(at)}
          </time>
        </p>
      </div>
    </article>
  );
}

/** A notice of WhatsApp's about the chat. */
function SystemLine({ message }: { message: Message }) {
  return (
    <div className="py-2">
      <p
        data-message={message.id}
        title={formatFull(new Date(message.timestamp))}
        dir="auto"
        className="mx-auto w-fit max-w-[82%] rounded-6 bg-sunken px-3 py-1 text-center text-12 text-soft wrap-anywhere-soft"
      >
        {withNames(message.content, message.mentionNames, '')}
      </p>
    </div>
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

function ChatHeading({ name, onShow }: { name: string; onShow: () => void }) {
  return (
    <div className="flex items-center gap-3 pt-3">
      <button
        type="button"
        onClick={onShow}
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

function Day({ at }: { at: Date }) {
  const now = useHalfMinutes();
  return (
    <div className="flex justify-center pt-4 pb-1">
      <span className="rounded-full bg-sunken px-3 py-0.5 text-12 font-medium text-soft">
        {formatDay(at, now)}
      </span>
    </div>
  );
}

function Unread() {
  return (
    <div className="flex items-center gap-3 pt-4 pb-1 text-12 font-semibold text-accent-text">
      <span className="h-px flex-1 bg-accent" aria-hidden />
      {words.messages.unread}
      <span className="h-px flex-1 bg-accent" aria-hidden />
    </div>
  );
}
