import type { Chat } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import {
  AudioLines,
  Ban,
  CalendarDays,
  ChartBarBig,
  FileText,
  Image,
  type LucideIcon,
  MapPin,
  NotebookPen,
  Sticker,
  UserRound,
  Video,
} from 'lucide-react';
import { meQuery } from '../../api/queries.js';
import { draftKey, useDraft } from '../../conversation/drafts.js';
import { Ticks } from '../../conversation/ticks.js';
import { withNames } from '../../format/called.js';
import { useTyping } from '../../live/typing.js';
import { inboxWords } from '../../words/inbox-words.js';
import { words } from '../../words/words.js';

const ICONS: Record<string, LucideIcon> = {
  image: Image,
  video: Video,
  audio: AudioLines,
  document: FileText,
  sticker: Sticker,
  location: MapPin,
  contact: UserRound,
  poll: ChartBarBig,
  event: CalendarDays,
  revoked: Ban,
};

/** What was last said in a chat, in one line; who types now goes before it. */
export function Preview({ chat }: { chat: Chat }) {
  const typing = useTyping(chat.sessionId, chat.id);
  const userId = useQuery(meQuery).data?.userId ?? '';
  const draft = useDraft(draftKey(userId, chat.sessionId, chat.id)).text.trim();
  if (typing) {
    return (
      <span className="min-w-0 flex-1 truncate text-accent-text">
        {typing === 'recording' ? inboxWords.recordingShort : inboxWords.typingShort}
      </span>
    );
  }
  if (draft) {
    return (
      <span className="min-w-0 flex-1 truncate" dir="auto">
        <span className="text-danger">{inboxWords.draft} </span>
        {draft}
      </span>
    );
  }
  if (chat.lastNote) {
    return (
      <span className="flex min-w-0 flex-1 items-center gap-1 text-attention">
        <NotebookPen className="size-3.5 shrink-0" role="img" aria-label={inboxWords.note} />
        <span className="truncate" dir="auto">
          {chat.lastNote.text}
        </span>
      </span>
    );
  }
  const { lastMessage } = chat;
  if (!lastMessage) return <span className="flex-1" />;
  const { fromMe, senderName, type, status } = lastMessage;
  const content = withNames(lastMessage.content, lastMessage.mentionNames);
  const Icon = ICONS[type];
  const who = fromMe ? null : chat.isGroup && senderName;
  const kind = words.kinds[type === 'revoked' ? 'revoke' : type];
  return (
    <span className="flex min-w-0 flex-1 items-center gap-1">
      {fromMe && <Ticks status={status} />}
      {who && (
        <span className="flex max-w-[40%] shrink-0" dir="auto">
          <span className="truncate">{who}</span>:
        </span>
      )}
      {Icon && <Icon className="size-3.5 shrink-0" role="img" aria-label={kind} />}
      <span className="truncate" dir="auto">
        {type === 'system'
          ? withNames(lastMessage.content, lastMessage.mentionNames, '')
          : content || kind}
      </span>
    </span>
  );
}
