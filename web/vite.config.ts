import { defineConfig } from 'vitest/config';
import { isAtHand } from './ward.mjs';
import { worker } from './worker.mjs';

/** What comes later is one file, and all styles come first: there is nothing to fetch beside it,
 * so that the code with which the builder would do that is left out. */
const nothingBeside = {
  name: 'dripwatch-nothing-beside',
  apply: 'build',
  enforce: 'pre',
  load: (id: string) =>
    id.startsWith('\0vite/preload-helper')
      ? 'export const __vitePreload = (load) => load();'
      : undefined,
} as const;

export default defineConfig({
  plugins: [nothingBeside, worker()],
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
            { name: 'first', test: /src\/main\.tsx$/, priority: 4 },
            // Days by the clinic's clock: past sessions and alerts are looked for by them.
            { name: 'alertlog-days', test: /src\/parts\/dayIn/, priority: 4 },
            // The buttons of a call for help: fetched once the rest is there.
            { name: 'help', test: /src\/(help\/Buttons|strings\/help)/, priority: 4 },
            {
              name: 'later',
              test: /src\/(?!care\/|review\/|strings\/(care|record|day|patients|admin|away|review|alertlog|screens|rules)|record\/(?!undo|Undo|entry)|pages\.ts|(day|patients|admin|away|alertlog|screens)\/|rules\/(?!date)|parts\/dayIn|alerts\/(Outcome|outcome|due|remind))/,
              priority: 3,
            },
            // Past sessions: fetched when the first is opened.
            { name: 'review', test: /src\/(review\/|strings\/review)/, priority: 2 },
            // What alerts were: fetched when the first is asked about, or looked for.
            {
              name: 'alertlog',
              test: /src\/(alertlog\/|strings\/alertlog|alerts\/(Outcome|outcome|due|remind))/,
              priority: 2,
            },
            // The course of a session and the sheet to record on: fetched once the rest is there.
            {
              name: 'care',
              test: /src\/(?!pages\.ts|(day|patients|admin|away|screens)\/|rules\/(?!date)|strings\/(day|patients|admin|away|screens|rules))/,
              priority: 1,
            },
            // The day, patients, and the clinic's own things: fetched when they are opened.
            { name: 'pages', test: /src\//, priority: 0 },
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
