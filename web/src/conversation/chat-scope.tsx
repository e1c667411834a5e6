import type { Chat, Message, Session } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useMemo,
  useState,
} from 'react';
import { participantsQuery } from '../api/queries.js';
import { chatName } from '../chat-name.js';
import { formatPhone } from '../format/phone.js';
import { words } from '../words/words.js';
import { userOf } from './composer/mentions.js';

const ImageViewer = lazy(() => import('./viewer/image-viewer.js'));

/** What the bubbles of a conversation know of where they stand. */
interface ChatScopeValue {
  sessionId: string;
  /** How to call somebody; never a jid. */
  nameOf: (jid: string) => string;
  /** Shows a picture in full. */
  view: (message: Message) => void;
}

const Scope = createContext<ChatScopeValue>({
  sessionId: '',
  nameOf: () => words.group.unknown,
  view: () => undefined,
});

export function useChatScope(): ChatScopeValue {
  return useContext(Scope);
}

interface ChatScopeProps {
  session: Session;
  chat: string | null;
  chats: Chat[];
  children: ReactNode;
}

/** Around a conversation: who its people are, and the viewer of its pictures. */
export function ChatScope({ session, chat, chats, children }: ChatScopeProps) {
  const [viewed, setViewed] = useState<Message | null>(null);
  const isGroup = chats.some(({ id, isGroup }) => id === chat && isGroup);
  const members = useInfiniteQuery({
    ...participantsQuery(session.id, chat ?? ''),
    enabled: isGroup,
    staleTime: 60_000,
  }).data;
  const { id: sessionId, jid: ownJid } = session;
  // A chat changes with every message, its name does not: no bubble is drawn again for nothing.
  const known = JSON.stringify(chats.map(({ id, name, phone }) => ({ id, name, phone })));
  const value = useMemo(() => {
    const names = new Map<string, string>();
    for (const chat of JSON.parse(known) as Pick<Chat, 'id' | 'name' | 'phone'>[]) {
      const { id, phone } = chat;
      const name = chatName(chat);
      if (phone) names.set(phone, name);
      names.set(userOf(id), name);
    }
    for (const { jid, name, phone } of (members?.pages ?? []).flatMap(
      (page) => page.participants,
    )) {
      const called = name ?? (phone ? formatPhone(phone) : undefined);
      if (called) names.set(userOf(jid), called);
    }
    if (ownJid) names.set(userOf(ownJid), words.messages.you);
    const nameOf = (jid: string) => {
      const user = userOf(jid);
      const isPhone = jid.endsWith('@s.whatsapp.net') && /^\d+$/.test(user);
      return names.get(user) ?? (isPhone ? formatPhone(user) : words.group.unknown);
    };
    return { sessionId, nameOf, view: setViewed };
  }, [sessionId, ownJid, known, members]);
  return (
    <Scope value={value}>
      {children}
      {viewed && (
        <Suspense>
          <ImageViewer sessionId={sessionId} message={viewed} onClose={() => setViewed(null)} />
        </Suspense>
      )}
    </Scope>
  );
}
