import '@patchbay/hardening';
import {
  type BaileysEventMap,
  type ConnectionState,
  DisconnectReason,
  initAuthCreds,
  makeWASocket,
  type SignalDataSet,
  type SignalDataTypeMap,
  type UserFacingSocketConfig,
  WA_CERT_DETAILS,
  type WAMessage,
  type WASocket,
} from 'baileys';
import { pino } from 'pino';

export interface CompanionTarget {
  wsUrl: string;
  /** Hex. */
  rootPublicKey: string;
}

/** A linked device as anybody would write it with Baileys, for tests: keys in memory, reconnects by itself. */
export class Companion {
  socket!: WASocket;
  qr: string | undefined;
  /** `connecting`, `open`, or the status code of the last close. */
  state: string | number = 'connecting';
  readonly closes: number[] = [];
  readonly messages: WAMessage[] = [];
  readonly updates: BaileysEventMap['messages.update'] = [];
  readonly groupReceipts: BaileysEventMap['message-receipt.update'] = [];
  readonly reactions: BaileysEventMap['messages.reaction'] = [];
  readonly presences: BaileysEventMap['presence.update'][] = [];
  readonly history: BaileysEventMap['messaging-history.set'][] = [];
  private readonly creds = initAuthCreds();
  private readonly keys = new Map<string, unknown>();
  private waiters: (() => void)[] = [];
  private stopped = false;

  constructor(
    private target: CompanionTarget,
    private readonly config: Partial<UserFacingSocketConfig> = {},
  ) {
    this.connect();
  }

  get jid(): string {
    return this.creds.me?.id ?? '';
  }

  get name(): string | undefined {
    return this.creds.me?.name;
  }

  /** Connects anew, to wherever the sandbox is now. */
  retarget(target: CompanionTarget): void {
    this.target = target;
  }

  withText(text: string): WAMessage | undefined {
    return this.messages.find(
      ({ message }) => (message?.conversation ?? message?.extendedTextMessage?.text) === text,
    );
  }

  texts(): (string | null | undefined)[] {
    return this.messages.map(
      ({ message }) => message?.conversation ?? message?.extendedTextMessage?.text,
    );
  }

  /** Resolves with the value once it is there; fails with the companion's state when it takes too long. */
  async until<T>(what: string, read: () => T | undefined | false, ms = 12_000): Promise<T> {
    const deadline = Date.now() + ms;
    for (;;) {
      const value = read();
      if (value !== undefined && value !== false) return value;
      const left = deadline - Date.now();
      if (left <= 0) {
        const seen = JSON.stringify({ state: this.state, texts: this.texts() });
        throw new Error(`timed out waiting for ${what}; companion: ${seen}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 100));
        this.waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.socket.end(undefined);
  }

  private connect(): void {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(this.target.rootPublicKey, 'hex');
    this.state = 'connecting';
    const socket = makeWASocket({
      waWebSocketUrl: this.target.wsUrl,
      auth: { creds: this.creds, keys: this.keyStore() },
      logger: pino({ level: process.env.BAILEYS_DEBUG ? 'debug' : 'silent' }),
      getMessage: async ({ id }) =>
        this.messages.find((message) => message.key.id === id)?.message ?? undefined,
      ...this.config,
    });
    this.socket = socket;
    socket.ev.on('creds.update', (update) => Object.assign(this.creds, update));
    socket.ev.on('connection.update', (update) => this.onConnection(update));
    socket.ev.on('messages.upsert', ({ messages }) => this.add(this.messages, messages));
    socket.ev.on('messages.update', (updates) => this.add(this.updates, updates));
    socket.ev.on('message-receipt.update', (updates) => this.add(this.groupReceipts, updates));
    socket.ev.on('messages.reaction', (reactions) => this.add(this.reactions, reactions));
    socket.ev.on('presence.update', (presence) => this.add(this.presences, [presence]));
    socket.ev.on('messaging-history.set', (history) => this.add(this.history, [history]));
  }

  private add<T>(to: T[], items: T[]): void {
    to.push(...items);
    this.wake();
  }

  private wake(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }

  private onConnection({ connection, qr, lastDisconnect }: Partial<ConnectionState>): void {
    if (qr) this.qr = qr;
    if (connection === 'open') this.state = 'open';
    if (connection === 'close') {
      const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
      const code = error?.output?.statusCode ?? 0;
      this.state = code;
      this.closes.push(code);
      this.qr = undefined;
      if (!this.stopped && code !== DisconnectReason.loggedOut) {
        const again = code === DisconnectReason.restartRequired ? 0 : 100;
        setTimeout(() => this.stopped || this.connect(), again);
      }
    }
    this.wake();
  }

  private keyStore() {
    return {
      get: async <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
        const found: { [id: string]: SignalDataTypeMap[T] } = {};
        for (const id of ids) {
          const value = this.keys.get(`${type}/${id}`);
          if (value !== undefined) found[id] = value as SignalDataTypeMap[T];
        }
        return found;
      },
      set: async (data: SignalDataSet) => {
        for (const [type, entries] of Object.entries(data)) {
          for (const [id, value] of Object.entries(entries ?? {})) {
            if (value === null) this.keys.delete(`${type}/${id}`);
            else this.keys.set(`${type}/${id}`, value);
          }
        }
      },
    };
  }
}
