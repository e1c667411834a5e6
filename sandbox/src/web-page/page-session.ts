import { chatSettings } from '../phone/chat-settings.js';
import type { PhoneMessage } from '../phone/message-log.js';
import type { Phone } from '../phone/phone.js';
import type { GroupChangeNews, PhoneContext } from '../phone/phone-context.js';
import { PhoneError } from '../phone/phone-error.js';
import type { PhonesEvent } from '../phone/phones.js';
import type { Fault } from '../protocol/fault-kinds.js';
import type { PageConnection } from '../protocol/seam.js';
import type { FromPage, Login, ToPage } from './page/talk.js';
import { ackOf, entryOf } from './page-entries.js';
import { fulfil, groupsOf, isLinkedRequest, personOf } from './page-requests.js';
import type { WebPages } from './web-pages.js';

/** The line to one open page, from its websocket. */
export interface PageLine {
  send(text: string): void;
  close(): void;
}

type Hello = Extract<FromPage, { say: 'hello' }>;
type Request = Extract<FromPage, { say: 'request' }>;

/** One open page: before it is linked it waits for a phone, afterwards it shows what the phone has. */
export class PageSession {
  keys: Hello['keys'] = { noise: '', identity: '' };
  login: Login | undefined;
  private phone: Phone | undefined;
  private connection: PageConnection | undefined;
  private kept: (() => void) | undefined;
  /** Messages of the log that the page has. */
  private has = 0;
  private open = true;

  constructor(
    private readonly pages: WebPages,
    private readonly line: PageLine,
  ) {}

  /** The page has said something. */
  hear(text: string): void {
    const message = JSON.parse(text) as FromPage;
    if (this.connection) this.connection.hear(() => this.take(message));
    else this.take(message);
  }

  tell(message: ToPage): void {
    const text = JSON.stringify(message);
    if (this.connection) this.connection.say(text);
    else this.line.send(text);
  }

  /** Its websocket is closed. */
  gone(): void {
    this.open = false;
    this.pages.forget(this);
    this.connection?.cut();
  }

  /** A phone has scanned the QR or typed the code. @returns once the page keeps its login */
  async pair(login: Login): Promise<void> {
    const kept = new Promise<void>((resolve) => {
      this.kept = resolve;
    });
    this.login = login;
    this.tell({ say: 'paired', login });
    await kept;
  }

  /** Something happened on a phone. */
  notice(event: PhonesEvent): void {
    if (event.type === 'phone') {
      this.tell({ say: 'person', person: personOf(this.pages.phone(event.phone).account) });
    }
    if (!this.phone || event.phone !== this.phone.phone) return;
    if (event.type === 'message') this.showMessage(event.message);
    if (event.type === 'groups') this.showGroups(event.change);
    if (event.type === 'chat-settings') this.showSettings();
    if (event.type === 'call' && event.call.state === 'ringing' && !event.call.fromMe) {
      const { id, with: other, video } = event.call;
      this.tell({ say: 'call', call: { id, with: other, video } });
    }
    if (event.type === 'devices' && this.login && !this.phone.pages.knows(this.login)) {
      this.tell({ say: 'unpaired' });
      this.leave();
    }
  }

  private take(message: FromPage): void {
    switch (message.say) {
      case 'hello':
        this.begin(message);
        break;
      case 'kept':
        this.paired(message.os);
        break;
      case 'unknown-module':
        this.pages.noteUnknown(message.name);
        break;
      case 'request':
        this.answer(message).catch((error: Error) => {
          console.error(`web page: ${message.name} failed: ${error.message}`);
        });
    }
  }

  private begin({ login, keys, entries = 0 }: Hello): void {
    this.keys = keys;
    if (!login) {
      this.pages.wait(this);
      return;
    }
    const phone = this.pages.find(login);
    if (!phone) {
      this.tell({ say: 'unpaired' });
      return;
    }
    this.login = login;
    this.enter(entries);
  }

  private paired(os: string): void {
    const { login } = this;
    if (!login) return;
    this.pages.phone(login.phone).pages.name(login.device, os);
    this.kept?.();
    this.enter(0);
  }

  /** The page is a linked device from here on. */
  private enter(entries: number): void {
    if (!this.login || !this.open) return;
    const { phone, device } = this.login;
    this.phone = this.pages.phone(phone);
    const connection = this.pages.server.attachPage(phone, device, {
      deliver: (text) => this.line.send(text),
      trouble: (fault) => this.suffer(fault),
      closed: (how) => this.closed(how),
    });
    this.connection = connection;
    if (connection.strikes('refuse')) {
      connection.cut();
      return;
    }
    if (connection.strikes('failure')) {
      connection.say(JSON.stringify({ say: 'unpaired' } satisfies ToPage));
      this.leave();
      return;
    }
    this.phone.pages.connected.add(device);
    this.phone
      .run((context) => this.welcome(context, entries))
      .catch((error: Error) => {
        console.error(`web page: the welcome failed: ${error.message}`);
        this.line.close();
      });
  }

  private async welcome(context: PhoneContext, entries: number): Promise<void> {
    const groups = await groupsOf(context);
    const all = context.log.all();
    this.has = all.length;
    this.tell({
      say: 'welcome',
      me: personOf(context.account()),
      people: context.server.accounts().map(personOf),
      groups,
      settings: chatSettings(context).chats,
      entries: all.slice(entries).map((message) => entryOf(context, message)),
      length: all.length,
      acks: all.filter(({ fromMe }) => fromMe).map((message) => [message.id, ackOf(message)]),
      early: this.connection?.strikes('page_synced') !== undefined,
    });
  }

  private showMessage(message: PhoneMessage): void {
    this.phone
      ?.run(async (context) => {
        const { log } = context;
        const fresh = log.after(this.has);
        this.has += fresh.length;
        const length = this.has;
        for (const each of fresh)
          this.tell({ say: 'entry', entry: entryOf(context, each), length });
        if (message.fromMe) this.tell({ say: 'ack', id: message.id, ack: ackOf(message) });
        else if (message.status === 'read') this.tell({ say: 'read', id: message.id });
      })
      .catch(() => this.line.close());
  }

  private showGroups(change: GroupChangeNews | undefined): void {
    this.phone
      ?.run(async (context) => {
        const group = (await groupsOf(context)).find(({ id }) => id === change?.group);
        this.tell({ say: 'group', ...(group && { group }), ...(change && { event: change }) });
      })
      .catch(() => this.line.close());
  }

  private showSettings(): void {
    this.phone
      ?.run(async (context) => {
        this.tell({ say: 'settings', chats: chatSettings(context).chats });
      })
      .catch(() => this.line.close());
  }

  private async answer({ n, name, ask }: Request): Promise<void> {
    try {
      this.tell({ say: 'answer', n, answer: await this.fulfil(name, ask) });
    } catch (error) {
      if (!(error instanceof PhoneError)) throw error;
      this.tell({ say: 'answer', n, error: { code: error.code, message: error.message } });
    }
  }

  private async fulfil(name: Request['name'], ask: Request['ask']): Promise<unknown> {
    if (name === 'pairingCode') return this.pages.giveCode(this, (ask as { phone: string }).phone);
    if (name === 'refreshRef') return this.pages.wait(this);
    const { phone, login } = this;
    if (!phone || !login) throw new PhoneError('offline', 'This page is not linked.');
    if (name === 'unlink') {
      this.phone = undefined;
      return phone.unlink(login.device);
    }
    if (name === 'send' && this.connection?.strikes('message_lost')) {
      this.connection.cut();
      throw new PhoneError('offline', 'The connection broke.');
    }
    if (!isLinkedRequest(name)) throw new PhoneError('refused', `Nobody knows ${name}.`);
    return await fulfil(phone, name, ask as never);
  }

  private suffer({ kind, state, forMs }: Fault): void {
    switch (kind) {
      case 'page_state':
        this.tell({ say: 'fault', kind, state: state ?? 'TIMEOUT' });
        break;
      case 'page_hang':
        this.tell({ say: 'fault', kind, ...(forMs !== undefined && { forMs }) });
        break;
      case 'page_reload':
      case 'page_resync':
        this.tell({ say: 'fault', kind });
    }
  }

  private closed(how: 'replaced' | 'removed' | 'cut'): void {
    if (!this.connection) return;
    const { phone, login } = this;
    this.connection = undefined;
    this.phone = undefined;
    if (how !== 'replaced' && login) phone?.pages.connected.delete(login.device);
    if (how === 'replaced') this.tell({ say: 'conflict' });
    if (how === 'removed') {
      this.tell({ say: 'unpaired' });
      if (login) phone?.unlink(login.device);
    }
    if (how === 'cut') this.line.close();
  }

  /** No device any more; the page may wait to be linked anew. */
  private leave(): void {
    const { connection, login } = this;
    if (login) this.phone?.pages.connected.delete(login.device);
    this.phone = undefined;
    this.connection = undefined;
    this.login = undefined;
    connection?.cut();
  }
}
