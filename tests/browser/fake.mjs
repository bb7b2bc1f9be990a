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
 * what can be done to it. While `steady`, every heartbeat brings the whole ward as of its second:
 * what is 6 s old then stays 6 s old for as long as anybody looks at it.
 */
export async function fake(page, { rooms, me, answers = {}, steady = false, now = Date.now }) {
  const clinic = {
    sent: [],
    /** Of each that was sent, the key under which it counts once. */
    keys: [],
    /** What was asked for, by its path. */
    asked: [],
    heard: [],
    revs: {},
    sockets: new Set(),
    me,
    answers,
    rooms,
    epoch: 'fake',
    /** Replace files of the page. */
    files: {},
    /** Hung: it keeps its connections, takes new ones, and says nothing. */
    silent: false,
    /** Steady, and late by so much. */
    late_ms: 0,
  };
  const revOf = (id) => clinic.revs[id] ?? 1;
  const state = (wanted = () => true) => {
    const at = now();
    const as_of = steady ? Math.floor(at / 1_000) * 1_000 : at;
    return {
      type: 'snapshot',
      epoch: clinic.epoch,
      now: at,
      ward: { rev: 1, alerts: [] },
      rooms: clinic
        .rooms(as_of)
        .filter(wanted)
        .map((room) => ({ ...room, rev: revOf(room.id) })),
    };
  };
  /** Comes back as another run of the server. */
  clinic.restart = (epoch) => {
    clinic.epoch = epoch;
    for (const socket of [...clinic.sockets]) socket.close();
  };
  const tell = (socket, frame) => {
    if (clinic.silent) return;
    const line = JSON.stringify(frame);
    if (clinic.late_ms === 0) socket.send(line);
    else setTimeout(() => clinic.sockets.has(socket) && socket.send(line), clinic.late_ms);
  };
  clinic.send = (frame) => {
    const { room } = frame;
    clinic.revs[room] = revOf(room) + 1;
    for (const socket of clinic.sockets) tell(socket, { rev: clinic.revs[room], ...frame });
  };
  /** Shows the ward as `rooms` has it from now on. */
  clinic.show = (rooms) => {
    clinic.rooms = rooms;
    for (const socket of clinic.sockets) tell(socket, state());
  };

  await page.routeWebSocket(/\/api\/v1\/stream$/, (socket) => {
    clinic.sockets.add(socket);
    const beat = () => {
      if (steady) tell(socket, state());
      tell(socket, {
        type: 'heartbeat',
        epoch: clinic.epoch,
        now: now(),
        alarm_path: { proved_at: now(), round_trip_ms: 2 },
        audible_screens: 1,
      });
    };
    let timer;
    // On the second, so that a steady ward is never a second older than it says.
    const on = () => {
      timer = setTimeout(on, HEARTBEAT_MS - (Date.now() % HEARTBEAT_MS));
      beat();
    };
    timer = setTimeout(on, HEARTBEAT_MS - (Date.now() % HEARTBEAT_MS));
    const over = () => {
      clearTimeout(timer);
      clinic.sockets.delete(socket);
    };
    socket.onClose(over);
    // A page that is closed does not close its socket here.
    page.once('close', over);
    socket.onMessage((data) => {
      const message = JSON.parse(String(data));
      clinic.heard.push(message);
      if (message.type === 'hello') {
        // Who knows this run is given the rooms of which they lack something.
        const { epoch, revs } = message;
        const knows = epoch === clinic.epoch && revs !== undefined;
        tell(socket, state(knows ? ({ id }) => revs[id] !== revOf(id) : undefined));
        beat();
      }
      if (message.type === 'ping')
        tell(socket, { type: 'pong', sent_at: message.sent_at, now: now() });
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

async function api(clinic, route, path) {
  const request = route.request();
  const key = `${request.method()} ${path}`;
  if (request.method() !== 'GET') {
    clinic.sent.push({ path, body: request.postDataJSON() });
    clinic.keys.push(request.headers()['idempotency-key']);
  }
  if (request.method() === 'GET') clinic.asked.push(path);
  const usual = { 'GET me': clinic.me, 'GET alerts/log': { alerts: [], next: null } };
  const given = clinic.answers[key] ?? usual[key];
  if (given === undefined && request.method() === 'GET') return json(route, 404, { title: key });
  const answer = typeof given === 'function' ? await given(request.postDataJSON()) : (given ?? {});
  return json(route, answer.status ?? 200, answer);
}

function json(route, status, body) {
  return route.fulfill({
    status,
    contentType: status < 400 ? 'application/json' : 'application/problem+json',
    body: JSON.stringify(body),
  });
}
