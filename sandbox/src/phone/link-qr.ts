/** What the text of a linking QR says about the device that shows it. Keys are raw, 32 bytes. */
export interface LinkQr {
  /** The server's reference of the waiting registration. */
  ref: string;
  noiseKey: Uint8Array;
  identityKey: Uint8Array;
  /** Secret that never passes through the server: it proves that the phone has really seen the QR. */
  advSecret: Uint8Array;
  /** Companion platform number, absent in the older four-field form. */
  platform?: string;
}

export type LinkRefusalCode =
  | 'qr_malformed'
  | 'qr_expired'
  | 'qr_mismatch'
  | 'code_malformed'
  | 'code_wrong'
  | 'code_unknown'
  | 'refused';

/** A link that the phone refuses; `code` is stable and the message is meant for a person. */
export class LinkRefusal extends Error {
  constructor(
    readonly code: LinkRefusalCode,
    message: string,
  ) {
    super(message);
    this.name = 'LinkRefusal';
  }
}

/**
 * Reads the text of a linking QR: `https://wa.me/settings/linked_devices#ref,noise,identity,adv,platform`
 * (baileys 7, Utils/companion-reg-client-utils.js) or the older bare `ref,noise,identity,adv`.
 * @throws LinkRefusal `qr_malformed` when the text is no linking QR.
 */
export function parseLinkQr(text: string): LinkQr {
  const trimmed = text.trim();
  const hash = trimmed.indexOf('#');
  const isUrl = /^https?:\/\//i.test(trimmed);
  if (isUrl && hash < 0) {
    throw new LinkRefusal(
      'qr_malformed',
      'This is a web address, but not the text of a linking QR.',
    );
  }
  const fields = (isUrl ? trimmed.slice(hash + 1) : trimmed).split(',');
  if (fields.length < 4 || fields.length > 5) {
    throw new LinkRefusal(
      'qr_malformed',
      `A linking QR has four or five fields separated by commas; this text has ${fields.length}.`,
    );
  }
  const [ref, noise, identity, adv, platform] = fields as [string, string, string, string, string?];
  if (!ref) throw new LinkRefusal('qr_malformed', 'The QR has an empty reference.');
  return {
    ref,
    noiseKey: decodeKey(noise, 'noise key'),
    identityKey: decodeKey(identity, 'identity key'),
    advSecret: decodeKey(adv, 'secret'),
    ...(platform ? { platform } : {}),
  };
}

function decodeKey(text: string, name: string): Uint8Array {
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new LinkRefusal('qr_malformed', `The ${name} in the QR is not 32 bytes of base64.`);
  }
  return key;
}
