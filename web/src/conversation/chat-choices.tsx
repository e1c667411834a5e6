import type { Chat } from '@patchbay/contract';
import { Archive, BellOff, Pin } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { chatName } from '../chat-name.js';
import { folded } from '../format/folded.js';
import { formatPhone, parsePhone } from '../format/phone.js';
import { ComboList } from '../ui/combo-list.js';
import { Initials } from '../ui/initials.js';
import { words } from '../words/words.js';
import type { ChatPickerProps, Choice } from './chat-picker.js';

const SHOWN_AT_ONCE = 50;

/** The searchable list of chats on its button. */
export function ChatChoices({ trigger, onChoose, ...list }: ChatPickerProps) {
  const [open, setOpen] = useState(true);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={words.send.choose}
          className="z-40 w-80 max-w-[calc(100vw-1rem)] animate-appear rounded-10 border border-line bg-raised shadow-2 outline-none"
        >
          <ChoiceList
            {...list}
            onChoose={(choice) => {
              setOpen(false);
              onChoose(choice);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ChoiceList({ chats, first, allowNumber, onChoose }: Omit<ChatPickerProps, 'trigger'>) {
  const [typed, setTyped] = useState('');
  return (
    <ComboList
      label={words.send.search}
      listLabel={words.send.chats}
      nothing={allowNumber ? words.send.noMatch : words.accounts.noMatchTitle}
      items={choicesFor(typed, chats, first, allowNumber)}
      keyOf={({ chatId }) => chatId ?? 'all'}
      typed={typed}
      onType={setTyped}
      onChoose={onChoose}
    >
      {ChoiceLine}
    </ComboList>
  );
}

function ChoiceLine({ chatId, label, detail, marks }: Choice) {
  return (
    <>
      <Initials id={chatId ?? ''} name={label} className="size-8! text-12!" />
      <span className="min-w-0">
        <span className="block truncate" dir="auto">
          {label}
        </span>
        {detail && detail !== label && (
          <span className="block truncate text-12 text-soft nums">{detail}</span>
        )}
      </span>
      {marks && <Marks marks={marks} />}
    </>
  );
}

/** Pinned, muted, archived, and how much is unread. */
function Marks({ marks }: { marks: NonNullable<Choice['marks']> }) {
  const { archived, pinned, muted, markedUnread, unreadCount } = marks;
  const unread = unreadCount > 0 ? unreadCount.toLocaleString() : '';
  return (
    <span className="ml-auto flex shrink-0 items-center gap-1.5 pl-2 text-soft">
      {pinned && <Pin className="size-3.5" role="img" aria-label={words.chats.pinned} />}
      {muted && <BellOff className="size-3.5" role="img" aria-label={words.chats.muted} />}
      {archived && <Archive className="size-3.5" role="img" aria-label={words.chats.archived} />}
      {(unread || markedUnread) && (
        <span
          role="img"
          aria-label={words.chats.unread(unread)}
          className="min-w-4.5 rounded-full bg-accent px-1 text-center text-12 text-on-accent nums"
        >
          {unread || '•'}
        </span>
      )}
    </span>
  );
}

/** Pinned chats first, archived ones last, else as they came. */
function inOrder(chats: Chat[]): Chat[] {
  const rank = (chat: Chat) => (chat.archived ? 2 : chat.pinned ? 0 : 1);
  return chats.toSorted((a, b) => rank(a) - rank(b));
}

function choicesFor(
  typed: string,
  chats: Chat[],
  first: Choice | undefined,
  allowNumber: boolean | undefined,
): Choice[] {
  const word = folded(typed.trim());
  const digits = word.replace(/\D/g, '');
  const found = chats.filter(
    (chat) =>
      folded(chatName(chat)).includes(word) || (digits.length > 2 && chat.phone?.includes(digits)),
  );
  const choices = inOrder(found).slice(0, SHOWN_AT_ONCE).map(choiceOf);
  if (first && word === '') choices.unshift(first);
  const phone = allowNumber ? parsePhone(typed) : null;
  if (phone && !found.some((chat) => chat.phone === phone)) choices.push(numberChoice(phone));
  return choices;
}

function choiceOf(chat: Chat): Choice {
  const detail = chat.isGroup
    ? words.messages.group
    : chat.phone
      ? formatPhone(chat.phone)
      : undefined;
  return { chatId: chat.id, label: chatName(chat), detail, marks: chat };
}

function numberChoice(phone: string): Choice {
  return {
    chatId: phone,
    label: formatPhone(phone),
    detail: words.send.sendTo(formatPhone(phone)),
  };
}
