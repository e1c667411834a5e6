import { randomInt } from 'node:crypto';
import { generateKeyPair } from 'whatsapp-rust-bridge';
import { type CompanionInfo, LinkError, type PairingHello } from '../protocol/seam.js';
import { rawKey, signDeviceIdentity } from './device-identity.js';
import { LinkRefusal, parseLinkQr } from './link-qr.js';
import {
  normalizePairingCode,
  openKeyBundle,
  unwrapEphemeralKey,
  wrapEphemeralKey,
} from './pairing-code.js';
import type { PhoneContext } from './phone-context.js';
import type { PhoneRecords } from './phone-records.js';

const NEXT_KEY_INDEX = 'next-key-index';
const RAW_ID = 'adv-raw-id';

/**
 * Links the device that shows this QR, as "Linked devices → Link a device" does.
 * @throws LinkRefusal with a text for the person who scans
 */
export async function linkByQr(context: PhoneContext, text: string): Promise<CompanionInfo> {
  const qr = parseLinkQr(text);
  const registration = context.server.findRegistration(qr.ref);
  if (!registration) {
    throw new LinkRefusal(
      'qr_expired',
      'No device waits behind this QR any more. Scan the one that is shown now.',
    );
  }
  if (
    !registration.noiseKey.equals(qr.noiseKey) ||
    !registration.identityKey.equals(qr.identityKey)
  ) {
    throw new LinkRefusal(
      'qr_mismatch',
      'The keys in this QR are not those of the device that waits behind it.',
    );
  }
  return link(context, qr.ref, registration.identityKey, qr.advSecret);
}

/**
 * Links the device that shows this pairing code and named this phone's number.
 * @throws LinkRefusal
 */
export async function linkByCode(context: PhoneContext, typed: string): Promise<CompanionInfo> {
  const code = normalizePairingCode(typed);
  const hello = context.server.findPairing(context.account().phone);
  if (!hello) {
    throw new LinkRefusal(
      'code_unknown',
      `No device has asked for a pairing code for ${context.account().phone}, or it has gone.`,
    );
  }
  const advSecret = await agreeOnSecret(context, hello, code);
  return link(context, hello.ref, hello.registration.identityKey, advSecret);
}

async function agreeOnSecret(
  context: PhoneContext,
  hello: PairingHello,
  code: string,
): Promise<Uint8Array> {
  const companionEphemeral = await unwrapEphemeralKey(code, hello.wrappedCompanionEphemeral);
  const phoneEphemeral = generateKeyPair();
  const phoneIdentity = context.signalState.own.identity;
  const finish = await asRefusal(
    context.server.answerPairing(hello.ref, {
      wrappedPrimaryEphemeral: await wrapEphemeralKey(code, phoneEphemeral.pubKey),
      primaryIdentity: rawKey(phoneIdentity.pubKey),
    }),
  );
  return openKeyBundle({
    wrappedBundle: finish.wrappedKeyBundle,
    phoneEphemeral,
    companionEphemeral,
    phoneIdentity,
    companionIdentity: finish.companionIdentity,
  }).advSecret;
}

async function link(
  context: PhoneContext,
  ref: string,
  companionIdentityKey: Uint8Array,
  advSecret: Uint8Array,
): Promise<CompanionInfo> {
  const { identity } = context.signalState.own;
  const { keyIndex, rawId } = await context.step(async ({ records }) => nextKeyIndex(records));
  return asRefusal(
    context.server.linkCompanion(
      context.account().phone,
      ref,
      signDeviceIdentity({
        accountPrivateKey: identity.privKey,
        accountPublicKey: identity.pubKey,
        companionIdentityKey,
        advSecret,
        rawId,
        keyIndex,
        timestamp: Math.floor(Date.now() / 1000),
      }),
    ),
  );
}

function nextKeyIndex(records: PhoneRecords): { keyIndex: number; rawId: number } {
  const keyIndex = records.getJson<number>(NEXT_KEY_INDEX) ?? 1;
  const rawId = records.getJson<number>(RAW_ID) ?? randomInt(1, 2 ** 31);
  records.setJson(NEXT_KEY_INDEX, keyIndex + 1);
  records.setJson(RAW_ID, rawId);
  return { keyIndex, rawId };
}

async function asRefusal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LinkError) throw new LinkRefusal('refused', refusalText(error));
    throw error;
  }
}

function refusalText(error: LinkError): string {
  switch (error.reason) {
    case 'unknown_ref':
    case 'closed':
      return 'The device closed its connection before it was linked. Try again with what it shows now.';
    case 'timeout':
      return 'The device did not answer in time.';
    default:
      return `The device refused the link: ${error.message}`;
  }
}
