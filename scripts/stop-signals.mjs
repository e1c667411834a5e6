// A Ctrl-C reaches us from the terminal and again from npm: that is one wish, not two.
const SAME_WISH_MS = 1000;

/**
 * Calls `stop` once on Ctrl-C, SIGTERM, a closed terminal, or when the npm that started us is gone
 * without having told us (npm was killed); a later second signal calls `force`.
 */
export function onStopSignal(stop, force) {
  let askedAt;
  const ask = () => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      stop();
    } else if (performance.now() - askedAt > SAME_WISH_MS) {
      force();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask);
  if (process.env.npm_lifecycle_event) {
    const npm = process.ppid;
    setInterval(() => {
      if (process.ppid !== npm && askedAt === undefined) ask();
    }, 1000).unref();
  }
}
