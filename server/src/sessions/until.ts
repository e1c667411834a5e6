import type { Session } from './session.js';

/** Resolves when the condition holds after one of the session's turns, or when the time (ms) is up. */
export async function until(session: Session, holds: () => boolean, time: number): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      session.changed.off('changed', check);
      resolve();
    };
    const check = () => {
      if (holds()) done();
    };
    const timer = setTimeout(done, time);
    session.changed.on('changed', check);
  });
}
