import { randomUUID } from 'node:crypto';
import type { ChatEnd } from '../../engine-abilities.js';
import { EngineError } from '../../engine-error.js';
import type { DisconnectCause, EngineEvent } from '../../engine-events.js';
import type { FromPage, PageCall, PageCalls, PageSettings } from '../protocol.js';
import { textOf } from '../protocol.js';
import {
  historyOf,
  identityIn,
  olderMessages,
  tellGroups,
  tellMissed,
  whatIsThere,
} from './catch-up.js';
import { ChatSettings } from './chat-settings.js';
import { checkNumbers } from './contacts.js';
import { download } from './download.js';
import { endOf, isNetworkTrouble } from './ends.js';
import { Groups } from './groups.js';
import { Heard } from './heard.js';
import { chatState, markRead, presence } from './in-chats.js';
import type { Browser, BrowserPage, Library } from './library.js';
import { PairingCodes, Qrs } from './linking.js';
import { openLibrary } from './open-library.js';
import { Readiness } from './readiness.js';
import { Sender } from './sender.js';

/** One run of WhatsApp Web: from the start of its browser to its end, which comes once. */
export class Page {
  private settings: PageSettings | undefined;
  private library: Library | undefined;
  private ended: Promise<void> | undefined;
  private qrs: Qrs | undefined;
  private readiness: Readiness | undefined;
  private heard: Heard | undefined;
  private sender: Sender | undefined;
  private groups: Groups | undefined;
  private chats: ChatSettings | undefined;
  private isReady = false;
  private isLoggingOut = false;
  private startTimer: NodeJS.Timeout | undefined;
  private readonly held: (() => Promise<void>)[] = [];
  /** Events leave one after another, as they happened. */
  private telling: Promise<void> = Promise.resolve();

  constructor(private readonly say: (message: FromPage) => void) {}

  async answer(call: string, args: unknown[]): Promise<unknown> {
    const work = this.calls[call as PageCall] as ((...args: unknown[]) => unknown) | undefined;
    if (!work) throw new EngineError('unsupported', `There is no call ${call}`, true);
    return await work(...args);
  }

  private readonly calls: {
    [Call in PageCall]: (
      ...args: Parameters<PageCalls[Call]>
    ) => ReturnType<PageCalls[Call]> | Promise<ReturnType<PageCalls[Call]>>;
  } = {
    start: (settings) => void this.start(settings),
    close: () => this.close(),
    logout: () => this.use(({ library }) => this.logout(library)),
    pairingCode: (phone) => this.pairingCode(phone),
    prepare: (message) => this.use(({ sender }) => sender.prepare(message)),
    send: (message) => this.use(({ sender }) => sender.send(message)),
    markRead: (chatJid) => this.use(({ page }) => markRead(page, chatJid)),
    chatState: (chatJid, state) => this.use(({ page }) => chatState(page, chatJid, state)),
    presence: (available) => this.use(({ library }) => presence(library, available)),
    download: (key, path) =>
      this.use(({ library, settings }) => download(library, key, path, settings.largestFile)),
    ping: () => this.ping(),
    checkNumbers: (phones) => this.use(({ library }) => checkNumbers(library, phones)),
    olderMessages: (chatJid, oldest, count) =>
      this.use(({ page, heard }) => this.older(page, heard, chatJid, oldest, count)),
    chatAction: (name, args) => this.use(({ chats }) => chats.act(name, args)),
    groupAction: (name, args) => this.use(({ groups }) => groups.act(name, args)),
  };

  /** Ends the browser and says why; only the first end counts. */
  end(cause: DisconnectCause, detail: string): void {
    if (!this.isLoggingOut) this.ended ??= this.shutDown(cause, detail);
  }

  private async start(settings: PageSettings): Promise<void> {
    this.settings = settings;
    const { times } = settings;
    this.qrs = new Qrs(times.qrShown, (event) => this.tell(event), {
      refresh: () => void this.library?.pupPage?.evaluate(REFRESH_QR).catch(() => undefined),
      over: () => this.end('qr-expired', 'Nobody scanned any of the QR codes'),
    });
    this.startTimer = setTimeout(() => void this.isLate(), times.startWithin);
    const library = openLibrary(settings, {
      browser: (browser, page) => this.hasBrowser(browser, page),
      trouble: (what, error) => this.trouble(what, error),
    });
    this.library = library;
    this.readiness = new Readiness(library, times, (cause, detail) => this.end(cause, detail));
    this.heard = new Heard(library, settings, (event) => this.tell(event));
    this.listen(library, this.heard);
    try {
      await library.initialize();
      this.readiness.watch();
    } catch (error) {
      const isNetwork = isNetworkTrouble(error) || (await this.readiness.isAway());
      this.end(isNetwork ? 'transient' : 'launch-failed', textOf(error));
    }
  }

  private async isLate(): Promise<void> {
    const isAway = await this.readiness?.isAway();
    this.end(isAway ? 'transient' : 'launch-failed', 'WhatsApp Web did not open in time');
  }

  private get wasLinked(): boolean {
    return this.isReady || this.settings?.restored === true;
  }

  private listen(library: Library, heard: Heard): void {
    library.on('qr', (code) => {
      clearTimeout(this.startTimer);
      if (this.wasLinked) this.end('logged-out', 'WhatsApp Web asks for a new scan');
      else this.qrs?.show(code);
    });
    library.on('code', (code) => this.tell(PairingCodes.event(code)));
    library.on('ready', () => this.inOrder(() => this.nowReady(library)));
    library.on('auth_failure', (why) => this.end('launch-failed', textOf(why)));
    library.on('disconnected', (why) => {
      this.end(endOf(String(why), this.wasLinked), `WhatsApp Web says ${why}`);
    });
    library.on('change_state', (state) => this.readiness?.stateIs(String(state)));
    // What is said before `ready` comes after what is read back then.
    heard.listen((work) => {
      if (this.isReady && !this.readiness?.isWaiting) this.inOrder(work);
      else this.held.push(work);
    });
  }

  private hasBrowser(browser: Browser, page: BrowserPage): void {
    const { pid } = browser.process() ?? {};
    if (pid !== undefined) this.say({ kind: 'browser', pid });
    browser.on('disconnected', () => this.end('transient', 'The browser has ended'));
    page.on('error', (error) => this.end('transient', `The page has crashed: ${error.message}`));
    // Chromium shows it as a page.
    page.on('response', (response) => {
      if (response.status() === 407) this.end('transient', 'The proxy refuses the login');
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame() && this.isReady) this.readiness?.watch();
    });
  }

  /** May come more than once: after each reload, and each time that the library thinks so. */
  private async nowReady(library: Library): Promise<void> {
    clearTimeout(this.startTimer);
    this.qrs?.stop();
    this.readiness?.isReady();
    const page = library.pupPage;
    const { settings, heard } = this;
    if (!page || !settings || !heard || this.ended) return;
    const isFirst = !this.isReady;
    const since = isFirst ? settings.since : heard.lastAt - settings.overlap;
    const withHistory = isFirst && settings.history;
    // Looked at before anybody is told of the connection: what comes after that is news.
    const history = withHistory ? await whatIsThere(page) : undefined;
    const missed = since === undefined ? undefined : await whatIsThere(page, since);
    const source = isFirst ? 'offline' : 'live';
    this.isReady = true;
    if (isFirst) {
      this.sender = new Sender(page, heard);
      this.groups = new Groups(library, page, heard);
      this.chats = new ChatSettings(library, page, heard.names, (event) => this.tell(event));
      const me = await identityIn(page);
      heard.me = me;
      if (!settings.restored) this.tell({ type: 'pair-success', ...me });
      this.tell({ type: 'connected', ...me });
      if (settings.markOnline) await presence(library, true).catch(() => undefined);
    }
    const tell = (event: EngineEvent) => this.tell(event);
    if (!settings.ignore.groups) await tellGroups(page, heard, tell);
    if (history) tell(await historyOf(history, heard, since));
    if (missed) await tellMissed(missed, heard, source);
    for (const work of this.held.splice(0)) {
      await Promise.resolve(work()).catch((error) => this.trouble('an event', error));
    }
    await this.chats?.listen();
  }

  private async pairingCode(phone: string): Promise<string> {
    const { library, qrs, settings } = this;
    if (!library || !qrs || !settings) throw notConnected();
    await qrs.shown(settings.times.startWithin);
    return await library.requestPairingCode(phone);
  }

  private async ping(): Promise<void> {
    await this.use(({ page }) => page.evaluate('1'));
    await this.telling;
  }

  /** The answer comes first, so that it is known whose the messages are. */
  private async older(
    page: BrowserPage,
    heard: Heard,
    ...asked: [chatJid: string, oldest: ChatEnd, count: number]
  ): Promise<string> {
    const requestId = randomUUID();
    const event = await olderMessages(page, heard, ...asked);
    setImmediate(() => this.tell({ ...event, requestId } as EngineEvent));
    return requestId;
  }

  private async use<T>(
    work: (using: {
      library: Library;
      page: BrowserPage;
      sender: Sender;
      groups: Groups;
      chats: ChatSettings;
      heard: Heard;
      settings: PageSettings;
    }) => Promise<T>,
  ): Promise<T> {
    const { library, sender, groups, chats, heard, settings } = this;
    const page = library?.pupPage;
    const isUsable = this.isReady && !this.ended && !this.readiness?.isWaiting;
    if (!isUsable || !library || !page || !sender || !groups || !chats || !heard || !settings)
      throw notConnected();
    return await work({ library, page, sender, groups, chats, heard, settings });
  }

  private tell(event: EngineEvent): void {
    if (!this.ended) this.say({ kind: 'event', event });
  }

  private inOrder(work: () => Promise<void> | void): void {
    this.telling = this.telling.then(work).catch((error) => this.trouble('an event', error));
  }

  private trouble(what: string, error: unknown): void {
    this.say({ kind: 'trouble', what, detail: textOf(error) });
  }

  /** It closes the browser too, which is then no end to be told. */
  private async logout(library: Library): Promise<void> {
    this.isLoggingOut = true;
    await library.logout();
  }

  private async close(): Promise<void> {
    this.ended ??= this.closeBrowser();
    await this.ended;
  }

  private async shutDown(cause: DisconnectCause, detail: string): Promise<void> {
    await this.telling;
    this.say({ kind: 'end', cause, detail });
    await this.closeBrowser();
  }

  private async closeBrowser(): Promise<void> {
    clearTimeout(this.startTimer);
    this.qrs?.stop();
    this.readiness?.stop();
    await this.library?.destroy().catch((error) => this.trouble('the end', error));
  }
}

/** The library's own way calls the page's function in node, where there is none. */
const REFRESH_QR = `window.require('WAWebCmd').Cmd.refreshQR()`;

function notConnected(): EngineError {
  return new EngineError('not-connected', 'WhatsApp Web is not open', true);
}
