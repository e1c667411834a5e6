/**
 * Calls `stop` once on Ctrl-C, SIGTERM, a closed terminal, or when the npm that started us is gone
 * without having told us (npm was killed); a second signal calls `force`.
 */
export function onStopSignal(stop, force) {
  let asked = false;
  const ask = () => {
    if (asked) return force();
    asked = true;
    return stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask);
  if (process.env.npm_lifecycle_event) {
    const npm = process.ppid;
    setInterval(() => {
      if (process.ppid !== npm && !asked) ask();
    }, 1000).unref();
  }
}
