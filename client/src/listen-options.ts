import type { Event } from './api.generated.js';

/** Somebody types, or came online: told live and kept nowhere. */
export interface PassingState {
  name: string;
  sessionId: string;
  at: string;
  data: Record<string, unknown>;
}

/** What is used of a WebSocket: the browser's class and that of the package `ws` both fit. */
export interface Socket {
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  send(text: string): void;
  close(): void;
}
export type SocketClass = new (url: URL) => Socket;

export interface ListenOptions {
  /** One session's events only. */
  sessionId?: string;
  /** Only these events, under these names; without it all of them. Passing states need to be named, too. */
  events?: string[];
  /** Go on after this position (`event.position` of the last event worked off). Without it: from now on. */
  after?: number;
  /** Ends the stream. */
  signal?: AbortSignal;
  /** `sse` works everywhere; `websocket` needs a global WebSocket (browsers, Node 22) or the option below. */
  transport?: 'sse' | 'websocket';
  /** For Node 20: the class of the package `ws`. */
  WebSocket?: SocketClass;
  onPassing?(state: PassingState): void;
  /** Told when the connection stands, and when it was lost and is made again. */
  onConnection?(state: 'open' | 'lost'): void;
}

/** What one connection tells: an event, a passing state, or only how far it has come. */
export interface Told {
  event?: Event;
  passing?: PassingState;
  cursor?: number;
}

/** The server is heard every 15 s; a connection that is silent for longer is dead (ms). */
export const SILENCE = 45_000;
