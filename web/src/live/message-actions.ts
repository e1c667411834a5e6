import type { LogEvent, Message, MessagePage } from '@patchbay/contract';

/** Events by which a message that is shown already changes. */
export type ActionEvent = Extract<LogEvent, { data: { actionId: string } }>;

/** The pages with one message changed as an event tells; the same object when it is not among them. */
export function withAction(pages: MessagePage[], event: ActionEvent): MessagePage[] {
  const { chatId, messageId } = event.data;
  const concerns = (message: Message) => message.id === messageId && message.chatId === chatId;
  if (!pages.some(({ messages }) => messages.some(concerns))) return pages;
  return pages.map((page) => ({
    ...page,
    messages: page.messages.map((message) =>
      concerns(message) ? { ...message, ...changeOf(message, event) } : message,
    ),
  }));
}

function changeOf(message: Message, event: ActionEvent): Partial<Message> {
  switch (event.name) {
    case 'message.reaction': {
      const { emoji, fromMe } = event.data;
      const senderJid = event.data.senderJid ?? '';
      const others = message.reactions.filter((each) => each.senderJid !== senderJid);
      return { reactions: emoji ? [...others, { emoji, fromMe, senderJid }] : others };
    }
    case 'message.edited':
      return {
        content: event.data.content,
        ...(message.mediaUrl !== undefined && { caption: event.data.content }),
        edited: (message.edited ?? 0) + 1,
      };
    case 'message.deleted':
      return { content: '', type: 'revoked', deleted: true };
    case 'message.pinned':
      return { pinned: event.data.pinned ? { until: event.data.until } : undefined };
    case 'poll.vote':
      return message.poll ? { poll: voted(message.poll, event.data) } : {};
    case 'event.response':
      return message.event ? { event: answered(message.event, event.data) } : {};
  }
}

function voted(
  poll: NonNullable<Message['poll']>,
  { senderJid, fromMe, options: chosen }: Extract<ActionEvent, { name: 'poll.vote' }>['data'],
): NonNullable<Message['poll']> {
  const voter = senderJid ?? '';
  const options = poll.options.map(({ name, voters }) => {
    const others = voters.filter((jid) => jid !== voter);
    return { name, voters: chosen.includes(name) ? [...others, voter] : others };
  });
  return { ...poll, options, ownVote: fromMe ? chosen : poll.ownVote };
}

function answered(
  event: NonNullable<Message['event']>,
  data: Extract<ActionEvent, { name: 'event.response' }>['data'],
): NonNullable<Message['event']> {
  const { fromMe, response, extraGuests } = data;
  const senderJid = data.senderJid ?? '';
  const others = event.responses.filter((each) => each.senderJid !== senderJid);
  return { ...event, responses: [...others, { senderJid, fromMe, response, extraGuests }] };
}
