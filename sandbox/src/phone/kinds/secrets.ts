import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { unwrap } from '../envelopes.js';
import type { Response } from './shown.js';

/** What an answer was sealed for, and between whom. */
export interface Sealing {
  use: 'Poll Vote' | 'Event Response';
  secret: Uint8Array;
  target: string;
  /** Jid of the author of the poll or event. */
  author: string;
  /** Jid of the one who answers. */
  sender: string;
}

export interface Sealed {
  encPayload: Uint8Array;
  encIv: Uint8Array;
}

const TAG = 16;

/** The scheme of baileys Utils/process-message.js (decryptPollVote): HKDF-SHA256, AES-256-GCM. */
function keyOf({ use, secret, target, author, sender }: Sealing): Buffer {
  const info = target + author + sender + use;
  return Buffer.from(hkdfSync('sha256', secret, '', info, 32));
}

const boundTo = ({ target, sender }: Sealing) => Buffer.from(`${target}\0${sender}`);

export function seal(plain: Uint8Array, sealing: Sealing): Sealed {
  const encIv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(sealing), encIv).setAAD(boundTo(sealing));
  const encPayload = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { encPayload, encIv };
}

/** undefined when it was sealed otherwise. */
export function open({ encPayload, encIv }: Sealed, sealing: Sealing): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(sealing), encIv);
    decipher.setAAD(boundTo(sealing)).setAuthTag(encPayload.subarray(-TAG));
    return Buffer.concat([decipher.update(encPayload.subarray(0, -TAG)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The secret that a poll or event carries for those who answer. */
export function secretIn(message: proto.IMessage): Uint8Array | undefined {
  const info = message.messageContextInfo ?? unwrap(message).messageContextInfo;
  return info?.messageSecret?.length ? info.messageSecret : undefined;
}

/** A vote names its options by their hash. */
export const optionHash = (option: string) => createHash('sha256').update(option).digest();

const Answer = proto.Message.EventResponseMessage.EventResponseType;
export const ANSWERS: Record<Response, number> = {
  going: Answer.GOING,
  not_going: Answer.NOT_GOING,
  maybe: Answer.MAYBE,
};
