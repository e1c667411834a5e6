import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * sonner adds its CSS twice: as a file, which we import, and as a `<style>` element at load, which
 * our Content-Security-Policy refuses and reports. This leaves the second one out.
 */
function sonnerWithoutStyleElement(): Plugin {
  return {
    name: 'sonner-without-style-element',
    enforce: 'pre',
    transform(code, id) {
      if (!/sonner[\\/]dist[\\/]index\.m?js/.test(id)) return;
      const without = code.replace(/^__insertCSS\(".*"\)?;?$/m, '');
      if (without === code) this.error('sonner no longer adds its CSS as expected');
      return { code: without, map: null };
    },
  };
}

/** Puts a compressed copy beside each file, so that the server compresses nothing at run time. */
function compressedCopies(): Plugin {
  return {
    name: 'compressed-copies',
    apply: 'build',
    writeBundle({ dir }) {
      const files = readdirSync(dir ?? 'dist', { recursive: true, encoding: 'utf8' });
      for (const file of files.filter((name) => /\.(js|css|svg)$/.test(name))) {
        const target = path.join(dir ?? 'dist', file);
        const content = readFileSync(target);
        if (content.length < 1024) continue;
        writeFileSync(`${target}.gz`, gzipSync(content, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 10 };
        writeFileSync(`${target}.br`, brotliCompressSync(content, { params }));
      }
    },
  };
}

/** What changes rarely, is used by most pages, or would be many small files. */
const CHUNKS = [
  {
    name: 'libraries',
    test: /node_modules[\\/](react|react-dom|scheduler|clsx|@tanstack|use-sync-external-store)[\\/]/,
  },
  { name: 'icons', test: /node_modules[\\/]lucide-react[\\/]/ },
  // src/no-eval.ts has to run before the schemas are made, whatever chunk they end up in.
  { name: 'schemas', test: /node_modules[\\/]zod[\\/]|[\\/]src[\\/]no-eval\.ts$/ },
];

export default defineConfig({
  plugins: [sonnerWithoutStyleElement(), react(), tailwindcss(), compressedCopies()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
  },
  optimizeDeps: { exclude: ['sonner'] },
  server: {
    proxy: { '/api': { target: process.env.PATCHBAY_URL ?? 'http://127.0.0.1:3000', ws: true } },
  },
});
