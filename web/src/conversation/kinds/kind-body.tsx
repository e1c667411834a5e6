import type { Message } from '@patchbay/contract';
import { Ban, EyeOff, Forward } from 'lucide-react';
import type { ReactNode } from 'react';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import { hasMedia, MessageMedia } from '../message-media.js';
import { MessageText } from '../message-text.js';
import { ContactCards, InviteCard, LinkCard, PlaceCard } from './cards.js';
import { EventCard } from './event-card.js';
import { PollCard } from './poll-card.js';

/** From so many steps on, a message was "forwarded many times". */
const MANY = 5;

/** What a message says, each kind in its own form. */
export function KindBody({ message }: { message: Message }): ReactNode {
  if (message.deleted) {
    return <Quiet icon={<Ban className="size-4" aria-hidden />}>{messageWords.deleted}</Quiet>;
  }
  return (
    <>
      {message.forwarded && <Forwarded score={message.forwardingScore ?? 1} />}
      {message.viewOnce && message.type !== 'other' && (
        <Quiet icon={<EyeOff className="size-4" aria-hidden />}>{messageWords.viewOnce}</Quiet>
      )}
      <Said message={message} />
    </>
  );
}

function Said({ message }: { message: Message }): ReactNode {
  if (hasMedia(message)) return <MessageMedia message={message} />;
  switch (message.type) {
    case 'text':
      return (
        <>
          <LinkCard message={message} />
          <MessageText
            text={message.content}
            mentions={message.mentions}
            mentionNames={message.mentionNames}
          />
        </>
      );
    case 'location':
      return <PlaceCard message={message} />;
    case 'contact':
      return <ContactCards message={message} />;
    case 'poll':
      return <PollCard message={message} />;
    case 'event':
      return <EventCard message={message} />;
    case 'group_invite':
      return <InviteCard message={message} />;
    default:
      return <Other message={message} />;
  }
}

/** Other kinds by their name, with whatever text comes with it. */
function Other({ message }: { message: Message }) {
  if (message.viewOnce) {
    return (
      <Quiet icon={<EyeOff className="size-4" aria-hidden />}>
        {messageWords.viewOnceElsewhere}
      </Quiet>
    );
  }
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

function Quiet({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-13 text-soft italic">
      {icon}
      {children}
    </span>
  );
}

function Forwarded({ score }: { score: number }) {
  return (
    <p className="flex items-center gap-1 text-12 text-soft italic">
      <Forward className="size-3.5" aria-hidden />
      {score >= MANY ? messageWords.forwardedManyTimes : messageWords.forwarded}
    </p>
  );
}
