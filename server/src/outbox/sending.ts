import { createHash } from 'node:crypto';
import type { MessageContent, MessageStatus, SendAnswer, SendWait } from '@patchbay/contract';
import { chatJidOf } from '../chats/chat-address.js';
import type { MessageStore } from '../chats/message-store.js';
import type { Wakeup } from '../event-log/wakeup.js';
import { ApiError } from '../http/api-error.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { Accepted, AcceptOptions, Outbox, SendingSession } from './outbox.js';
import type { MessageState, OutboxView } from './outbox-view.js';

/** What a client asks to be sent, already in the shape of its schema. */
export interface SendRequest {
  chatId: string;
  /**
   * The content, or how it is made once the session is known to be the caller's; not called again
   * when the idempotency key stands for a message already.
   */
  content: MessageContent | ((chatJid: string) => Promise<MessageContent>);
  /**
   * What the idempotency key stands for beside address and times, where that is not the content: the
   * body from which it is made, the hash of an uploaded file. Anything that JSON can hold.
   */
  said?: unknown;
  sendAt?: string | undefined;
  expiresAt?: string | undefined;
  /** The `Idempotency-Key` header. */
  idempotencyKey?: string | undefined;
  /**
   * The jid that it goes to where that is asked for first; not asked when the idempotency key stands
   * for a message already.
   */
  address?: () => Promise<string>;
  also?: AcceptOptions['also'];
}

/** The HTTP status, and the body. */
interface SendOutcome {
  status: 200 | 202;
  body: SendAnswer;
}

const MAX_AHEAD = 366 * 24 * 60 * 60 * 1000;
/** Hints may be lost, so a waiting request also looks by itself this often (ms). */
const LOOK_EVERY = 2000;

const RANK: Partial<Record<MessageStatus, number>> = { sent: 1, delivered: 2, read: 3, played: 4 };
const ENDED: readonly MessageStatus[] = ['failed', 'expired', 'cancelled'];

/** What every route that sends does: checks, accepts through the outbox, waits for a state. */
export class Sending {
  private readonly closing = new AbortController();

  constructor(
    private readonly sessions: SessionStore,
    private readonly messages: MessageStore,
    private readonly outbox: Outbox,
    private readonly view: OutboxView,
    private readonly wakeup: Wakeup,
  ) {}

  /** The caller's session, linked; throws `session_not_found`, `session_not_linked`. */
  private async session(ownerId: string, id: string): Promise<SendingSession> {
    const row = await this.sessions.sender(id, ownerId);
    if (!row) throw unknownSession(id);
    if (row.linked !== 1) throw new ApiError('session_not_linked');
    return { id, ownerId, jid: row.jid };
  }

  /**
   * All that a route does: accepts a message, waits for a state if the query asks for it, and sets
   * the answer's status.
   * @throws ApiError as `send`
   */
  async answer(
    reply: { status(code: number): unknown },
    ownerId: string,
    sessionId: string,
    request: SendRequest,
    wait: SendWait,
  ): Promise<SendAnswer> {
    const { status, body } = await this.send(ownerId, sessionId, request, wait);
    reply.status(status);
    return body;
  }

  /**
   * Checks and accepts a message; nothing is waited for.
   * @throws ApiError `session_not_found`, `session_not_linked`, `invalid_chat`, `invalid_request`,
   *   `message_not_found` (a quoted message), `idempotency_key_reused`
   */
  async take(ownerId: string, sessionId: string, request: SendRequest): Promise<Accepted> {
    const session = await this.session(ownerId, sessionId);
    const chatJid = chatJidOf(request.chatId);
    const idempotency = claimOf(request, chatJid);
    return (
      (idempotency && (await this.outbox.acceptedBefore(session, idempotency))) ??
      (await this.accept(session, chatJid, request, idempotency))
    );
  }

  /** Requests that wait for a state are answered with the one that is there. */
  close(): void {
    this.closing.abort();
  }

  /** Takes a message back; throws `message_not_found`, `message_already_sent`. */
  async cancel(ownerId: string, sessionId: string, messageId: string): Promise<void> {
    const row = await this.owned(ownerId, sessionId);
    const session = { id: sessionId, ownerId, jid: row.jid };
    if (await this.outbox.cancel(session, messageId)) return;
    const located = await this.messages.locate(sessionId, messageId);
    // Asked for twice, it is still done.
    if (located?.status === 'cancelled') return;
    if (located?.from_me) throw new ApiError('message_already_sent');
    throw new ApiError('message_not_found', 'No message of ours has this id');
  }

  /** Accepts a message, and waits for a state if the query asks for it; throws as `take`. */
  private async send(
    ownerId: string,
    sessionId: string,
    request: SendRequest,
    wait: SendWait,
  ): Promise<SendOutcome> {
    const accepted = await this.take(ownerId, sessionId, request);
    const { messageId, chatId } = accepted;
    if (!wait.wait && !accepted.repeated) {
      const { dueAt } = accepted;
      const state = { status: 'queued' as const, ...(dueAt !== undefined && { dueAt }) };
      return { status: 202, body: answer(messageId, chatId, state) };
    }
    return await this.outcome(sessionId, accepted, wait);
  }

  private async accept(
    session: SendingSession,
    chatJid: string,
    request: SendRequest,
    idempotency: AcceptOptions['idempotency'],
  ): Promise<Accepted> {
    const times = timesOf(request);
    const { content: given, also } = request;
    const to = (await request.address?.()) ?? chatJid;
    const content = typeof given === 'function' ? await given(to) : given;
    await this.checkQuoted(session.id, content);
    const options = { ...times, idempotency, ...(also && { also }) };
    return await this.outbox.accept(session, to, content, options);
  }

  private async outcome(
    sessionId: string,
    { messageId, chatId }: { messageId: string; chatId: string },
    { wait, timeout }: SendWait,
  ): Promise<SendOutcome> {
    const until = wait ? performance.now() + timeout * 1000 : 0;
    const ends = (status: MessageStatus) =>
      ENDED.includes(status) || (RANK[status] ?? 0) >= (RANK[wait ?? 'sent'] ?? 0);
    const state = await this.until(sessionId, messageId, ends, until);
    const status = wait && ends(state.status) ? 200 : 202;
    return { status, body: answer(messageId, chatId, state) };
  }

  /** Reads the message's state again at each hint, until it fits or the time is up. */
  private async until(
    sessionId: string,
    messageId: string,
    fits: (status: MessageStatus) => boolean,
    until: number,
  ): Promise<MessageState> {
    let wake: (() => void) | undefined;
    const onClose = () => wake?.();
    this.closing.signal.addEventListener('abort', onClose);
    const topic = `message:${sessionId}/${messageId}` as const;
    let hinted = false;
    const stop = this.wakeup.on(topic, () => {
      hinted = true;
      wake?.();
    });
    try {
      for (;;) {
        hinted = false;
        const state = await this.view.state(sessionId, messageId);
        if (!state) throw new ApiError('message_not_found', 'The message was deleted meanwhile');
        const left = this.closing.signal.aborted ? 0 : until - performance.now();
        if (fits(state.status) || left <= 0) return state;
        if (hinted) continue;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(left, LOOK_EVERY));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    } finally {
      this.closing.signal.removeEventListener('abort', onClose);
      stop();
    }
  }

  private async owned(ownerId: string, id: string) {
    const row = await this.sessions.find(id, ownerId);
    if (!row) throw unknownSession(id);
    return row;
  }

  private async checkQuoted(sessionId: string, content: MessageContent): Promise<void> {
    const quotedId = 'quotedMessageId' in content ? content.quotedMessageId : undefined;
    if (!quotedId || (await this.messages.locate(sessionId, quotedId))) return;
    throw new ApiError('message_not_found', 'quotedMessageId: the session has no such message');
  }
}

function unknownSession(id: string): ApiError {
  return new ApiError('session_not_found', `There is no session "${id}"`);
}

function answer(
  messageId: string,
  chatId: string,
  state: Omit<MessageState, 'error'> & Partial<MessageState>,
): SendAnswer {
  const { status, dueAt, error, failure } = state;
  return {
    success: !ENDED.includes(status),
    messageId,
    chatId,
    status,
    ...(dueAt !== undefined && { dueAt: new Date(dueAt).toISOString() }),
    ...(error && { error }),
    ...(failure && { failure }),
  };
}

function timesOf({ sendAt, expiresAt }: SendRequest): Pick<AcceptOptions, 'sendAt' | 'expiresAt'> {
  const now = Date.now();
  const at = sendAt === undefined ? undefined : Date.parse(sendAt);
  const expiry = expiresAt === undefined ? undefined : Date.parse(expiresAt);
  if (at !== undefined && at > now + MAX_AHEAD) {
    throw new ApiError('invalid_request', 'sendAt: at most a year ahead');
  }
  if (expiry !== undefined && expiry <= Math.max(now, at ?? now)) {
    throw new ApiError('invalid_request', 'expiresAt: must be later than now and than sendAt');
  }
  return { sendAt: at, expiresAt: expiry };
}

function claimOf(request: SendRequest, chatJid: string): AcceptOptions['idempotency'] {
  const { idempotencyKey: key, content, sendAt, expiresAt } = request;
  const said = request.said ?? content;
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ApiError(
      'invalid_request',
      'Idempotency-Key: 1 to 255 printable ASCII characters without spaces',
    );
  }
  const all = JSON.stringify(sorted({ chatJid, said, sendAt, expiresAt }));
  return { key, digest: createHash('sha256').update(all).digest('hex') };
}

/** The same value for the same content, however its fields were ordered. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
