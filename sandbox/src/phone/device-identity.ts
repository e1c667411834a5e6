import { createHmac } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { calculateSignature, verifySignature } from 'whatsapp-rust-bridge';

/** Prefixes of what is signed (baileys Defaults/index.js, WA_ADV_ACCOUNT_SIG_PREFIX and WA_ADV_DEVICE_SIG_PREFIX). */
const ACCOUNT_SIGNATURE_PREFIX = Buffer.from([6, 0]);
const DEVICE_SIGNATURE_PREFIX = Buffer.from([6, 1]);
const KEY_TYPE_CURVE25519 = 5;

export interface DeviceIdentityRequest {
  accountPrivateKey: Uint8Array;
  /** 32 or 33 bytes. */
  accountPublicKey: Uint8Array;
  companionIdentityKey: Uint8Array;
  advSecret: Uint8Array;
  rawId: number;
  keyIndex: number;
  /** Unix seconds. */
  timestamp: number;
}

/**
 * The phone's statement that a companion belongs to its account, as it goes into `pair-success`:
 * an `ADVSignedDeviceIdentityHMAC`, keyed with the secret that only the QR (or the pairing code) carries.
 */
export function signDeviceIdentity(request: DeviceIdentityRequest): Uint8Array {
  const accountKey = rawKey(request.accountPublicKey);
  const details = proto.ADVDeviceIdentity.encode({
    rawId: request.rawId,
    timestamp: request.timestamp,
    keyIndex: request.keyIndex,
    accountType: proto.ADVEncryptionType.E2EE,
    deviceType: proto.ADVEncryptionType.E2EE,
  }).finish();
  const accountSignature = calculateSignature(
    request.accountPrivateKey,
    Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, rawKey(request.companionIdentityKey)]),
  );
  const signed = proto.ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: accountKey,
    accountSignature,
  }).finish();
  return proto.ADVSignedDeviceIdentityHMAC.encode({
    details: signed,
    hmac: createHmac('sha256', request.advSecret).update(signed).digest(),
  }).finish();
}

/**
 * Whether the companion's answer (`pair-device-sign`) is signed by both sides: the account vouches for
 * the companion's identity key, and the companion accepts the account.
 */
export function verifySignedDevice(
  signedDeviceIdentity: Uint8Array,
  accountPublicKey: Uint8Array,
  companionIdentityKey: Uint8Array,
): boolean {
  const { details, accountSignature, deviceSignature } =
    proto.ADVSignedDeviceIdentity.decode(signedDeviceIdentity);
  if (!details || accountSignature?.length !== 64 || deviceSignature?.length !== 64) return false;
  const account = rawKey(accountPublicKey);
  const companion = rawKey(companionIdentityKey);
  return (
    verifySignature(
      signalKey(account),
      Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, companion]),
      accountSignature,
    ) &&
    verifySignature(
      signalKey(companion),
      Buffer.concat([DEVICE_SIGNATURE_PREFIX, details, companion, account]),
      deviceSignature,
    )
  );
}

/** A public key as it goes on the wire: 32 bytes, without Signal's type byte. */
export function rawKey(key: Uint8Array): Uint8Array {
  return key.length === 33 ? key.subarray(1) : key;
}

/** A public key as Signal wants it: 33 bytes, with the type byte. */
export function signalKey(key: Uint8Array): Uint8Array {
  return key.length === 33 ? key : Buffer.concat([Buffer.from([KEY_TYPE_CURVE25519]), key]);
}
