import type { Account, CompanionInfo, SandboxServer } from '../protocol/seam.js';
import { markRead, sendMedia, sendTyping, type TypingState } from './actions.js';
import { type Directory, parseJid } from './directory.js';
import { hasFirstSync, sendFirstSync } from './first-sync.js';
import { createGroup, type GroupInfo, listGroups } from './group-messages.js';
import { say, sayEncoded } from './kinds/say.js';
import type { Saying } from './kinds/write.js';
import { linkByCode, linkByQr } from './linking.js';
import type { MediaFacts } from './media-facts.js';
import { MessageLog, type PhoneMessage } from './message-log.js';
import { publishKeys } from './own-keys.js';
import { PageDevices, type PageLogin } from './page-devices.js';
import type { PhoneContext, PhoneEvent } from './phone-context.js';
import { PhoneError } from './phone-error.js';
import { fileOf } from './phone-media.js';
import { PhoneSteps } from './phone-steps.js';
import { SignalPeer } from './signal-peer.js';
import { loadSignalIdentity, SignalState } from './signal-state.js';
import { handleStanza } from './stanza-handler.js';

const RECONNECT_MS = 200;
const FIRST_SYNC_RETRY_MS = 100;

/** A simulated phone: device 0 of its account, with the account's chats, keys and linked devices. */
export class Phone {
  private readonly steps: PhoneSteps;
  private readonly context: PhoneContext;
  private readonly log: MessageLog;
  /** Linked pages of a browser, beside the companions on the wire. */
  readonly pages: PageDevices;
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;

  constructor(
    private readonly server: SandboxServer,
    directory: Directory,
    readonly phone: string,
    private readonly onEvent: (event: PhoneEvent) => void,
  ) {
    const store = server.phoneStore(phone);
    const steps = new PhoneSteps(phone, store, onEvent, () => server.committed());
    const signalState = new SignalState(loadSignalIdentity(store), steps.records);
    this.steps = steps;
    this.pages = new PageDevices(store);
    this.log = new MessageLog(steps.records);
    this.context = {
      account: () => this.account,
      self: { user: parseJid(this.account.lid).user, device: 0 },
      server,
      directory,
      records: steps.records,
      signal: new SignalPeer(signalState),
      signalState,
      log: this.log,
      devices: () => this.devices(),
      send: (stanza) => steps.send(stanza),
      request: (iq) => steps.connected().request(iq),
      tell: (event) => steps.tell(event),
      step: (work) => steps.run(() => work(this.context)),
    };
  }

  get account(): Account {
    const account = this.server.account(this.phone);
    if (!account) throw new PhoneError('unknown_phone', `There is no phone ${this.phone}.`);
    return account;
  }

  get online(): boolean {
    return this.steps.connection?.open ?? false;
  }

  /** Connects, publishes its keys when needed, and takes up what a former process left undone. */
  async open(): Promise<void> {
    const { log } = this;
    await this.context.step(async (context) => {
      // A pending message was stored together with its stanza: the server has it since.
      for (const message of log.all()) {
        if (message.fromMe && message.status === 'pending') log.acknowledge(message.id);
      }
      this.attach();
      await publishKeys(context);
    });
    for (const device of this.companions()) {
      if (!hasFirstSync(this.context, device)) this.startFirstSync(device.device);
    }
  }

  /**
   * Resolves when no work is under way here, and every connected companion has its first sync.
   * @param deadline milliseconds since 1970, when to resolve anyway
   */
  async idle(deadline: number): Promise<void> {
    for (;;) {
      await this.steps.idle();
      const waiting = this.companions().some(
        (each) => each.connected && !hasFirstSync(this.context, each),
      );
      if (!waiting || Date.now() >= deadline) return;
      await new Promise((resolve) => setTimeout(resolve, FIRST_SYNC_RETRY_MS / 2));
    }
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.steps.connection?.detach();
  }

  messages(): PhoneMessage[] {
    return this.log.all();
  }

  /** All linked devices. */
  devices(): CompanionInfo[] {
    return [...this.companions(), ...this.pages.list(this.account)];
  }

  /** @param qr the QR's text @throws LinkRefusal */
  scan(qr: string): Promise<CompanionInfo> {
    return this.link(linkByQr(this.context, qr));
  }

  /** @param code as typed @throws LinkRefusal */
  pair(code: string): Promise<CompanionInfo> {
    return this.link(linkByCode(this.context, code));
  }

  /** Links a page that showed its QR or named its code; it is told apart by what is returned. */
  async linkPage(): Promise<PageLogin> {
    const login = this.pages.link();
    await this.server.committed();
    this.tellDevices();
    return login;
  }

  /** @throws PhoneError `unknown_device` */
  unlink(device: number): void {
    if (!this.pages.forget(device) && !this.server.unlinkDevice(this.phone, device)) {
      throw new PhoneError('unknown_device', `${this.phone} has no linked device ${device}.`);
    }
    this.tellDevices();
  }

  /** @param chat phone digits, a group jid or `status@broadcast` @throws PhoneError */
  say(chat: string, saying: Saying): Promise<PhoneMessage> {
    return this.context.step((context) => say(context, chat, saying));
  }

  sendText(chat: string, text: string): Promise<PhoneMessage> {
    return this.say(chat, { kind: 'text', text });
  }

  /** A message as bytes, also of a kind that the phone does not know. */
  sendEncoded(chat: string, encoded: Uint8Array): Promise<PhoneMessage> {
    return this.context.step((context) => sayEncoded(context, chat, encoded));
  }

  /** @param facts what the message says of the file @throws PhoneError */
  sendMedia(
    chat: string,
    file: Buffer,
    facts: Parameters<typeof sendMedia>[3],
  ): Promise<PhoneMessage> {
    return this.context.step((context) => sendMedia(context, chat, file, facts));
  }

  /** The file of a message, decrypted and checked. @throws PhoneError `unknown_message` */
  file(messageId: string): Promise<{ facts: MediaFacts; file: Buffer }> {
    return fileOf(this.context, messageId);
  }

  sendReaction(chat: string, target: string, emoji: string): Promise<PhoneMessage> {
    return this.say(chat, { kind: 'reaction', target, emoji });
  }

  markRead(chat: string, only?: string[]): Promise<string[]> {
    return this.context.step(async (context) => markRead(context, chat, only));
  }

  sendTyping(chat: string, state: TypingState): Promise<void> {
    return this.context.step(async (context) => sendTyping(context, chat, state));
  }

  createGroup(subject: string, members: Account[]): Promise<GroupInfo> {
    return this.context.step((context) => createGroup(context, subject, members));
  }

  groups(): Promise<GroupInfo[]> {
    return this.context.step(listGroups);
  }

  /** Runs one of the abilities of this folder as a step of the phone's own. */
  run<T>(work: (context: PhoneContext) => Promise<T>): Promise<T> {
    return this.context.step(work);
  }

  /** Those on the wire, with keys of their own. */
  private companions(): CompanionInfo[] {
    return this.server.devices(this.phone);
  }

  private async link(linking: Promise<CompanionInfo>): Promise<CompanionInfo> {
    const companion = await linking;
    this.tellDevices();
    this.startFirstSync(companion.device);
    return companion;
  }

  private tellDevices(): void {
    this.onEvent({ type: 'devices', devices: this.devices() });
  }

  /** Tries until the companion's keys are known to the server, or the companion is gone. */
  private startFirstSync(device: number): void {
    this.context
      .step(async (context) => {
        const companion = this.companions().find((each) => each.device === device);
        if (companion && !(await sendFirstSync(context, companion))) {
          this.later(FIRST_SYNC_RETRY_MS, () => this.startFirstSync(device));
        }
      })
      .catch((error: unknown) => this.report('first sync', error));
  }

  private attach(): void {
    this.steps.connection = this.server.attachPhone(this.phone, {
      receive: (stanza) => {
        this.context
          .step((context) => handleStanza(context, stanza))
          .catch((error: unknown) => this.report(`<${stanza.tag}>`, error));
      },
      closed: () => {
        this.onEvent({ type: 'connection', open: false });
        this.later(RECONNECT_MS, () => this.attach());
      },
    });
    const { name } = this.account;
    this.steps.connection.send({ tag: 'presence', attrs: { type: 'available', name } });
    this.onEvent({ type: 'connection', open: true });
  }

  private later(ms: number, work: () => void): void {
    if (this.closed) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, ms);
    this.timers.add(timer);
  }

  private report(what: string, error: unknown): void {
    if (this.closed) return;
    const text = error instanceof Error ? error.message : String(error);
    console.error(`phone ••${this.phone.slice(-3)}: ${what} failed: ${text}`);
  }
}
