import type { Variant } from './bare/main.js';
import { barePhone, type House, range, sessionId } from './house.js';

/** How long registered sessions take to open, all at once, in milliseconds. */
export interface Opening {
  /** From the first attempt (the server: from its ready line) until the last is open. */
  open: number;
  /** From the start of the process. */
  total: number;
}

/** The sessions were open when the server stopped, so it restores them by itself. */
export async function serverOpening(house: House, sessions: number): Promise<Opening> {
  const server = await house.startServer();
  await server.connected(sessions);
  const opening = { open: performance.now() - server.readyAt, total: server.age };
  await house.sandbox.ask('settle');
  await house.stopServer(server);
  return opening;
}

/** Leaves the server's sessions wanted, or closed, for what comes next. */
export async function wantServerSessions(
  house: House,
  sessions: number,
  wanted: boolean,
): Promise<void> {
  const server = await house.startServer();
  const each = (work: (id: string) => Promise<void>) =>
    Promise.all(range(0, sessions).map((index) => work(sessionId(index))));
  await each((id) => server.open(id));
  await server.connected(sessions);
  if (!wanted) {
    await each((id) => server.close(id));
    await server.connected(0);
  }
  await house.stopServer(server);
}

export async function bareOpening(
  house: House,
  variant: Variant,
  sessions: number,
): Promise<Opening> {
  const bare = await house.startBare(variant);
  const open = await bare.ask<number>('open', range(0, sessions).map(barePhone));
  const total = performance.now() - bare.startedAt;
  await house.sandbox.ask('settle');
  await bare.ask('close');
  await bare.stop();
  return { open, total };
}
