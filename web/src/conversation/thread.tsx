import type { Chat, Message, Note } from '@patchbay/contract';
import { ArrowDown } from 'lucide-react';
import {
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Virtualizer } from 'virtua';
import { Button } from '../ui/button.js';
import { whenIdle } from '../ui/when-idle.js';
import { words } from '../words/words.js';
import type { PendingSend } from './sending/unsent.js';
import { Row } from './thread-row.js';
import { rowKey, type ThreadRow, threadRows } from './thread-rows.js';
import type { Further } from './use-messages.js';
import { useThreadScroll } from './use-thread-scroll.js';

export interface ThreadProps {
  messages: Message[];
  /** What the team noted between them. */
  notes: Note[];
  pending: PendingSend[];
  chats: Map<string, Chat>;
  /** Messages of several chats, with a heading where the chat changes. */
  mixed: boolean;
  older: Further;
  newer: Further;
  /** Shown above the first message that there is. */
  beginning: ReactNode;
  /** The first message that nobody has read: the thread opens there. */
  unreadFrom?: string | undefined;
  /** The message to show, again for each new object. */
  target: { id: string } | null;
  onLatest: () => void;
  onRetry: (message: Message) => void;
  onShowChat: (chatId: string) => void;
}

/** About a bubble of one or two lines; what is in sight is measured (px). */
const ROW_PX = 60;
/** Drawn beyond what is in sight, once that is there (px). */
const BEYOND = 600;

const TOP: ThreadRow = { kind: 'edge', key: 'top' };
const BOTTOM: ThreadRow = { kind: 'edge', key: 'bottom' };

/**
 * The messages, oldest at the top; only what is in sight is in the document. It opens at the newest
 * message, at the first unread one or at a target, and stays where it is when others come above.
 */
export function Thread(props: ThreadProps) {
  const { messages, notes, pending, mixed, older, newer, unreadFrom, target, chats } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => {
    // What waits to be sent is newer than everything.
    const sending = newer.exists ? [] : pending.map((each) => each.message);
    const between = threadRows([...messages, ...sending], { mixed, unreadFrom, notes });
    return [TOP, ...between, BOTTOM];
  }, [messages, notes, pending, newer.exists, mixed, unreadFrom]);
  const byMessage = useMemo(
    () => new Map(pending.map((each) => [rowKey(each.message), each])),
    [pending],
  );
  const { handle, away, fresh, pointedAt, shift, onScroll, onResize, toEnd } = useThreadScroll({
    rows,
    messages,
    older,
    newer,
    target,
    unreadFrom,
  });
  const opened = useOpened();
  const latest = () => (newer.exists ? props.onLatest() : toEnd());
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-label={words.messages.label}
        // Rows come and go as it is scrolled; new messages are told below.
        aria-live="off"
        aria-busy={older.loading || newer.loading}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: lets the keyboard scroll it
        tabIndex={0}
        className="flex h-full flex-col overflow-x-hidden overflow-y-auto px-3 -outline-offset-2 [overflow-anchor:none] sm:px-4"
      >
        <div className="grow" />
        <Virtualizer
          ref={handle}
          scrollRef={scroller}
          data={rows}
          shift={shift}
          itemSize={ROW_PX}
          bufferSize={opened ? BEYOND : 0}
          onScroll={onScroll}
          onResize={onResize}
        >
          {(row) =>
            row.kind === 'edge' ? (
              <Edge key={row.key} row={row} {...props} />
            ) : (
              <Row
                key={row.key}
                row={row}
                pending={byMessage.get(row.key)}
                chats={chats}
                pointedAt={row.kind === 'message' && row.message.id === pointedAt}
                onRetry={props.onRetry}
                onShowChat={props.onShowChat}
              />
            )
          }
        </Virtualizer>
      </div>
      <NewMessages messages={messages} />
      {(away || newer.exists) && (
        <Button
          className="absolute! right-4 bottom-3 rounded-full shadow-2"
          icon={<ArrowDown className="size-4" aria-hidden />}
          onClick={latest}
        >
          {fresh > 0 ? words.messages.newCount(fresh) : words.messages.latest}
        </Button>
      )}
    </div>
  );
}

/** Above the first row and below the last one; more loads by itself when one of them comes near. */
function Edge({ row, older, newer, beginning }: ThreadProps & { row: { key: string } }) {
  if (row.key === 'bottom') {
    return (
      <div className="pb-4">
        {newer.exists && <More further={newer}>{words.messages.newer}</More>}
      </div>
    );
  }
  return (
    <div className="min-h-2 pt-2">
      {older.exists ? <More further={older}>{words.messages.older}</More> : beginning}
    </div>
  );
}

/** For those who do not scroll. */
function More({ further: { loading, load }, children }: { further: Further; children: string }) {
  return (
    <div className="flex justify-center py-1">
      <Button look="quiet" busy={loading} onClick={load}>
        {children}
      </Button>
    </div>
  );
}

/** Tells those who listen what has just come in. */
function NewMessages({ messages }: { messages: Message[] }) {
  const newest = messages.at(-1);
  const first = useFirst(newest ? rowKey(newest) : '');
  const news = newest && !newest.fromMe && rowKey(newest) !== first.current ? newest : null;
  return (
    <p className="sr-only" aria-live="polite">
      {news && words.messages.newFrom(news.senderName ?? words.messages.chat)}
    </p>
  );
}

/** Whether the first messages have been painted. */
function useOpened(): boolean {
  const [opened, setOpened] = useState(false);
  useEffect(() => whenIdle(() => setOpened(true)), []);
  return opened;
}

/** What a value was at the beginning: that is no news. */
function useFirst(value: string): RefObject<string> {
  const first = useRef(value);
  useLayoutEffect(() => {
    first.current ||= value;
  });
  return first;
}
