// The socket: hello, resume by rev, watchdog, back-off. What frames mean is in `ward/model.ts`.

import { batch, effect, signal } from '@preact/signals';
import * as clock from '../clock';
import {
  backOff_ms,
  behind_ms,
  judge,
  LOST_MS,
  PING_MS,
  SLOW_MS,
  withGap,
  type Gap,
  type Link,
} from './link';
import { epoch, forgetAll, openAlerts, receive, resumePoint } from '../ward/store';
import { fields, number } from './fields';
import { screenId } from './screenId';

export const link = signal<Link>('connecting');
/** Server time at which the ward was last heard in time; null before the first time. */
export const lastHeard = signal<number | null>(null);
/** The times without monitoring, until somebody dismisses them. */
export const gaps = signal<readonly Gap[]>([]);
/** When the ward was last heard at all, in time or late, as a span of this page's life. */
export const heardAt_ms = signal(0);
/** What this page should show cannot be drawn: nobody watches by it. */
export const broken = signal(false);

/** This device's battery, where the browser tells. */
export const battery = signal<{ readonly percent: number; readonly charging: boolean } | null>(
  null,
);

/** What is drawn here is no longer what is known: nobody watches by it. */
export const altered = signal(false);

/** Asking again for missing frames: not more often than this. */
const ASK_MS = 1_000;
/** A room still incomplete after this long gets a fresh snapshot instead of its missed frames. */
const RESUME_PATIENCE_MS = 5_000;

interface Screen {
  readonly kind: () => string;
  readonly audible: () => boolean;
  readonly quiet: () => boolean;
  /** Called when a connection fails before it opens: the cookie may no longer be valid. */
  readonly refused: () => void;
  /** The server says for whom the stream is; whether that is somebody else than before. */
  readonly isFor: (me: unknown) => boolean;
}

let screen: Screen | null = null;
let socket: WebSocket | null = null;
let opened = false;
let attempt = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let everHeard = false;
let heard_ms = 0;
let lag_ms = 0;
/** For how long the device slept since the last frame. */
let slept_ms = 0;
let dialled_ms = 0;
let pinged_ms = 0;
/** When the last ping that was answered was sent. */
let answered_ms = 0;
let asked_ms = -Infinity;
let missing_ms: number | null = null;
let confirmed = new Set<string>();
let metronome: Worker | null = null;
const SPARE_MS = 1_000;
let spare: ReturnType<typeof setInterval> | undefined;

export function start(given: Screen): void {
  stop();
  screen = given;
  attempt = 0;
  everHeard = false;
  heard_ms = answered_ms = clock.span_ms();
  lag_ms = slept_ms = 0;
  lastHeard.value = null;
  link.value = 'connecting';
  metronome = new Worker(new URL('./watchdog.worker.ts', import.meta.url), { type: 'module' });
  metronome.onmessage = beat;
  // Where the worker cannot be loaded, or dies, a slower watch is better than none.
  clearInterval(spare);
  spare = setInterval(beat, SPARE_MS);
  connect();
}

export function stop(): void {
  screen = null;
  metronome?.terminate();
  metronome = null;
  clearInterval(spare);
  clearTimeout(retryTimer);
  drop();
}

/** Waking up, coming back to the page or to the network: do not wait for the back-off. */
function wake(): void {
  if (screen === null) return;
  beat();
  if (socket === null) connect();
}

for (const event of ['online', 'pageshow', 'resume']) addEventListener(event, wake);
document.addEventListener('visibilitychange', () => {
  wake();
  sendPresence();
  confirmShown();
});

function connect(): void {
  clearTimeout(retryTimer);
  drop();
  dialled_ms = clock.span_ms();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const dialled = new WebSocket(`${scheme}://${location.host}/api/v1/stream`);
  socket = dialled;
  dialled.onopen = () => {
    opened = true;
    confirmed = new Set();
    answered_ms = clock.span_ms();
    lag_ms = 0;
    hello(true);
    ping();
    sendPresence();
  };
  dialled.onmessage = (event) => {
    if (typeof event.data === 'string') hear(event.data);
  };
  dialled.onclose = () => {
    if (!opened) screen?.refused();
    drop();
    retry();
  };
}

/** Lets go of a socket without waiting for the other side, which may hang. */
function drop(): void {
  const old = socket;
  socket = null;
  opened = false;
  if (old === null) return;
  old.onopen = old.onmessage = old.onclose = null;
  old.close();
}

function retry(): void {
  if (screen === null) return;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(connect, backOff_ms(attempt, Math.random()));
  attempt += 1;
}

function send(message: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function hello(resume: boolean): void {
  const known = resume ? resumePoint() : null;
  send({
    type: 'hello',
    version: 1,
    rooms: 'all',
    screen: screen?.kind(),
    screen_id: screenId(),
    ...known,
  });
}

function hear(data: string): void {
  doubt();
  const frames: unknown[] = [];
  let alive = false;
  for (const line of data.split('\n')) {
    if (line.trim() === '') continue;
    const frame = parse(line);
    const { type, now, sent_at } = fields(frame);
    const serverNow = number(now);
    const sent = number(sent_at);
    if (type === 'pong') {
      // A pong proves the connection but not the ward behind it, so it does not count as life.
      if (serverNow !== null && sent !== null) {
        slept_ms += clock.pong(sent, serverNow);
        lag_ms = clock.lag_ms.peek();
        answered_ms = clock.span_ms() - lag_ms;
      }
      continue;
    }
    if (serverNow !== null) slept_ms += clock.hear(serverNow);
    alive ||= typeof type === 'string';
    frames.push(frame);
  }
  if (frames.length === 0) return;
  for (const frame of frames) {
    const { type, me } = fields(frame);
    // What the person before was shown is not the next one's to see.
    if (me === undefined || screen?.isFor(me) !== true) continue;
    forgetAll();
    if (type === 'resumed') hello(false);
  }
  const before = epoch();
  const missed = receive(frames);
  if (alive) living();
  const restarted = frames.some((frame) => {
    const { type, epoch: of } = fields(frame);
    return type === 'heartbeat' && typeof of === 'string' && before !== null && of !== epoch();
  });
  if (restarted || missed.size > 0) askAgain(restarted);
  else missing_ms = null;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function living(): void {
  attempt = 0;
  // At once: what was lost and is back before anybody saw it makes no sound, but is listed.
  batch(() => {
    // What was said while the device slept was said to nobody.
    heard_ms -= slept_ms;
    slept_ms = 0;
    settle();
    everHeard = true;
    heard_ms = heardAt_ms.value = clock.span_ms();
    settle();
    if (link.value !== 'lost') lastHeard.value = clock.now_ms();
  });
  clock.tick();
}

/** Says what this screen is now, and remembers for how long it was lost. */
function settle(): void {
  const now = clock.span_ms();
  const late_ms = Math.max(now - heard_ms, behind_ms(now, answered_ms, lag_ms));
  const next = judge(late_ms, everHeard);
  if (link.value === 'lost' && next !== 'lost' && lastHeard.value !== null) {
    gaps.value = withGap(gaps.value, { from: lastHeard.value, to: clock.now_ms() });
  }
  link.value = next;
}

function askAgain(fresh: boolean): void {
  const now = clock.span_ms();
  missing_ms ??= now;
  if (now - asked_ms < ASK_MS) return;
  asked_ms = now;
  hello(!fresh && now - missing_ms < RESUME_PATIENCE_MS);
}

/** After a sleep the stream is not waited for as long as one that has just been heard. */
function doubt(): void {
  if (!clock.mayHaveSlept()) return;
  const slow_ms = clock.span_ms() - SLOW_MS - 1;
  heard_ms = Math.min(heard_ms, slow_ms);
  dialled_ms = Math.min(dialled_ms, slow_ms);
  ping();
}

function beat(): void {
  if (screen === null) return;
  const now = clock.span_ms();
  doubt();
  settle();
  // A socket that says nothing is treated like a closed one.
  if (socket !== null && now - Math.max(heard_ms, dialled_ms) > LOST_MS) {
    drop();
    retry();
  }
  if (now - pinged_ms >= PING_MS) {
    ping();
    sendPresence();
  }
  // Last: what is drawn by it must not keep the watch from its work.
  clock.tick();
}

function ping(): void {
  pinged_ms = clock.span_ms();
  send({ type: 'ping', sent_at: Math.round(clock.monotonic_ms()) });
}

export function sendPresence(): void {
  send({
    type: 'presence',
    audible: screen?.audible() ?? false,
    visible: isSeen(),
    quiet: screen?.quiet() ?? false,
    lag_ms: clock.lag_ms.peek(),
    battery: battery.peek(),
  });
}

function isSeen(): boolean {
  return document.visibilityState === 'visible' && !broken.peek() && !altered.peek();
}

/** Tells the server which alerts have been painted here: once each per connection. */
function confirmShown(): void {
  requestAnimationFrame(() => {
    if (!opened || !isSeen()) return;
    for (const alert of openAlerts.peek()) {
      if (confirmed.has(alert.id)) continue;
      confirmed.add(alert.id);
      send({ type: 'received', alert: alert.id });
    }
  });
}

effect(() => {
  // Read here so that the effect runs again with each alert and each reconnection.
  if (openAlerts.value.length > 0 && link.value === 'live' && !broken.value && !altered.value) {
    confirmShown();
  }
});

effect(() => {
  void broken.value;
  void altered.value;
  sendPresence();
});
