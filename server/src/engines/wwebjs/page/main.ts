import { type FromPage, failureOf, ToPage, textOf } from '../protocol.js';
import { Page } from './page.js';

/** The process of one session in a browser: it does what its parent asks, and ends with it. */
function say(message: FromPage): void {
  if (process.connected) process.send?.(message);
}

const page = new Page(say);

process.on('message', (message) => {
  const said = ToPage.parse(message);
  if ('oursFor' in said) stayFor(said.oursFor);
  else void answer(said);
});
// The parent has ended, or wants no more: Chromium sees its pipe close when we are gone.
process.on('disconnect', () => process.exit(0));
// The library's own promises: what comes of them is seen by the watchdogs.
process.on('unhandledRejection', (error) =>
  say({ kind: 'trouble', what: 'unhandled rejection', detail: textOf(error) }),
);
process.on('uncaughtException', (error) => {
  say({ kind: 'trouble', what: 'uncaught exception', detail: error.stack ?? error.message });
  page.end('transient', `a fault in the library: ${error.message}`);
});
// Ends come from the parent, also when a terminal signals the whole group.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

let end: NodeJS.Timeout | undefined;

/** A parent that stands still does not close its channel, and the page would go on in its place. */
function stayFor(time: number): void {
  clearTimeout(end);
  end = setTimeout(() => process.exit(0), time);
}

async function answer({ id, call, args }: Extract<ToPage, { id: number }>): Promise<void> {
  try {
    say({ kind: 'answer', id, value: await page.answer(call, args) });
  } catch (error) {
    say(failureOf(id, error));
  }
}
