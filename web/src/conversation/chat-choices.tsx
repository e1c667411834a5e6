import type { Chat } from '@patchbay/contract';
import clsx from 'clsx';
import { Archive, BellOff, Pin, Search } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type KeyboardEvent, useId, useState } from 'react';
import { formatPhone, parsePhone } from '../format/phone.js';
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
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const choices = choicesFor(typed, chats, first, allowNumber);
  const active = Math.min(at, choices.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = choices[active];
    if (step) {
      const next = (active + step + choices.length) % Math.max(1, choices.length);
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && chosen) onChoose(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="relative border-b border-line">
        <Search className="absolute top-3.5 left-3 size-4 text-soft" aria-hidden />
        <input
          role="combobox"
          aria-label={words.send.search}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={choices.length > 0 ? `${id}-${active}` : undefined}
          placeholder={words.send.search}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-11 w-full rounded-t-10 bg-transparent pr-3 pl-9 -outline-offset-2 max-sm:text-16"
        />
      </div>
      <div
        id={id}
        role="listbox"
        aria-label={words.send.chats}
        className="max-h-72 overflow-y-auto p-1"
      >
        {choices.map((choice, index) => (
          <Option
            key={choice.chatId ?? 'all'}
            id={`${id}-${index}`}
            choice={choice}
            active={index === active}
            onPoint={() => setAt(index)}
            onChoose={() => onChoose(choice)}
          />
        ))}
      </div>
      {choices.length === 0 && (
        <p className="px-3 pt-1 pb-3 text-13 text-soft" role="status">
          {allowNumber ? words.send.noMatch : words.accounts.noMatchTitle}
        </p>
      )}
    </>
  );
}

interface OptionProps {
  id: string;
  choice: Choice;
  active: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

function Option({ id, choice, active, onPoint, onChoose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the focus and the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onPointerMove={onPoint}
      onClick={onChoose}
      className={clsx(
        'flex min-h-11 items-center gap-2.5 rounded-6 px-2 py-1',
        active && 'bg-sunken',
      )}
    >
      <Initials id={choice.chatId ?? ''} name={choice.label} className="size-8! text-12!" />
      <span className="min-w-0">
        <span className="block truncate" dir="auto">
          {choice.label}
        </span>
        {choice.detail && choice.detail !== choice.label && (
          <span className="block truncate text-12 text-soft nums">{choice.detail}</span>
        )}
      </span>
      {choice.marks && <Marks marks={choice.marks} />}
    </div>
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
  const word = typed.trim().toLocaleLowerCase();
  const digits = word.replace(/\D/g, '');
  const found = chats.filter(
    (chat) =>
      chat.name.toLocaleLowerCase().includes(word) ||
      (digits.length > 2 && chat.phone?.includes(digits)),
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
  return { chatId: chat.id, label: chat.name, detail, marks: chat };
}

function numberChoice(phone: string): Choice {
  return {
    chatId: phone,
    label: formatPhone(phone),
    detail: words.send.sendTo(formatPhone(phone)),
  };
}
