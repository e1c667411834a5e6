import type { Message, MessagePage, SendText } from '@patchbay/contract';
import {
  type InfiniteData,
  type Mutation,
  useMutation,
  useMutationState,
  useQueryClient,
} from '@tanstack/react-query';
import { sendFile, sendText } from '../api/commands.js';
import { keys } from '../api/queries.js';
import { messageOf } from '../api/request.js';
import { withMessage } from '../live/reduce.js';
import type { Attachment } from './attachments.js';

export interface Outgoing extends SendText {
  /** The file to send; the text is its caption. */
  attachment?: Attachment;
  /** When the person pressed Send, ISO. */
  at: string;
  quotedContent?: string;
}

/** A message on its way to the server, or refused by it. */
export interface PendingSend {
  key: string;
  message: Message;
  retry(): void;
  discard(): void;
}

/** The key makes all tries of one wish one message. */
type Wish = Outgoing & { key: string };
type SendMutation = Mutation<Message, Error, Wish>;

/**
 * Sending never waits and never loses text: each message is shown at once, they leave one after the
 * other, and a refused one stays with its reason until it is sent again or discarded.
 */
export function useSend(sessionId: string) {
  const cache = useQueryClient();
  const mutationKey = ['send', sessionId];
  const { mutate } = useMutation({
    mutationKey,
    scope: { id: `send ${sessionId}` },
    gcTime: Number.POSITIVE_INFINITY,
    mutationFn: async (outgoing: Wish): Promise<Message> => {
      const { at: _at, quotedContent: _content, attachment, key, ...body } = outgoing;
      const { messageId, chatId } = attachment
        ? await sendFile(sessionId, attachment.file, { ...body, caption: body.text }, key)
        : await sendText(sessionId, body, key);
      return { ...shownAs(outgoing), id: messageId, chatId };
    },
    onSuccess: (message) => {
      for (const chatId of [null, message.chatId]) {
        cache.setQueryData<InfiniteData<MessagePage, string | null>>(
          keys.chatMessages(sessionId, chatId),
          (data) => data && { ...data, pages: withNew(data.pages, message) },
        );
      }
    },
  });
  const pending = useMutationState<PendingSend | null>({
    filters: { mutationKey },
    select: (any) => {
      const mutation = any as SendMutation;
      const { status, variables, error } = mutation.state;
      if (!variables || status === 'success' || status === 'idle') return null;
      const discard = () => cache.getMutationCache().remove(mutation);
      return {
        key: String(mutation.mutationId),
        message: {
          ...shownAs(variables),
          status: status === 'error' ? 'failed' : 'sending',
          error: error && messageOf(error),
        },
        discard,
        retry() {
          discard();
          mutate({ ...variables, at: new Date().toISOString() });
        },
      };
    },
  });
  const send = (outgoing: Outgoing) => mutate({ ...outgoing, key: newKey() });
  return { send, pending: pending.filter((each) => each !== null) };
}

/** `crypto.randomUUID` is missing on pages that came over plain http. */
function newKey(): string {
  return `page-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
}

/** The stream may have brought the message already, and further than this. */
function withNew(pages: MessagePage[], message: Message): MessagePage[] {
  const known = pages.some((page) =>
    page.messages.some((other) => other.id === message.id && other.chatId === message.chatId),
  );
  return known ? pages : withMessage(pages, message);
}

function shownAs(outgoing: Outgoing): Message {
  const { chatId, text, at, quotedMessageId, quotedContent, attachment } = outgoing;
  return {
    id: `pending ${at}`,
    chatId,
    content: text,
    timestamp: at,
    fromMe: true,
    senderName: null,
    senderJid: null,
    type: 'text',
    ...(attachment && shownFile(attachment)),
    status: 'queued',
    error: null,
    reactions: [],
    ...(quotedMessageId && {
      quotedMessage: { id: quotedMessageId, content: quotedContent ?? '' },
    }),
  };
}

/** Until the server says what it made of a file: the picture itself, anything else by its name. */
function shownFile({ file, preview }: Attachment): Partial<Message> {
  const { name: filename, size, type: mimetype } = file;
  return {
    type: preview ? 'image' : 'document',
    filename,
    mimetype,
    mediaUrl: preview ?? '',
    media: { size },
  };
}
