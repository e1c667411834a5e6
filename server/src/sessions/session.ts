import { EventEmitter } from 'node:events';
import type { SessionSettings } from '@patchbay/contract';
import type { Logger } from 'pino';
import { WriteRefused } from '../db/write-unit.js';
import type { Engine } from '../engines/engine.js';
import type { EngineEvent, EngineEventOf } from '../engines/engine-events.js';
import { SessionElsewhere } from '../forwarding/session-elsewhere.js';
import { within } from '../within.js';
import { engineHost } from './engine-host.js';
import { NO_LINK_CODE } from './new-session.js';
import type { OutboxPump } from './outbox-pump.js';
import { Reactions } from './reactions.js';
import type { DataEvent } from './record-event.js';
import {
  columnsOf,
  type Details,
  fitting,
  identityColumns,
  isShowingCode,
  moved,
  shownInLog,
  standingOf,
} from './session-columns.js';
import { engineSettings } from './session-settings.js';
import type { Effect, Input } from './session-status.js';
import { transition } from './session-status.js';
import { fencedBy, type SessionRow } from './session-store.js';
import type { SessionSurroundings } from './session-surroundings.js';
import { until } from './until.js';

/** Milliseconds until an input is tried again that the database did not take. */
const RETRY_STORING = 1000;

/** What needs the connection of a session that came here just now waits for it so long (ms). */
const COMES_UP_WITHIN = 10_000;
/** As it was where it came from, until it has begun here. */
const COMING_UP: readonly SessionRow['status'][] = ['starting', 'reconnecting', 'connected'];

type ConnectionEvent = EngineEventOf<
  'qr' | 'pairing-code' | 'pair-success' | 'connected' | 'own-name' | 'disconnected'
>;

/**
 * One number: an actor. Whatever happens to it is an input in its mailbox, and inputs are worked off
 * one after another; a turn changes the status by the table of session-status.ts, stores it, and
 * carries out the effects. No turn waits for WhatsApp.
 */
export class Session {
  private mailbox: Promise<void> = Promise.resolve();
  private engine: Engine | undefined;
  private recording: Promise<void> = Promise.resolve();
  private recordingHistory: Promise<void> = Promise.resolve();
  private retryTimer: NodeJS.Timeout | undefined;
  private watchTimer: NodeJS.Timeout | undefined;
  private retired = false;
  /** Requests that use the session at this moment. */
  private inHand = 0;
  private leaving = false;
  private readonly cameAt = performance.now();
  private wasUp = false;
  /** Emits `changed` after each turn. */
  readonly changed = new EventEmitter().setMaxListeners(0);
  private readonly pump: OutboxPump;
  private readonly reactions: Reactions;
  private readonly logger: Logger;

  constructor(
    readonly row: SessionRow,
    private readonly around: SessionSurroundings,
  ) {
    this.logger = around.logger.child({ session: row.id });
    this.pump = around.pumpFor(this);
    this.reactions = new Reactions(
      async () => (await around.settings.read(row.id)).incoming,
      (event) => this.record(event),
      this.logger,
    );
  }

  /** Whether a socket is open or opening. */
  get socketActive(): boolean {
    return this.engine !== undefined;
  }

  /** The engine while the session is connected. */
  get connectedEngine(): Engine | undefined {
    return this.row.status === 'connected' && this.isOurs() ? this.engine : undefined;
  }

  /** The engine while a device is being linked. */
  get linkingEngine(): Engine | undefined {
    return ['qr', 'pairing'].includes(this.row.status) ? this.engine : undefined;
  }

  /** Resolves when the input has been worked off. */
  post(input: Input, details: Details = {}): Promise<void> {
    const turn = this.mailbox.then(() => (this.retired ? undefined : this.turn(input, details)));
    this.mailbox = turn.catch((error) => {
      this.logger.error({ err: error, input: input.type }, 'session turn failed');
    });
    return turn;
  }

  /**
   * Does something for a request: the session is not handed over before it is done.
   * @throws {SessionElsewhere} when it is being handed over; nothing was done
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.leaving) throw new SessionElsewhere(this.row.id);
    this.inHand += 1;
    try {
      return await work();
    } finally {
      this.inHand -= 1;
      if (this.leaving) this.changed.emit('changed');
    }
  }

  /** One that came here just now, linked: resolves when it is up, or cannot be, or after some time. */
  async settled(): Promise<void> {
    const left = this.cameAt + COMES_UP_WITHIN - performance.now();
    if (left <= 0) return;
    await until(this, () => this.wasUp || this.leaving || !this.isComingUp(), left);
  }

  private isComingUp(): boolean {
    const { wanted, linked, status } = this.row;
    return wanted === 1 && linked === 1 && COMING_UP.includes(status);
  }

  /** Takes nothing more from requests; resolves when what is in hand is done, or the time (ms) is up. */
  async finish(time: number): Promise<void> {
    this.leaving = true;
    await until(this, () => this.inHand === 0, time);
  }

  /** There is something to send of which nobody may have told. */
  lookForSends(): void {
    this.pump.look();
  }

  /** Stops for the end of the process: closes the socket, keeps status and credentials. */
  async retire(): Promise<void> {
    const last = this.mailbox.then(async () => {
      this.retired = true;
      this.stopTimers();
      await this.pump.stop();
      await this.closeEngine();
      await Promise.all([this.recording, this.recordingHistory]);
    });
    this.mailbox = last;
    await last;
  }

  /** The session is no longer this process's: closes the socket at once, and writes nothing. */
  async abandon(): Promise<void> {
    this.retired = true;
    this.leaving = true;
    this.stopTimers();
    void this.pump.stop();
    await this.closeEngine();
  }

  /** Asked before anything leaves: somebody else may have the session by now. */
  private isOurs(): boolean {
    return !this.retired && this.around.holdsFor() > 0;
  }

  private async turn(input: Input, details: Details): Promise<void> {
    const { row, around } = this;
    const before = standingOf(row);
    const { next, effects } = transition(before, input);
    const code = fitting(next, details.linkCode);
    const renamed = details.ownName !== undefined && details.ownName !== row.display_name;
    if (next === before && !code && !renamed) return;
    const changed = moved(next, before) || renamed;
    const set: Partial<SessionRow> = {
      ...columnsOf(next, row, input),
      ...identityColumns(input, details),
      ...(code && around.store.linkCodeColumns(code, row)),
      ...(!isShowingCode(next) && NO_LINK_CODE),
    };
    this.stopTimers();
    try {
      await around.store.update(
        row,
        set,
        (then) => {
          const events = changed ? [around.store.statusEvent(then, before)] : [];
          if (code) events.push(around.store.qrEvent(then, code));
          if (input.type === 'close') events.push(around.store.plainEvent(then, 'session.closed'));
          if (input.type === 'remove')
            events.push(around.store.plainEvent(then, 'session.removed'));
          return events;
        },
        details.also,
      );
      if (changed) this.logger.info(shownInLog(row), 'session status');
      for (const effect of effects) await this.carryOut(effect);
    } finally {
      if (!this.retired) this.startTimers();
      this.wasUp ||= this.connectedEngine !== undefined;
      this.pump.connected(this.row.status === 'connected');
      this.changed.emit('changed');
    }
  }

  private async carryOut(effect: Effect): Promise<void> {
    switch (effect) {
      case 'close-engine':
        return this.closeEngine();
      case 'log-out':
        return this.logOut();
      case 'clear-keys': {
        const { set, before } = this.around.store.forgetKeys(this.row);
        return this.around.store.update(this.row, set, undefined, before);
      }
      case 'open-engine':
        return this.openEngine();
    }
  }

  private async openEngine(): Promise<void> {
    const engine = await this.newEngine((event) => this.onConnectionEvent(engine, event));
    if (!this.isOurs()) return;
    this.engine = engine;
    engine.connect().catch((error) => {
      const detail = error instanceof Error ? error.message : String(error);
      this.logger.warn({ err: error }, 'engine did not start');
      this.onConnectionEvent(engine, { type: 'disconnected', cause: 'transient', detail });
    });
  }

  /** A new engine under a new epoch: from here on writes of an earlier engine are refused. */
  private async newEngine(onConnection: (event: ConnectionEvent) => void): Promise<Engine> {
    const { row, around } = this;
    await around.store.update(row, { epoch: row.epoch + 1 });
    const host = await engineHost(row, around, {
      logger: this.logger,
      oursFor: () => this.around.holdsFor(),
      emit: (event) => this.onEngineEvent(event, onConnection),
      recorded: () => this.recording,
      keysUnreadable: () => this.postUntilStored({ type: 'keys-unreadable' }),
    });
    return around.engineFactory(row)(host);
  }

  private onEngineEvent(
    event: EngineEvent,
    onConnection: (event: ConnectionEvent) => void,
  ): Promise<void> {
    switch (event.type) {
      case 'qr':
      case 'pairing-code':
      case 'pair-success':
      case 'connected':
      case 'own-name':
      case 'disconnected':
        onConnection(event);
        return Promise.resolve();
      case 'history-sync':
        return this.inTurn('recordingHistory', event);
      default:
        return this.record(event);
    }
  }

  /** Connects anew when the settings by which it is connected are others. */
  async reconnectIfOther(before: SessionSettings, after: SessionSettings): Promise<void> {
    const same = JSON.stringify(engineSettings(before)) === JSON.stringify(engineSettings(after));
    const sameName = before.connection.deviceName === after.connection.deviceName;
    if (this.socketActive && !(same && (sameName || this.row.linked === 1))) {
      await this.post({ type: 'restart' });
    }
  }

  /** Stores what happened; one after another, so that a message is stored before what refers to it. */
  record(event: DataEvent): Promise<void> {
    return this.inTurn('recording', event);
  }

  private inTurn(chain: 'recording' | 'recordingHistory', event: DataEvent): Promise<void> {
    const source = { ...fencedBy(this.row), ownerId: this.row.owner_id };
    const stored = this[chain].then(() => this.around.recorder.record(source, event));
    this[chain] = stored.catch(() => undefined);
    stored.then(
      () => this.reactions.to(event, () => this.connectedEngine),
      () => undefined,
    );
    return stored;
  }

  private onConnectionEvent(from: Engine, event: ConnectionEvent): void {
    if (this.engine !== from) return;
    switch (event.type) {
      case 'qr':
      case 'pairing-code': {
        const { type: kind, code, expiresAt } = event;
        const linkCode = { kind, code, generatedAt: Date.now(), expiresAt };
        this.postUntilStored({ type: kind }, { linkCode });
        return;
      }
      case 'pair-success':
        this.postUntilStored({ type: 'paired' });
        return;
      case 'connected':
        void this.onConnected(event);
        return;
      case 'own-name':
        this.postUntilStored({ type: 'own-name' }, { ownName: event.name });
        return;
      case 'disconnected': {
        const { cause, code, detail } = event;
        this.logger.info({ cause, code, detail }, 'disconnected');
        this.postUntilStored({ type: 'disconnected', cause, linked: this.row.linked === 1 });
        return;
      }
    }
  }

  private async onConnected(event: EngineEventOf<'connected'>): Promise<void> {
    const { store } = this.around;
    const other = await store.otherWithNumber(event.jid, this.row.id).catch(() => undefined);
    if (other) {
      this.logger.warn({ other }, 'this number is linked to another session: logging out again');
      this.postUntilStored({ type: 'duplicate-number' });
    } else {
      this.postUntilStored({ type: 'connected' }, { identity: event });
    }
  }

  /** For what happened by itself: with the database away, it is worked off when it is back. */
  private postUntilStored(input: Input, details: Details = {}): void {
    this.post(input, details).catch((error) => {
      if (this.retired || error instanceof WriteRefused) return;
      setTimeout(() => this.postUntilStored(input, details), RETRY_STORING).unref();
    });
  }

  private async closeEngine(): Promise<void> {
    const { engine } = this;
    this.engine = undefined;
    if (!engine) return;
    const closed = await within(this.around.times.closeWithin, engine.disconnect());
    if (!closed) this.logger.warn('the engine did not close in time; left behind');
  }

  /** Tells WhatsApp to forget the device; for a closed session over a connection made for it. */
  private async logOut(): Promise<void> {
    if (this.row.linked !== 1) return;
    const { closeWithin } = this.around.times;
    if (!this.engine) {
      let settle: (() => void) | undefined;
      const connected = new Promise<void>((resolve) => {
        settle = resolve;
      });
      this.engine = await this.newEngine((event) => {
        if (event.type === 'connected' || event.type === 'disconnected') settle?.();
      });
      this.engine.connect().catch(() => settle?.());
      await within(closeWithin, connected);
    }
    const told = await within(closeWithin, this.engine.logout());
    if (!told) this.logger.warn('WhatsApp was not told of the logout; the phone may still list it');
  }

  private stopTimers(): void {
    clearTimeout(this.retryTimer);
    clearTimeout(this.watchTimer);
  }

  private startTimers(): void {
    const { row, around } = this;
    const after = (delay: number, input: Input) =>
      setTimeout(() => this.postUntilStored(input), delay).unref();
    if (row.next_attempt_at !== null) {
      this.retryTimer = after(Math.max(0, row.next_attempt_at - Date.now()), { type: 'retry-due' });
    } else if (row.status === 'connected') {
      this.watchTimer = after(around.times.stableAfter, { type: 'stable' });
    } else if (['starting', 'reconnecting', 'qr', 'pairing', 'logged_out'].includes(row.status)) {
      const shown = Math.max(0, (row.link_code_expires_at ?? 0) - Date.now());
      const linked = row.linked === 1;
      this.watchTimer = after(shown + around.times.stuckAfter, { type: 'stuck', linked });
    }
  }
}
