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

export default defineConfig({
  plugins: [sonnerWithoutStyleElement(), react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // src/no-eval.ts has to run before the schemas are made, whatever chunk they end up in.
    rolldownOptions: { output: { strictExecutionOrder: true } },
  },
  optimizeDeps: { exclude: ['sonner'] },
  server: { proxy: { '/api': process.env.PATCHBAY_URL ?? 'http://127.0.0.1:3000' } },
});
