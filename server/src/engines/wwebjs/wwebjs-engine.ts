import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crashPoint } from '../../crash-point.js';
import type {
  Engine,
  EngineCapabilities,
  EngineHost,
  OutgoingMessage,
  PreparedMessage,
} from '../engine.js';
import type { EngineAbilities } from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import type { DisconnectCause, EngineEvent } from '../engine-events.js';
import type { Browsers } from './browsers.js';
import { downloaded } from './files.js';
import { outgoingMessage } from './outgoing-message.js';
import { PageProcess } from './page-process.js';
import type { FromPage, PageCall, PageCalls, PageTimes } from './protocol.js';
import { keyIn, rawOfSent } from './raw.js';
import { startSettings } from './start-settings.js';
import { StoredProfile } from './stored-profile.js';
import { wwebjsAbilities } from './wwebjs-abilities.js';

/** Milliseconds; shorter in tests. */
export interface WwebjsTimes extends PageTimes {
  /** The login is saved so often, and so long after a link, when all of it has been written. */
  saveEvery: number;
  saveAfterLink: number;
  /** The browser is waited for no longer than this when it is to end. */
  closeWithin: number;
}

/**
 * WhatsApp Web in a Chromium of its own, by whatsapp-web.js, in a process of its own: whatever the
 * library throws, leaks or lets hang ends there. Here is what outlives it: events, in their order, and
 * the login.
 */
export class WwebjsEngine implements Engine {
  readonly kind = 'wwebjs';
  readonly capabilities: EngineCapabilities = {
    takesMessageIds: true,
    deferredAck: false,
    pairingCode: true,
  };

  readonly abilities: EngineAbilities;
  private page: PageProcess | undefined;
  private folder: string | undefined;
  private releasePlace: (() => void) | undefined;
  private begun = false;
  private isConnected = false;
  /** Whether what the profile holds is a login. */
  private isLinked = false;
  private requested = false;
  private opening: Promise<string | undefined> | undefined;
  private ending: Promise<void> | undefined;
  private told: Promise<void> = Promise.resolve();
  /** Something that was told could not be stored. */
  private hasLost = false;
  private saveTimer: NodeJS.Timeout | undefined;
  private readonly stored: StoredProfile;

  constructor(
    private readonly host: EngineHost,
    private readonly browsers: Browsers,
    private readonly times: WwebjsTimes,
  ) {
    this.stored = new StoredProfile(host.auth);
    this.abilities = wwebjsAbilities((call, ...args) => this.ask(call, ...args));
  }

  /** Of the process that has the browser, and of the browser. */
  get processes(): (number | undefined)[] {
    return [this.page?.pid, this.page?.browserPid];
  }

  async connect(): Promise<void> {
    if (this.begun || this.ending) throw new EngineError('not-connected', 'Engine is spent', true);
    this.begun = true;
    const unavailable = this.browsers.unavailable();
    if (unavailable) return await this.finish('launch-failed', unavailable.message);
    this.releasePlace = this.browsers.take();
    this.opening = this.open();
    const failure = await this.opening;
    if (failure !== undefined) await this.finish('launch-failed', failure);
  }

  /** @returns why not */
  private async open(): Promise<string | undefined> {
    try {
      this.folder = await this.browsers.newFolder(this.host.sessionId);
      await this.stored.restore(this.profile);
      this.isLinked = this.stored.told !== undefined;
      const settings = await startSettings(this.host, this.browsers, {
        profile: this.profile,
        told: this.stored.told,
        times: this.times,
      });
      if (this.ending) return undefined;
      this.page = new PageProcess(
        this.browsers.environment(this.home),
        () => this.host.oursFor(),
        (said) => this.hear(said),
      );
      await this.page.call('start', settings);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return undefined;
  }

  async disconnect(): Promise<void> {
    this.requested = true;
    await this.finish('requested', 'Disconnected on request');
  }

  async logout(): Promise<void> {
    try {
      await this.ask('logout');
      this.isLinked = false;
    } finally {
      this.requested = true;
      await this.finish('requested', 'Logged out on request');
    }
  }

  async requestPairingCode(phone: string): Promise<string> {
    if (!this.page || this.ending) throw notConnected();
    const code = await this.page.call('pairingCode', phone);
    await this.told;
    return code;
  }

  async prepare(message: OutgoingMessage): Promise<PreparedMessage> {
    const outgoing = await outgoingMessage(message, this.host, join(this.home, 'files'));
    const { key } = await this.ask('prepare', outgoing.message).catch(async (error) => {
      await outgoing.discard();
      throw error;
    });
    return {
      timestamp: Date.now(),
      raw: rawOfSent(key),
      send: async () => {
        crashPoint('before-stanza');
        await this.ask('send', { ...outgoing.message, key }).finally(outgoing.discard);
        crashPoint('after-stanza');
      },
    };
  }

  async markRead(chatJid: string): Promise<void> {
    await this.ask('markRead', chatJid);
  }

  async sendChatState(chatJid: string, state: 'composing' | 'recording' | 'paused'): Promise<void> {
    await this.ask('chatState', chatJid, state);
  }

  async sendPresence(available: boolean): Promise<void> {
    await this.ask('presence', available);
  }

  async downloadMedia(raw: Uint8Array): Promise<AsyncIterable<Uint8Array>> {
    const key = keyIn(raw);
    return await downloaded(join(this.home, 'files'), (path) => this.ask('download', key, path));
  }

  async ping(): Promise<void> {
    await this.ask('ping');
    await this.told;
  }

  private get home(): string {
    if (!this.folder) throw notConnected();
    return this.folder;
  }

  private get profile(): string {
    return join(this.home, 'profile');
  }

  private async ask<Name extends PageCall>(
    call: Name,
    ...args: Parameters<PageCalls[Name]>
  ): Promise<ReturnType<PageCalls[Name]>> {
    if (!this.page || this.ending || !this.isConnected) throw notConnected();
    return await this.page.call(call, ...args);
  }

  private hear(said: Exclude<FromPage, { kind: 'answer' | 'failure' | 'browser' }>): void {
    switch (said.kind) {
      case 'event':
        this.tell(said.event);
        return;
      case 'end':
        void this.finish(said.cause, said.detail);
        return;
      case 'trouble':
        this.host.logger.warn({ what: said.what, detail: said.detail }, 'in the browser');
        return;
    }
  }

  /** Events are stored one after another. */
  private tell(event: EngineEvent): void {
    if (this.ending) return;
    this.told = this.told.then(async () => {
      try {
        if (event.type === 'connected') await this.nowConnected();
        if (event.type === 'message') crashPoint('after-decrypt');
        await this.host.emit(event);
        if (event.type === 'message') crashPoint('after-commit');
      } catch (error) {
        this.host.logger.warn({ err: error }, 'an event could not be stored');
        this.hasLost = true;
        void this.finish('transient', 'An event could not be stored');
      }
    });
  }

  /** A new link is told when it is kept: from then on no death of ours asks for another scan. */
  private async nowConnected(): Promise<void> {
    this.isConnected = true;
    const isNew = !this.isLinked;
    this.isLinked = true;
    if (isNew) await this.stored.save(this.profile, { until: Date.now(), history: false });
    const soon = isNew || !this.stored.told?.history;
    this.saveLater(soon ? this.times.saveAfterLink : this.times.saveEvery);
  }

  /** @param until what was told before (ms) has been stored, unless something of it was lost */
  private async save(until: number): Promise<void> {
    const told = this.hasLost ? this.stored.told : undefined;
    await this.stored.save(this.profile, told ?? { until, history: true });
  }

  private saveLater(after: number): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => {
      if (this.ending) return;
      const now = Date.now();
      this.told
        .then(() => this.save(now))
        .catch((error) => this.host.logger.warn({ err: error }, 'the login was not saved'));
      this.saveLater(this.times.saveEvery);
    }, after).unref();
  }

  /** Ends the connection, once; resolves when `disconnected` has been told. */
  private finish(cause: DisconnectCause, detail: string): Promise<void> {
    this.ending ??= this.shutDown(this.requested ? 'requested' : cause, detail);
    return this.ending;
  }

  private async shutDown(cause: DisconnectCause, detail: string): Promise<void> {
    clearTimeout(this.saveTimer);
    const wasConnected = this.isConnected;
    const endedAt = Date.now();
    this.isConnected = false;
    try {
      await this.opening;
      // What it said before its end comes first.
      await this.told;
      // Where nothing is linked there is nothing to write down in order.
      await this.page?.end(this.isLinked ? this.times.closeWithin : 0);
      const isWorthKeeping = wasConnected && this.isLinked && cause !== 'logged-out';
      if (isWorthKeeping) await this.save(endedAt);
      if (this.folder) await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      this.host.logger.warn({ err: error }, 'a browser did not end in order');
    } finally {
      this.releasePlace?.();
    }
    await this.host.emit({ type: 'disconnected', cause, detail }).catch((error) => {
      this.host.logger.error({ err: error }, 'The end of a connection could not be stored');
    });
  }
}

function notConnected(): EngineError {
  return new EngineError('not-connected', 'Not connected to WhatsApp', true);
}
