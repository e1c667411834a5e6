import {
  type ConnectionState,
  DisconnectReason,
  makeWASocket,
  WA_CERT_DETAILS,
  type WASocket,
} from 'baileys';
import { BareKeys } from './key-store.js';

export interface Target {
  wsUrl: string;
  /** Hexadecimal. */
  rootPublicKey: string;
}

const silent = {
  level: 'silent',
  child: () => silent,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/** One linked number with Baileys and nothing else: no store, no API, no reconnecting. */
export class BareSession {
  private readonly keys: BareKeys;
  private socket: WASocket | undefined;

  constructor(
    private readonly target: Target,
    file: string,
    preKeysInMemory: boolean,
  ) {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(target.rootPublicKey, 'hex');
    this.keys = new BareKeys(file, preKeysInMemory);
  }

  /**
   * Resolves when the connection is open.
   * @param onQr called with each QR's text while no number is linked
   */
  open(onQr?: (qr: string) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const { creds } = this.keys;
      const socket = makeWASocket({
        waWebSocketUrl: this.target.wsUrl,
        auth: { creds, keys: this.keys },
        logger: silent,
        syncFullHistory: false,
      });
      this.socket = socket;
      socket.ev.on('creds.update', (update) => Object.assign(creds, update));
      socket.ev.on('connection.update', (update: Partial<ConnectionState>) => {
        if (update.qr) onQr?.(update.qr);
        if (update.connection === 'open') resolve();
        if (update.connection !== 'close') return;
        const error = update.lastDisconnect?.error as { output?: { statusCode?: number } };
        const code = error?.output?.statusCode;
        if (code === DisconnectReason.restartRequired) this.open().then(resolve, reject);
        else reject(new Error(`the connection closed with ${code}`));
      });
    });
  }

  async sendText(phone: string, text: string): Promise<void> {
    await this.socket?.sendMessage(`${phone}@s.whatsapp.net`, { text });
  }

  /** Sends texts one after another; resolves when WhatsApp has acknowledged all. */
  async sendAll(phone: string, texts: string[]): Promise<void> {
    const { socket } = this;
    if (!socket) throw new Error('the session is closed');
    let open = texts.length;
    const acked = new Promise<void>((resolve) => {
      socket.ws.on('CB:ack,class:message', () => {
        open -= 1;
        if (open === 0) resolve();
      });
    });
    for (const text of texts) await this.sendText(phone, text);
    await acked;
  }

  async close(): Promise<void> {
    await this.socket?.end(undefined);
    this.keys.save();
  }
}
