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

// An alert for somebody who is away from the screens: the server says how soon, where, and nothing
// of the patient. A browser wants each message shown, so that one that needs nobody is shown without
// a sound, in the place of the call that it ends.
addEventListener('push', (event) => {
  event.waitUntil(shown(event.data));
});

async function shown(data) {
  const { title, text, about, priority, call, room } = told(data);
  await registration.showNotification(title, {
    body: text,
    tag: about,
    icon: '/icon.svg',
    renotify: call,
    silent: !call,
    requireInteraction: call && priority === 'high',
    data: { place: typeof room === 'string' ? `/#/room/${encodeURIComponent(room)}` : '/#/inbox' },
  });
}

/** What the server said; whatever else comes is an alert too. */
function told(data) {
  const unknown = { title: 'dripwatch', text: '', about: 'unknown', call: true };
  try {
    const said = data.json();
    return typeof said.title === 'string' ? { ...unknown, ...said } : unknown;
  } catch {
    return unknown;
  }
}

addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(opened(event.notification.data.place));
});

/** Goes to a page that is open, or opens one. */
async function opened(place) {
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((one) => one.focused) ?? pages[0];
  if (page === undefined) return clients.openWindow(place);
  await page.focus();
  return page.navigate(place);
}
