// The server as one file: thousands of modules found and read one by one are more than half of the
// time that it takes to start.
export default {
  input: 'dist/main.js',
  platform: 'node',
  external: [
    // What is mended from outside, in the place where it was installed.
    ...[/^baileys/, /^libsignal/, 'whatsapp-rust-bridge', '@patchbay/hardening'],
    // What has machine code beside its scripts.
    ...[/^libsql/, /^@libsql\//, /^sharp/],
  ],
  // Optional packages of Nest, absent here as they are without the bundle.
  onLog: (level, log, show) => log.code === 'UNRESOLVED_IMPORT' || show(level, log),
  output: {
    dir: 'bundle',
    format: 'esm',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name]-[hash].js',
    // The API document names operations by their classes.
    keepNames: true,
  },
};
