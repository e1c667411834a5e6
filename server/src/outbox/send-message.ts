import { createHash } from 'node:crypto';
import type { OutgoingMessage } from '@patchbay/contract';
import { ERRORS } from '@patchbay/contract';
import type { SendableContent } from '../chats/sendable-content.js';
import { ApiError } from '../http/api-error.js';
import type { JobHandler } from '../jobs/job.js';
import { Hopeless } from '../jobs/job.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { Sending, SendRequest } from './sending.js';

interface Tools {
  sessions: SessionStore;
  sending: Sending;
  kinds: SendableContent;
}

/**
 * Hands the message of a job to the outbox. The job's id is the idempotency key: delivered again it
 * is the same message. Answers with the message's id.
 */
export function sendMessage({ sessions, sending, kinds }: Tools): JobHandler<OutgoingMessage> {
  return {
    run: async (payload, { id }) => {
      const { sessionId: asked, ...said } = payload;
      const { id: sessionId, owner_id } = await senderOf(sessions, asked);
      const idempotencyKey = `job-${createHash('sha256').update(id).digest('hex')}`;
      const { chatId, sendAt, expiresAt, ...what } = said;
      const { text = '', quotedMessageId, linkPreview, audience } = what;
      const written = {
        ...{ type: 'text' as const, text },
        ...(quotedMessageId && { quotedMessageId }),
        ...(linkPreview && { linkPreview }),
      };
      const to = { chatId, sendAt, expiresAt, idempotencyKey };
      const content: SendRequest['content'] = (chatJid) =>
        kinds.from({ sessionId, chatJid }, what.content ?? written, audience);
      try {
        const accepted = await sending.take(owner_id, sessionId, { ...to, content, said: what });
        return { result: { messageId: accepted.messageId, chatId: accepted.chatId } };
      } catch (error) {
        throw lasting(error) ? new Hopeless(error.message, { cause: error }) : error;
      }
    },
  };
}

/** The account that is meant: named, or the only one there is. */
async function senderOf(sessions: SessionStore, id: string | undefined) {
  if (id !== undefined) {
    const row = await sessions.find(id);
    if (!row) throw new Hopeless(`sessionId: there is no account "${id}"`);
    return row;
  }
  const [only, ...more] = await sessions.list([{}]);
  if (!only) throw new Hopeless('sessionId: there is no account yet');
  if (more.length > 0) {
    throw new Hopeless(`sessionId: needed, for there are ${more.length + 1} accounts`);
  }
  return only;
}

/** What will be refused again whenever it is tried. A number that is not linked may be soon. */
function lasting(error: unknown): error is ApiError {
  if (!(error instanceof ApiError) || error.code === 'session_not_linked') return false;
  return ERRORS[error.code].status < 500;
}
