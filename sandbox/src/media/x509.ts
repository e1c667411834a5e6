import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';

/** A key and its certificate, both PEM. */
export interface Certified {
  key: string;
  cert: string;
}

const ECDSA_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const KEY_USAGE = '551d0f';
const SUBJECT_ALT_NAME = '551d11';

const YEARS = 10;

/** DER: tag, length, value. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const hex = body.length.toString(16);
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, body]);
}

const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const bits = (bytes: Uint8Array): Buffer => der(0x03, Buffer.of(0), bytes);
const time = (date: Date): Buffer =>
  der(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));

function name(common: string): Buffer {
  return sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(common)))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(0x01, Buffer.of(0xff))] : [];
  return sequence(oid(id), ...flag, der(0x04, value));
}

function certify(
  subject: string,
  publicKey: KeyObject,
  issuer: { name: string; key: KeyObject },
  extensions: Buffer[],
): string {
  const now = new Date();
  const until = new Date(now);
  until.setFullYear(now.getFullYear() + YEARS);
  const serial = Buffer.concat([Buffer.of(1), randomBytes(15)]);
  const algorithm = sequence(oid(ECDSA_SHA256));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, serial),
    algorithm,
    name(issuer.name),
    sequence(time(new Date(now.getTime() - 86_400_000)), time(until)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signed = sequence(body, algorithm, bits(sign('sha256', body, issuer.key)));
  const lines = signed
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const CA_NAME = 'Patchbay sandbox media CA';

/** A certificate authority of one's own. */
export function newAuthority(): Certified {
  const { publicKey, privateKey } = newKeys();
  const isAuthority = extension(BASIC_CONSTRAINTS, true, sequence(der(0x01, Buffer.of(0xff))));
  // keyCertSign and cRLSign.
  const usage = extension(KEY_USAGE, true, der(0x03, Buffer.of(1, 0x06)));
  const issuer = { name: CA_NAME, key: privateKey };
  const cert = certify(CA_NAME, publicKey, issuer, [isAuthority, usage]);
  return { key: pem(privateKey), cert };
}

/** A certificate for TLS on 127.0.0.1 and localhost, signed by the authority. */
export function newLoopbackCertificate(authority: Certified): Certified {
  const { publicKey, privateKey } = newKeys();
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.of(127, 0, 0, 1)));
  const issuer = { name: CA_NAME, key: createPrivateKey(authority.key) };
  const cert = certify('127.0.0.1', publicKey, issuer, [extension(SUBJECT_ALT_NAME, false, names)]);
  return { key: pem(privateKey), cert };
}
