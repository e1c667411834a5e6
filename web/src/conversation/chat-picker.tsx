import type { Chat } from '@patchbay/contract';
import { OnDemand, type Trigger } from '../ui/on-demand.js';

export interface Choice {
  /** A chat's id, or a phone number in digits; null for all chats. */
  chatId: string | null;
  label: string;
  detail?: string;
  /** How the chat is set on the phone. */
  marks?: Pick<Chat, 'archived' | 'pinned' | 'muted' | 'markedUnread' | 'unreadCount'>;
}

export interface ChatPickerProps {
  trigger: Trigger;
  chats: Chat[];
  /** Offered above the chats. */
  first?: Choice;
  /** Whether a number that is no chat yet may be chosen. */
  allowNumber?: boolean;
  onChoose: (choice: Choice) => void;
}

/** A button that opens a searchable list of chats. */
export function ChatPicker({ trigger, ...rest }: ChatPickerProps) {
  return <OnDemand trigger={trigger} load={load} rest={rest} popup="dialog" />;
}

const load = async () => (await import('./chat-choices.js')).ChatChoices;
