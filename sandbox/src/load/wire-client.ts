import { once } from 'node:events';
import { makeNoiseHandler } from 'baileys/lib/Utils/noise-handler.js';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { proto } from 'baileys/WAProto/index.js';
import { WebSocket } from 'ws';
import { node } from '../protocol/stanza.js';
import { type KeyPair, newKeyPair } from '../wire/curve.js';
import { encodeStanza } from '../wire/stanza-codec.js';
import { SERVER } from '../world/jid.js';

const HEADER = Buffer.from([0x57, 0x41, 6, 3]);
const quiet = { child: () => quiet, trace() {}, level: 'silent' } as never;

/**
 * The least that a client can be: it logs in and receipts every message without reading it. It
 * measures the sandbox, which is then what costs.
 */
export class WireClient {
  received = 0;
  private readonly socket: WebSocket;
  private readonly noise: ReturnType<typeof makeNoiseHandler>;

  private constructor(wsUrl: string, ephemeral: KeyPair) {
    this.socket = new WebSocket(wsUrl, { perMessageDeflate: false });
    this.noise = makeNoiseHandler({
      keyPair: { public: ephemeral.publicKey, private: ephemeral.privateKey },
      NOISE_HEADER: HEADER,
      logger: quiet,
    });
  }

  /** Resolves when the device is active. */
  static async logIn(
    wsUrl: string,
    phone: string,
    device: number,
    noiseKey: KeyPair,
  ): Promise<WireClient> {
    const ephemeral = newKeyPair();
    const client = new WireClient(wsUrl, ephemeral);
    await once(client.socket, 'open');
    await client.shakeHands(ephemeral, noiseKey, phone, device);
    const active = new Promise<void>((resolve) => {
      client.socket.on('message', (data: Buffer) => {
        client.noise.decodeFrame(data, (stanza) => client.take(stanza as BinaryNode, resolve));
      });
    });
    client.send(
      node('iq', { id: '1', to: SERVER, xmlns: 'passive', type: 'set' }, [node('active')]),
    );
    await active;
    return client;
  }

  close(): void {
    this.socket.close();
  }

  private async shakeHands(
    { publicKey }: KeyPair,
    noiseKey: KeyPair,
    phone: string,
    device: number,
  ): Promise<void> {
    const hello = proto.HandshakeMessage.encode({ clientHello: { ephemeral: publicKey } }).finish();
    this.socket.send(this.noise.encodeFrame(hello));
    const [answer] = (await once(this.socket, 'message')) as [Buffer];
    const serverHello = proto.HandshakeMessage.decode(answer.subarray(3));
    const keys = { public: noiseKey.publicKey, private: noiseKey.privateKey };
    const sealedKey = this.noise.processHandshake(serverHello, keys);
    const payload = proto.ClientPayload.encode(
      proto.ClientPayload.fromObject({ username: Number(phone), device, passive: true }),
    ).finish();
    const clientFinish = { static: sealedKey, payload: this.noise.encrypt(payload) };
    this.socket.send(
      this.noise.encodeFrame(proto.HandshakeMessage.encode({ clientFinish }).finish()),
    );
    await this.noise.finishInit();
  }

  private take({ tag, attrs, content }: BinaryNode, active: () => void): void {
    if (tag === 'message') {
      this.received++;
      this.send(node('receipt', { id: attrs.id, to: attrs.from }));
    }
    const [child] = Array.isArray(content) ? content : [];
    if (tag === 'ib' && child?.tag === 'offline') active();
  }

  private send(stanza: BinaryNode): void {
    this.socket.send(this.noise.encodeFrame(encodeStanza(stanza)));
  }
}
