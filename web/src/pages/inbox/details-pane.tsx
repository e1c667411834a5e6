import type { Chat, Session } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { Copy, X } from 'lucide-react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { aboutQuery } from '../../api/inbox.js';
import { chatName } from '../../chat-name.js';
import { GroupFactsAndPeople } from '../../conversation/group-info.js';
import { formatPhone } from '../../format/phone.js';
import { AccountColour } from '../../ui/account-colour.js';
import { IconButton } from '../../ui/button.js';
import { Picture, pictureNow } from '../../ui/picture.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { BotInChat } from './bot-in-chat.js';
import { Part } from './details-part.js';
import { FindInChat } from './find-in-chat.js';
import { SharedFiles } from './shared-files.js';
import { TeamTools } from './team-tools.js';

interface DetailsPaneProps {
  chat: Chat;
  session: Session;
  onClose: () => void;
}

/** Who it is, what the team does about it, and what was said long ago. */
export function DetailsPane({ chat, session, onClose }: DetailsPaneProps) {
  const name = chatName(chat);
  return (
    <>
      <header className="flex h-15 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
        <h2 className="flex-1 font-semibold">{words.details}</h2>
        <IconButton label={words.hideDetails} onClick={onClose}>
          <X className="size-5" aria-hidden />
        </IconButton>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: lets the keyboard scroll it */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto -outline-offset-2">
        <div className="flex flex-col items-center px-4 pt-6 pb-4 text-center">
          <Picture
            id={chat.id}
            name={name}
            url={pictureNow(chat.profilePicUrl, session.state.status === 'connected')}
            className="size-18! text-20"
          />
          <p className="mt-3 max-w-full text-16 font-semibold wrap-anywhere-soft" dir="auto">
            {name}
          </p>
          {chat.phone && <PhoneNumber phone={chat.phone} />}
          <p className="mt-1 flex max-w-full items-center gap-1.5 text-13 text-soft">
            <AccountColour session={session} className="size-2 rounded-full" />
            <span className="truncate" dir="auto">
              {words.via(accountName(session))}
            </span>
          </p>
          {!chat.isGroup && session.state.status === 'connected' && <AboutText chat={chat} />}
        </div>
        <TeamTools key={`${chat.sessionId}/${chat.id}`} chat={chat} />
        {!chat.isGroup && <BotInChat chat={chat} />}
        <FindInChat key={`find ${chat.sessionId}/${chat.id}`} chat={chat} />
        <SharedFiles key={`shared ${chat.sessionId}/${chat.id}`} chat={chat} />
        {chat.isGroup && (
          <Part title={words.group}>
            <GroupFactsAndPeople sessionId={chat.sessionId} groupId={chat.id} />
          </Part>
        )}
      </div>
    </>
  );
}

function PhoneNumber({ phone }: { phone: string }) {
  const shown = formatPhone(phone);
  const copy = async () => {
    await navigator.clipboard.writeText(`+${phone}`);
    toast.success(words.copied);
  };
  return (
    <p className="flex items-center text-soft nums">
      {shown}
      <IconButton label={words.copyNumber} onClick={() => void copy()} className="-mr-10">
        <Copy className="size-4" aria-hidden />
      </IconButton>
    </p>
  );
}

/** What the person says of himself, where it is shown to us. */
function AboutText({ chat }: { chat: Chat }) {
  const { data } = useQuery(aboutQuery(chat.sessionId, chat.id));
  if (!data?.text) return null;
  return (
    <p className="mt-3 text-soft wrap-anywhere-soft" dir="auto">
      {data.text}
    </p>
  );
}
