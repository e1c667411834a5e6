import { type BinaryNode, getBinaryNodeChild, S_WHATSAPP_NET } from 'baileys/lib/WABinary/index.js';
import { rawKey } from './device-identity.js';
import type { PhoneContext } from './phone-context.js';

const NEXT_PREKEY = 'next-prekey';
const BATCH = 60;
const LOW = 15;

/** Puts the phone's Signal bundle on the server at first, and more one-time prekeys when they run low. */
export async function publishKeys(context: PhoneContext): Promise<void> {
  const next = context.records.getJson<number>(NEXT_PREKEY);
  if (next !== undefined && (await remainingPreKeys(context)) > LOW) return;
  const first = next ?? 1;
  const { own } = context.signalState;
  const preKeys = context.signalState.createPreKeys(first, BATCH);
  context.records.setJson(NEXT_PREKEY, first + BATCH);
  // The private halves must be durable before anyone can use the public ones.
  context.records.flush();
  const signed = own.signedPreKey;
  await context.request({
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'encrypt' },
    content: [
      leaf('registration', uint(own.registrationId, 4)),
      leaf('type', Buffer.from([5])),
      leaf('identity', rawKey(own.identity.pubKey)),
      {
        tag: 'list',
        attrs: {},
        content: preKeys.map(({ keyId, keyPair }) => ({
          tag: 'key',
          attrs: {},
          content: [leaf('id', uint(keyId, 3)), leaf('value', rawKey(keyPair.pubKey))],
        })),
      },
      {
        tag: 'skey',
        attrs: {},
        content: [
          leaf('id', uint(signed.keyId, 3)),
          leaf('value', rawKey(signed.keyPair.pubKey)),
          leaf('signature', signed.signature),
        ],
      },
    ],
  });
}

async function remainingPreKeys(context: PhoneContext): Promise<number> {
  const answer = await context.request({
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'encrypt' },
    content: [{ tag: 'count', attrs: {} }],
  });
  return Number(getBinaryNodeChild(answer, 'count')?.attrs.value ?? 0);
}

function leaf(tag: string, content: Uint8Array): BinaryNode {
  return { tag, attrs: {}, content: Buffer.from(content) };
}

function uint(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}
