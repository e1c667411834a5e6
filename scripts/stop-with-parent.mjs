/**
 * Preloaded (`node --import`) into every program that scripts/program.mjs starts. The IPC channel to
 * the parent closes when the parent dies, however it dies; the program then stops as on SIGTERM,
 * and at the latest after ten seconds.
 */
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The listener alone would keep a program alive that has nothing left to do.
process.channel?.unref();
