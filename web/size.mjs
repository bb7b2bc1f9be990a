// Prints what a browser loads, gzipped, and fails when the page has grown beyond its promise.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a session's course needs is fetched after everything else, and the day, patients, the
 * clinic's own things and past sessions when they are opened, the buttons of a call for help beside
 * them: each is counted by itself. */
const PROMISE_KB = {
  js: 60,
  css: 8,
  'first js': 30,
  'care js': 31,
  'pages js': 29,
  'review js': 20,
  'alertlog js': 10,
  'help js': 2,
};
const folder = process.argv[2] ?? 'dist';
const assets = join(folder, 'assets');

// What the first screen waits for is what the page itself names.
const page = readFileSync(join(folder, 'index.html'), 'utf8');
const total = Object.fromEntries(Object.keys(PROMISE_KB).map((kind) => [kind, 0]));
for (const name of readdirSync(assets)) {
  const kind = name.split('.').pop();
  if (!(kind in total)) continue;
  const kb = gzipSync(readFileSync(join(assets, name))).length / 1000;
  const part = ['care', 'pages', 'review', 'alertlog', 'help'].find((part) =>
    name.startsWith(`${part}-`),
  );
  total[part === undefined ? kind : `${part} ${kind}`] += kb;
  if (kind === 'js' && page.includes(name)) total['first js'] += kb;
  console.log(`${kb.toFixed(1).padStart(6)} kB  ${name}`);
}
let grown = false;
for (const [kind, promise] of Object.entries(PROMISE_KB)) {
  const over = total[kind] > promise;
  grown ||= over;
  console.log(`${kind}: ${total[kind].toFixed(1)} kB of ${promise} kB${over ? ': too much' : ''}`);
}
process.exitCode = grown ? 1 : 0;
