import type { Chat, Message, SendContent, Session } from '@patchbay/contract';
import { lazy, type ReactNode, type RefObject, Suspense, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import { sendContent } from '../api/commands.js';
import { messageOf } from '../api/request.js';
import { formatPhone } from '../format/phone.js';
import { words } from '../words/words.js';
import { ChatScope } from './chat-scope.js';
import { ChatThread } from './chat-thread.js';
import type { Recipient } from './composer/recipient-line.js';
import { type Begun, EarlyField } from './early-field.js';
import { ActsContext, type MessageActs } from './kinds/act.js';
import { again } from './sending/again.js';
import { useBlocked } from './use-blocked.js';
import { useSend } from './use-send.js';

// The thread is read first; what one writes with follows.
const loadComposer = () => import('./composer/composer.js');
const Composer = lazy(async () => ({ default: (await loadComposer()).Composer }));

/** Fetches the code of the composer before there is something to write in. */
export function expectComposer(): void {
  void loadComposer().catch(() => undefined);
}

interface ConversationProps {
  session: Session;
  /** The chat that is shown; null for the messages of all chats of the session. */
  chat: string | null;
  /** The chats of the session that are known: names, and whom one can write to. */
  chats: Chat[];
  /** The message to show; without one, the newest, or the first that is unread. */
  message?: string | undefined;
  /** How many messages were unread when the chat was opened. */
  unread?: number;
  /** Somebody wants to see a chat, at a certain message or at its newest. */
  onShow: (chatId: string, message?: string) => void;
  /** Where the account to answer from is chosen, if there is a choice. */
  from?: ReactNode;
  /** Lets the page put the cursor where one writes, and answer a message. */
  ref?: RefObject<ConversationHandle | null>;
}

export interface ConversationHandle {
  focus(): void;
}

/** What was said, and the box to write in. */
export function Conversation(props: ConversationProps) {
  const { session, chat, chats, message, unread = 0, onShow, ref } = props;
  const byId = useMemo(() => new Map(chats.map((each) => [each.id, each])), [chats]);
  const { send, pending } = useSend(session.id);
  const [chosen, setChosen] = useState<Recipient | null>(null);
  const [quote, setQuote] = useState<Message | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  // Back from another place of the chat, it opens at its newest message.
  const jumped = useRef(false);
  if (message) jumped.current = true;
  const connected = session.state.status === 'connected';
  const ownBox = useRef<ConversationHandle>(null);
  const box = ref ?? ownBox;
  const begun = useRef<Begun>({ caret: null, send: false });

  const recipientOf = (chatId: string): Recipient => ({ chatId, label: chatLabel(byId, chatId) });
  // Among several chats a person chooses; a guess would sooner or later write to the wrong one.
  const recipient = chosen ?? (chat ? recipientOf(chat) : null);

  const writesTo = recipient && byId.get(recipient.chatId);
  const blocked = useBlocked(session, writesTo?.isGroup ? writesTo.id : null);

  const act = (of: Message, content: SendContent) => {
    sendContent(session.id, { chatId: of.chatId, content }).catch(complain);
  };
  const edit = async (of: Message, text: string, mentions: string[] | undefined) => {
    if (text === of.content) return true;
    const content: SendContent = { type: 'edit', targetId: of.id, text, mentions };
    try {
      await sendContent(session.id, { chatId: of.chatId, content });
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  };
  const turnTo = (to: Message, toEdit: boolean) => {
    setChosen(recipientOf(to.chatId));
    setQuote(toEdit ? null : to);
    setEditing(toEdit ? to : null);
    box.current?.focus();
  };
  const jump = (to: Pick<Message, 'id' | 'chatId'>) => onShow(to.chatId, to.id);
  const acts = useStableActs({
    connected,
    act,
    reply: (to) => turnTo(to, false),
    edit: (to) => turnTo(to, true),
    jump,
  });
  return (
    <ChatScope session={session} chat={chat} chats={chats}>
      <ActsContext value={acts}>
        <ChatThread
          key={message ?? ''}
          session={session}
          chat={chat}
          chats={byId}
          message={message}
          unread={jumped.current ? 0 : unread}
          pending={pending}
          onShow={onShow}
          onRetry={(of) => void again(of).then(send, complain)}
        />
      </ActsContext>
      <Suspense
        fallback={
          <EarlyField
            ref={box}
            sessionId={session.id}
            chatId={recipient?.chatId}
            tall={!chat}
            begun={begun}
          />
        }
      >
        <Composer
          ref={box}
          begun={begun}
          sessionId={session.id}
          chats={chats}
          recipient={recipient}
          from={props.from}
          choosesRecipient={!chat || recipient?.chatId !== chat}
          quote={quote?.chatId === recipient?.chatId ? quote : null}
          editing={editing?.chatId === recipient?.chatId ? editing : null}
          connected={connected}
          blocked={blocked}
          onRecipient={(next) => {
            setChosen(next);
            box.current?.focus();
          }}
          onQuoteEnd={() => {
            setQuote(null);
            setEditing(null);
          }}
          onEdit={edit}
          onSend={send}
        />
      </Suspense>
    </ChatScope>
  );
}

function complain(error: unknown): void {
  toast.error(messageOf(error));
}

/** How a chat is called while its own entry may not be known yet. */
export function chatLabel(chats: Map<string, Chat>, chatId: string): string {
  const name = chats.get(chatId)?.name;
  return name ?? (/^\d+$/.test(chatId) ? formatPhone(chatId) : words.messages.chat);
}

/** The same object as long as the connection stays: no bubble has to be drawn again for it. */
function useStableActs(acts: MessageActs): MessageActs {
  const latest = useRef(acts);
  latest.current = acts;
  return useMemo(
    () => ({
      connected: acts.connected,
      act: (...all) => latest.current.act(...all),
      reply: (...all) => latest.current.reply(...all),
      edit: (...all) => latest.current.edit(...all),
      jump: (...all) => latest.current.jump(...all),
    }),
    [acts.connected],
  );
}
