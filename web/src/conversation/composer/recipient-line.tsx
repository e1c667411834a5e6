import type { Chat } from '@patchbay/contract';
import { ChevronDown } from 'lucide-react';
import { words } from '../../words/words.js';
import { ChatPicker, type Choice } from '../chat-picker.js';

export interface Recipient {
  chatId: string;
  label: string;
}

/** Whom to write to, where the thread alone does not say it. */
export function RecipientLine({
  chats,
  recipient,
  onRecipient,
}: {
  chats: Chat[];
  recipient: Recipient | null;
  onRecipient: (recipient: Recipient) => void;
}) {
  const choose = ({ chatId, label }: Choice) => chatId && onRecipient({ chatId, label });
  return (
    <div className="-ml-2 flex min-w-0 items-center">
      <ChatPicker
        chats={chats}
        allowNumber
        onChoose={choose}
        trigger={
          <button
            type="button"
            className="flex h-10 min-w-0 items-center gap-1.5 rounded-6 px-2 text-13 hover:bg-sunken"
          >
            <span className="text-soft">{words.send.to}</span>
            <span className="truncate font-medium" dir="auto">
              {recipient?.label ?? words.send.choose}
            </span>
            <ChevronDown className="size-4 shrink-0 text-soft" aria-hidden />
          </button>
        }
      />
    </div>
  );
}
