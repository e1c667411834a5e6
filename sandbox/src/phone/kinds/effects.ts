import type { Account } from '../../protocol/seam.js';
import type { PhoneMessage } from '../message-log.js';
import type { PhoneContext } from '../phone-context.js';
import { timerKey } from './write.js';

/** What a message does to others and to its chat, on the phone that sent or got it. */
export function takeEffect(context: PhoneContext, message: PhoneMessage, author: Account): void {
  const { kind, chat, seconds = 0 } = message;
  if (kind === 'timer') context.records.setJson(timerKey(chat), seconds);
  const target = message.target ?? message.reaction?.messageId;
  if (target === undefined) return;
  const changed = context.log.change(target, (before) => changeOf(message, before, author.phone));
  if (changed) context.tell({ type: 'message', message: changed });
}

function changeOf(
  message: PhoneMessage,
  before: PhoneMessage,
  by: string,
): Partial<PhoneMessage> | undefined {
  switch (message.kind) {
    case 'reaction':
      return { reactions: withAnswer(before.reactions, by, message.reaction?.emoji) };
    case 'poll_vote': {
      const options = message.vote;
      if (!options) return undefined;
      return { votes: withAnswer(before.votes, by, options.length ? options : undefined) };
    }
    case 'event_response':
      return message.response && { responses: { ...before.responses, [by]: message.response } };
    case 'edit':
      if (before.from !== by) return undefined;
      return { text: message.text, edited: (before.edited ?? 0) + 1 };
    case 'revoke':
      // In a group also by an admin: the server lets no others through.
      return { text: '', revoked: true };
    case 'pin':
      return { pinned: message.pinned ?? false };
    default:
      return undefined;
  }
}

function withAnswer<Answer>(
  answers: Record<string, Answer> | undefined,
  phone: string,
  answer: Answer | undefined,
): Record<string, Answer> {
  const { [phone]: _, ...others } = answers ?? {};
  return answer ? { ...others, [phone]: answer } : others;
}
