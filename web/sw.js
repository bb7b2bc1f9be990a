// Keeps the page itself for when the server cannot be reached: it then says that nothing is
// monitored, where a browser alone would show a blank or an old screen. Nothing of a patient is
// ever kept: the server's answers below /api/ do not pass through here.

/** What this build is made of; written in by the build. */
const SHELL = 'SHELL';
const KEPT_IN = `dripwatch-${'VERSION'}`;

addEventListener('install', (event) => {
  skipWaiting();
  // Past the browser's own cache: what is kept must be of one build.
  const wanted = SHELL.map((path) => new Request(path, { cache: 'reload' }));
  event.waitUntil(caches.open(KEPT_IN).then((kept) => kept.addAll(wanted)));
});

addEventListener('activate', (event) => {
  const forget = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== KEPT_IN).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(forget());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  // The page of a server that answers is always the server's own: an update is never held back.
  if (request.mode === 'navigate' && !pathname.startsWith('/api/')) {
    event.respondWith(page(request));
  } else if (SHELL.includes(pathname) && pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
  }
});

/** A server that hangs must not keep the screen white. */
const PATIENCE_MS = 4_000;

async function page(request) {
  const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
    () => null,
  );
  if (answer !== null && answer.status < 500) return answer;
  return (await caches.match('/')) ?? answer ?? Response.error();
}
