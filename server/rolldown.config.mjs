const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

// V8 keeps a source of which one character is beyond Latin-1 in two bytes for each of its characters.
const inOneByte = {
  name: 'in-one-byte',
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type === 'chunk') file.code = file.code.replace(/(?<!\\)[^\0-\xff]/g, escaped);
    }
  },
};

// The server as one file: thousands of modules found and read one by one are more than half of the
// time that it takes to start.
export default {
  input: 'dist/main.js',
  platform: 'node',
  plugins: [inOneByte],
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
