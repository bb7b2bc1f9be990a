// A clinic on a real socket whose time is the caller's, and pages before it that are measured.

import { alert } from './fixture.mjs';
import { serve } from './socket.mjs';
import { many } from './ward.mjs';

const WALL = { width: 1920, height: 1080 };
const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };

export const monotonic = () => performance.timeOrigin + performance.now();

/** In every page before it: when each message came, when it was painted, how long frames took. */
const METER = `{
  const bench = (globalThis.bench = { last: 0, painted: [], frames: [], tasks: [] });
  const now = () => performance.timeOrigin + performance.now();
  const after = new MessageChannel();
  let waiting = [];
  after.port1.onmessage = () => {
    const at = now();
    for (const n of waiting) bench.painted.push([n, at]);
    waiting = [];
  };
  const Real = WebSocket;
  globalThis.WebSocket = class extends Real {
    constructor(...all) {
      super(...all);
      this.addEventListener('message', ({ data }) => {
        const n = Number(/^.{0,40}"n":(\\d+)/.exec(data)?.[1] ?? 0);
        if (n === 0) return;
        bench.last = n;
        if (waiting.push(n) === 1) requestAnimationFrame(() => after.port2.postMessage(0));
      });
    }
  };
  let before = 0;
  const frame = (at) => {
    if (before > 0) bench.frames.push(at - before);
    before = at;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) bench.tasks.push(duration);
  }).observe({ type: 'longtask' });
}`;

const BARE = `<!doctype html><title>bare</title><script>
  const socket = new WebSocket('ws://' + location.host + '/api/v1/stream');
  socket.onopen = () => socket.send('{"type":"hello"}');
  socket.onmessage = ({ data }) => { globalThis.heard = data.length; };
</script>`;

/** A clinic on a real socket, whose time is the caller's. */
export async function open(count) {
  const clinic = { n: 0, sent: new Map(), revs: new Array(count + 1).fill(1), now: Date.now };
  clinic.server = await serve({
    bare: BARE,
    answers: { me: NURSE, profiles: { profiles: [] } },
    hear: (send, { type, sent_at }) => {
      if (type === 'hello') send(JSON.stringify(snapshot(clinic, count)));
      if (type === 'ping') send(JSON.stringify({ type: 'pong', sent_at, now: clinic.now() }));
    },
  });
  /** One message of one or more frames; its first says which it is. */
  clinic.tell = (...frames) => {
    const n = (clinic.n += 1);
    const [first, ...rest] = frames;
    const text = [{ n, ...first }, ...rest].map((frame) => JSON.stringify(frame)).join('\n');
    clinic.sent.set(n, monotonic());
    clinic.server.send(text);
    return n;
  };
  clinic.beat = () =>
    clinic.tell({
      type: 'heartbeat',
      epoch: 'bench',
      now: clinic.now(),
      alarm_path: { proved_at: clinic.now(), round_trip_ms: 2 },
      audible_screens: 1,
    });
  clinic.next = (room) => ({ room: `${room}`, rev: (clinic.revs[room] += 1) });
  clinic.vitals = (room) => {
    const at = clinic.now();
    const wave = Math.round(Math.sin(at / 9_000 + room) * 4);
    return {
      type: 'vitals',
      ...clinic.next(room),
      taken_at: at,
      received_at: at,
      readings: [
        { vital: 'pulse_rate', value: 76 + wave + (at % 2_000 < 1_000 ? 1 : 0), quality: 'good' },
        { vital: 'spo2', value: 96 + Math.round(wave / 3), quality: 'good' },
      ],
    };
  };
  return clinic;
}

/** Most rooms are calm; one in twenty has something. */
function snapshot(clinic, count) {
  const now = clinic.now();
  return {
    type: 'snapshot',
    epoch: 'bench',
    now,
    ward: { rev: 1, alerts: [] },
    rooms: many(count)(now).map((room, at) => ({
      ...room,
      rev: clinic.revs[at + 1],
      alerts:
        at % 20 === 1
          ? [{ ...alert(now, room.id), priority: at % 40 === 1 ? 'high' : 'medium' }]
          : [],
    })),
  };
}

export async function show(browser, url, hash) {
  const page = await browser.newPage({ viewport: WALL });
  await page.addInitScript(METER);
  const bare = hash === 'bare';
  await page.goto(bare ? `${url}/bare` : `${url}/${hash}`);
  if (!bare) await page.locator('.tile .numeral').first().waitFor();
  page.on('pageerror', (error) => console.error(error.message));
  page.cdp = await page.context().newCDPSession(page);
  // The thread's own time: a machine that is busy with other things does not count.
  await page.cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return page;
}

export const metrics = async (page) => {
  const { metrics: all } = await page.cdp.send('Performance.getMetrics');
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
};

/** Bytes in use and nodes in the document, once what is over has been swept away. */
export async function kept(page) {
  for (let n = 0; n < 3; n += 1) await page.cdp.send('HeapProfiler.collectGarbage');
  const { JSHeapUsedSize } = await metrics(page);
  const { nodes, jsEventListeners } = await page.cdp.send('Memory.getDOMCounters');
  const drawn = await page.evaluate(() => document.querySelectorAll('*').length);
  return { heap_mb: JSHeapUsedSize / 1e6, nodes, jsEventListeners, drawn };
}
