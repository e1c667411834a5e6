import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import type { ServerIdentity } from './certificate.js';
import { agree, newKeyPair } from './curve.js';

const PROTOCOL_NAME = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
const TAG_BYTES = 16;
const NO_DATA = Buffer.alloc(0);

/** One direction of AES-256-GCM with a counter as nonce. */
class CipherState {
  private counter = 0;
  private readonly iv = Buffer.alloc(12);

  constructor(private readonly key: Buffer) {}

  encrypt(plain: Uint8Array, aad: Uint8Array = NO_DATA): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.key, this.nextIv());
    cipher.setAAD(aad);
    const head = cipher.update(plain);
    cipher.final();
    return Buffer.concat([head, cipher.getAuthTag()]);
  }

  /** @throws when the tag does not match */
  decrypt(sealed: Uint8Array, aad: Uint8Array = NO_DATA): Buffer {
    const end = sealed.length - TAG_BYTES;
    if (end < 0) throw new Error('frame shorter than its tag');
    const decipher = createDecipheriv('aes-256-gcm', this.key, this.nextIv());
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(end));
    const plain = decipher.update(sealed.subarray(0, end));
    decipher.final();
    return plain;
  }

  private nextIv(): Buffer {
    this.iv.writeUInt32BE(this.counter++, 8);
    return this.iv;
  }
}

export interface ClientIntroduction {
  /** The device's noise public key, 32 bytes. */
  noiseKey: Buffer;
  payload: proto.ClientPayload;
}

/** Transport keys after the handshake; each direction counts for itself. */
export interface Transport {
  encrypt(plain: Uint8Array): Buffer;
  decrypt(sealed: Uint8Array): Buffer;
}

/** The server's half of Noise XX as WhatsApp Web speaks it. */
export class NoiseHandshake {
  private hash: Buffer = PROTOCOL_NAME;
  private salt: Buffer = PROTOCOL_NAME;
  private cipher = new CipherState(PROTOCOL_NAME);
  private readonly ephemeral = newKeyPair();

  constructor(
    header: Uint8Array,
    private readonly identity: ServerIdentity,
  ) {
    this.authenticate(header);
  }

  /** Takes an encoded `clientHello`, answers an encoded `serverHello`. */
  hello(message: Uint8Array): Buffer {
    const { clientHello } = proto.HandshakeMessage.decode(message);
    const theirs = clientHello?.ephemeral;
    if (theirs?.length !== 32) throw new Error('clientHello without an ephemeral key');
    this.authenticate(theirs);
    this.authenticate(this.ephemeral.publicKey);
    this.mix(agree(this.ephemeral.privateKey, theirs));
    const sealedStatic = this.seal(this.identity.staticKey.publicKey);
    this.mix(agree(this.identity.staticKey.privateKey, theirs));
    const serverHello = {
      ephemeral: this.ephemeral.publicKey,
      static: sealedStatic,
      payload: this.seal(this.identity.chain),
    };
    return Buffer.from(proto.HandshakeMessage.encode({ serverHello }).finish());
  }

  /** Takes an encoded `clientFinish`. @throws when anything does not decrypt or parse */
  finish(message: Uint8Array): ClientIntroduction & { transport: Transport } {
    const { clientFinish } = proto.HandshakeMessage.decode(message);
    if (!clientFinish?.static || !clientFinish.payload) throw new Error('clientFinish incomplete');
    const noiseKey = this.open(clientFinish.static);
    this.mix(agree(this.ephemeral.privateKey, noiseKey));
    const payload = proto.ClientPayload.decode(this.open(clientFinish.payload));
    const [toServer, toClient] = this.derive(NO_DATA);
    const outgoing = new CipherState(toClient);
    const incoming = new CipherState(toServer);
    return {
      noiseKey,
      payload,
      transport: {
        encrypt: (plain) => outgoing.encrypt(plain),
        decrypt: (sealed) => incoming.decrypt(sealed),
      },
    };
  }

  private authenticate(data: Uint8Array): void {
    this.hash = createHash('sha256').update(this.hash).update(data).digest();
  }

  private derive(input: Uint8Array): [Buffer, Buffer] {
    const bytes = Buffer.from(hkdfSync('sha256', input, this.salt, NO_DATA, 64));
    return [bytes.subarray(0, 32), bytes.subarray(32)];
  }

  private mix(input: Uint8Array): void {
    const [salt, key] = this.derive(input);
    this.salt = salt;
    this.cipher = new CipherState(key);
  }

  private seal(plain: Uint8Array): Buffer {
    const sealed = this.cipher.encrypt(plain, this.hash);
    this.authenticate(sealed);
    return sealed;
  }

  private open(sealed: Uint8Array): Buffer {
    const plain = this.cipher.decrypt(sealed, this.hash);
    this.authenticate(sealed);
    return plain;
  }
}
