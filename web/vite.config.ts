import { defineConfig } from 'vitest/config';

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

let first: ReadonlySet<string> | null = null;

/** Everything that the first screen waits for, as one file: it packs better than its pieces. */
function firstScreen(modules: Modules): ReadonlySet<string> {
  const found = new Set([new URL('src/main.tsx', import.meta.url).pathname]);
  // A set that grows is walked to its new end.
  for (const id of found)
    for (const next of modules.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // The content security policy allows no data: URLs for fonts or workers.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One sheet packs better than its pieces, and nothing appears before it is dressed.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: (id, modules) => ((first ??= firstScreen(modules)).has(id) ? 'first' : null),
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
