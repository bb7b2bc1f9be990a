import { defineConfig } from 'vitest/config';
import { isAtHand } from './ward.mjs';
import { worker } from './worker.mjs';

export default defineConfig({
  plugins: [worker()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // :has() and container queries ask for browsers that need no stand-ins for anything else.
    cssTarget: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The content security policy allows no data: URLs for fonts or workers.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One file: the parts that come later share most of their words with the first.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        // What the first screen needs is one file, and what comes later another: each is smaller
        // than its pieces, and there sooner.
        codeSplitting: {
          groups: [
            { name: 'first', test: /src\/main\.tsx$/, priority: 2 },
            { name: 'rest', test: /src\//, priority: 1 },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } },
  },
  test: {
    environment: 'node',
    // With a ward at hand what is tried is that alone (`tests/run --only stream`).
    include: [isAtHand ? 'src/**/*.trial.ts' : 'src/**/*.test.ts'],
  },
});
