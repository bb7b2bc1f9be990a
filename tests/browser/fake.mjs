// A server that is not there: the built page, a stream and answers from fixtures, for what needs
// no program behind it. Nothing listens; the browser is answered inside its own process.

import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';

export const DIST = resolve(
  process.env.DRIPWATCH_WEB_DIST ?? join(import.meta.dirname, '../../web/dist'),
);
export const KINDS = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};
// As the program sends it.
export const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self' ws: wss:; worker-src 'self'";
export const FAKE_URL = 'http://dripwatch.test';
const HEARTBEAT_MS = 1_000;

/**
 * Puts `page` before a clinic whose rooms are `rooms(now)` and whose clock is `now`; gives back
 * what can be done to it. `files` replaces files of the page; while `mute`, it hears and says
 * nothing of the ward.
 */
export async function fake(page, { rooms, me, answers = {}, now = Date.now }) {
  const clinic = { sent: [], revs: {}, sockets: new Set(), me, answers, epoch: 'fake', files: {} };
  const state = () => ({
    type: 'snapshot',
    epoch: clinic.epoch,
    now: now(),
    ward: { rev: 1, alerts: [] },
    rooms: rooms(now()).map((room) => ({ rev: 1, ...room })),
  });
  /** Comes back as another run of the server. */
  clinic.restart = (epoch) => {
    clinic.epoch = epoch;
    for (const socket of [...clinic.sockets]) socket.close();
  };
  clinic.send = (frame) => {
    const { room } = frame;
    clinic.revs[room] = (clinic.revs[room] ?? 1) + 1;
    for (const socket of clinic.sockets)
      socket.send(JSON.stringify({ rev: clinic.revs[room], ...frame }));
  };

  await page.routeWebSocket(/\/api\/v1\/stream$/, (socket) => {
    clinic.sockets.add(socket);
    const beat = () =>
      clinic.mute ||
      socket.send(
        JSON.stringify({
          type: 'heartbeat',
          epoch: clinic.epoch,
          now: now(),
          alarm_path: { proved_at: now(), round_trip_ms: 2 },
          audible_screens: 1,
        }),
      );
    const timer = setInterval(beat, HEARTBEAT_MS);
    const over = () => {
      clearInterval(timer);
      clinic.sockets.delete(socket);
    };
    socket.onClose(over);
    // A page that is closed does not close its socket here.
    page.once('close', over);
    socket.onMessage((data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'hello' && !clinic.mute) {
        clinic.revs = {};
        socket.send(JSON.stringify(state()));
        beat();
      }
      if (message.type === 'ping')
        socket.send(JSON.stringify({ type: 'pong', sent_at: message.sent_at, now: now() }));
    });
  });

  await page.route(`${FAKE_URL}/**`, async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/v1/')) return api(clinic, route, pathname.slice(8));
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const body = clinic.files[name] ?? (await readFile(join(DIST, name)).catch(() => null));
    if (body === null) return route.fulfill({ status: 404 });
    return route.fulfill({
      body,
      headers: {
        'Content-Type': KINDS[extname(name)] ?? 'application/octet-stream',
        'Content-Security-Policy': POLICY,
      },
    });
  });
  return clinic;
}

function api(clinic, route, path) {
  const request = route.request();
  const key = `${request.method()} ${path}`;
  if (request.method() !== 'GET') clinic.sent.push({ path, body: request.postDataJSON() });
  const given = clinic.answers[key] ?? (key === 'GET me' ? clinic.me : undefined);
  if (given === undefined && request.method() === 'GET') return json(route, 404, { title: key });
  const answer = typeof given === 'function' ? given(request.postDataJSON()) : (given ?? {});
  return json(route, answer.status ?? 200, answer);
}

function json(route, status, body) {
  return route.fulfill({
    status,
    contentType: status < 400 ? 'application/json' : 'application/problem+json',
    body: JSON.stringify(body),
  });
}
