import type { Chat, Session } from '@patchbay/contract';
import { ArrowLeft, CheckCheck, Ellipsis, PanelRight, RotateCcw } from 'lucide-react';
import { accountName } from '../../account-name.js';
import { chatName } from '../../chat-name.js';
import { formatPhone } from '../../format/phone.js';
import { useTyping } from '../../live/typing.js';
import { AccountColour } from '../../ui/account-colour.js';
import { Button, IconButton } from '../../ui/button.js';
import { OnDemand } from '../../ui/on-demand.js';
import { Picture, pictureNow } from '../../ui/picture.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { useChangeChat } from './use-change-chat.js';
import type { useReading } from './use-reading.js';

interface ChatHeaderProps {
  chat: Chat;
  session: Session;
  detailsShown: boolean;
  onDetails: () => void;
  onBack: () => void;
  reading: ReturnType<typeof useReading>;
}

/** Who it is, through which account, and what can be done with the chat as a whole. */
export function ChatHeader(props: ChatHeaderProps) {
  const { chat, session, detailsShown, onDetails, onBack, reading } = props;
  const change = useChangeChat()(chat);
  const name = chatName(chat);
  const resolved = chat.status === 'resolved';
  return (
    <header className="flex h-15 shrink-0 items-center gap-1 border-b border-line bg-surface pr-2 pl-2 sm:pl-4">
      <IconButton label={words.back} onClick={onBack} className="sm:hidden">
        <ArrowLeft className="size-5" aria-hidden />
      </IconButton>
      <button
        type="button"
        onClick={onDetails}
        aria-expanded={detailsShown}
        title={detailsShown ? words.hideDetails : words.showDetails}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-6 px-1 py-1.5 text-left hover:bg-sunken"
      >
        <Picture
          id={chat.id}
          name={name}
          url={pictureNow(chat.profilePicUrl, session.state.status === 'connected')}
          className="text-13"
        />
        <span className="min-w-0">
          <span className="block truncate font-semibold" dir="auto">
            {name}
          </span>
          <Beneath chat={chat} session={session} />
        </span>
      </button>
      <Button
        look="quiet"
        onClick={() => void change.setStatus(resolved ? 'open' : 'resolved')}
        icon={
          resolved ? (
            <RotateCcw className="size-4.5" aria-hidden />
          ) : (
            <CheckCheck className="size-4.5" aria-hidden />
          )
        }
        aria-label={resolved ? words.reopen : words.resolve}
        className="max-sm:w-10 max-sm:px-0"
      >
        <span className="max-sm:hidden">{resolved ? words.reopen : words.resolve}</span>
      </Button>
      <IconButton
        label={detailsShown ? words.hideDetails : words.showDetails}
        aria-pressed={detailsShown}
        onClick={onDetails}
        className="max-sm:hidden aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
      >
        <PanelRight className="size-5" aria-hidden />
      </IconButton>
      <OnDemand
        load={loadMenu}
        rest={{ chat, onUnread: reading.leaveUnread, onDetails }}
        trigger={
          <IconButton label={words.moreForChat}>
            <Ellipsis className="size-5" aria-hidden />
          </IconButton>
        }
      />
    </header>
  );
}

const loadMenu = async () => (await import('./chat-menu.js')).ChatMenu;

function Beneath({ chat, session }: { chat: Chat; session: Session }) {
  const typing = useTyping(chat.sessionId, chat.id);
  if (typing) {
    return (
      <span className="block truncate text-13 text-accent-text" aria-live="polite">
        {typing === 'recording' ? words.recordingShort : words.typingShort}
      </span>
    );
  }
  const number = chat.phone && chatName(chat) !== formatPhone(chat.phone);
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-13 text-soft">
      <AccountColour session={session} className="size-2 rounded-full" />
      <span className="truncate" dir="auto">
        {words.via(accountName(session))}
      </span>
      {number && (
        <span className="shrink-0 nums max-md:hidden">· {formatPhone(chat.phone ?? '')}</span>
      )}
    </span>
  );
}
