import { setTimeout as delay } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { EngineError } from '../../engine-error.js';
import {
  getHistoryMsg,
  PROCESSABLE_HISTORY_TYPES,
  processHistoryMessage,
  proto,
  type WAMessage,
} from '../baileys.js';
import type { MessageSurroundings } from '../inbound/messages.js';
import { downloadFile } from '../media-download.js';
import { lidMapping } from '../socket-events.js';
import { type HistoryReader, historyEvents, overviewOf } from './history-events.js';

type Notice = proto.Message.IHistorySyncNotification;

/** Pauses before a download is tried again (ms). */
const TRIED_AGAIN_AFTER = [1_000, 5_000, 20_000];
/** What trying again does not change. */
const FINAL: EngineError['code'][] = ['gone', 'damaged', 'unsupported'];

/** A notice that a portion of history is ready: in it, or to be downloaded. */
export function isHistory({ message }: WAMessage): boolean {
  return Boolean(message && getHistoryMsg(message));
}

/**
 * Reads the history that a phone hands over. rc14 would hold a whole portion in memory, several times
 * over; here it is read message by message and stored in small portions. rc14 is given the notice
 * with everything but the messages, so that it does its own part: the state of its first connection,
 * the app state, who is who.
 */
export class HistoryInbox {
  constructor(private readonly around: MessageSurroundings) {}

  /**
   * Stores what a notice tells of, and resolves when it is durable.
   * @param baileysPart resolves when rc14 is through with a notice, and what it told is stored
   * @returns false when it could not be had for now: the notice must come again
   * @throws when it could not be stored
   */
  async take(
    message: WAMessage,
    baileysPart: (notice: WAMessage) => Promise<void>,
  ): Promise<boolean> {
    const { view, store, storeHistory, wantsHistory } = this.around;
    const notice = getHistoryMsg(message.message ?? {}) as Notice;
    const me = view.me();
    const known = PROCESSABLE_HISTORY_TYPES.some((type) => type === notice.syncType);
    if (!me || !message.key.fromMe || !known || !wantsHistory(notice)) {
      await baileysPart(message);
      return true;
    }
    try {
      const file = await this.#file(notice);
      const overview = await overviewOf(file);
      // First, so that a chat which rc14 names by LID is known by its phone number.
      const { lidPnMappings = [] } = processHistoryMessage(overview);
      if (lidPnMappings.length > 0) await store(lidMapping(lidPnMappings));
      await baileysPart(withoutMessages(message, notice, overview));
      const reader: HistoryReader = { me, aliasOf: view.aliasOf, stored: view.stored };
      for await (const event of historyEvents(file, overview, notice, reader)) {
        await storeHistory(event);
      }
      return true;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return this.#given(error);
    }
  }

  /** What nobody can give us is given up; anything else comes again with the next connection. */
  #given(error: EngineError): boolean {
    const isFinal = FINAL.includes(error.code);
    this.around.host.logger.warn(
      { err: error },
      isFinal ? 'a portion of the history is lost' : 'a portion of the history must come again',
    );
    return isFinal;
  }

  /** The compressed file. @throws EngineError */
  async #file(notice: Notice): Promise<Uint8Array> {
    const { initialHistBootstrapInlinePayload: inline } = notice;
    if (inline?.length) return inline;
    for (const pause of TRIED_AGAIN_AFTER) {
      try {
        return await this.#download(notice);
      } catch (error) {
        if (error instanceof EngineError && FINAL.includes(error.code)) throw error;
        await delay(pause, undefined, { ref: false });
      }
    }
    return await this.#download(notice).catch((error: unknown) => {
      if (error instanceof EngineError) throw error;
      throw new EngineError('refused', 'The history could not be downloaded', false, {
        cause: error,
      });
    });
  }

  async #download(notice: Notice): Promise<Uint8Array> {
    const { dispatcher } = this.around.transport;
    const chunks: Uint8Array[] = [];
    for await (const chunk of await downloadFile(notice, 'md-msg-hist', dispatcher)) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

/** The same notice with a file inline that says only what rc14 keeps for itself. */
function withoutMessages(
  message: WAMessage,
  notice: Notice,
  { syncType, phoneNumberToLidMappings, conversations }: proto.HistorySync,
): WAMessage {
  const kept = conversations.map(
    ({ id, pnJid, lidJid, tcToken, tcTokenTimestamp, tcTokenSenderTimestamp }) => ({
      id,
      ...(pnJid && { pnJid }),
      ...(lidJid && { lidJid }),
      ...(tcToken?.length && { tcToken, tcTokenTimestamp, tcTokenSenderTimestamp }),
    }),
  );
  const file = proto.HistorySync.encode({
    syncType,
    phoneNumberToLidMappings,
    conversations: kept,
  }).finish();
  const historySyncNotification = {
    ...notice,
    initialHistBootstrapInlinePayload: deflateSync(file),
  };
  const type = proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION;
  return { ...message, message: { protocolMessage: { type, historySyncNotification } } };
}
