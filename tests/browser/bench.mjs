// How long the page takes to show what it is told, and what that costs: with 12, 32 and 200 rooms
// at one value a second, over eight hours, and when 10 000 messages come at once. Beside it, in
// the same run, stands a bare page that only receives the same messages.
//
//   DRIPWATCH_WEB_DIST=../../web/dist node bench.mjs [rooms] [soak] [burst]

import { alert, session } from './fixture.mjs';
import { launch } from './screen.mjs';
import { serve } from './socket.mjs';
import { many } from './ward.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const WARM_MS = 3_000;
const FRAME_MAX_MS = 33.4;
const SOAK_HOURS = Number(process.env.BENCH_HOURS ?? 8);
const SOAK_ROOMS = 12;
const SOAK_STEP_S = 60;
const BURST = 10_000;
const BUDGET = { 12: 50, 32: 50, 200: 100, frames: 0.01, growth_mb: 10, task_ms: 200 };
const WALL = { width: 1920, height: 1080 };
const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };

const monotonic = () => performance.timeOrigin + performance.now();

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
async function open(count) {
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

async function show(browser, url, hash) {
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

const metrics = async (page) => {
  const { metrics: all } = await page.cdp.send('Performance.getMetrics');
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
};

/** Bytes in use and nodes in the document, once what is over has been swept away. */
async function kept(page) {
  for (let n = 0; n < 3; n += 1) await page.cdp.send('HeapProfiler.collectGarbage');
  const { JSHeapUsedSize } = await metrics(page);
  const { nodes, jsEventListeners } = await page.cdp.send('Memory.getDOMCounters');
  const drawn = await page.evaluate(() => document.querySelectorAll('*').length);
  return { heap_mb: JSHeapUsedSize / 1e6, nodes, jsEventListeners, drawn };
}

const at = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Every room once a second, each at its own moment of it, as monitors do. */
async function steady(clinic, count, ms) {
  const since = Date.now();
  let done = 0;
  while (Date.now() - since < ms) {
    const due = Math.floor(((Date.now() - since) / 1_000) * (count + 1));
    for (; done < due; done += 1) {
      const room = done % (count + 1);
      if (room === 0) clinic.beat();
      else clinic.tell(clinic.vitals(room));
    }
    await sleep(2);
  }
}

async function timed(browser, count, hash) {
  const clinic = await open(count);
  const page = await show(browser, clinic.server.url, hash);
  await steady(clinic, count, WARM_MS);
  await page.evaluate(() => {
    bench.painted.length = bench.frames.length = 0;
  });
  const before = await metrics(page);
  await steady(clinic, count, SECONDS * 1_000);
  const after = await metrics(page);
  const { painted, frames } = await page.evaluate(() => bench);
  const { heap_mb } = await kept(page);
  await page.close();
  await clinic.server.close();
  const late = painted.map(([n, when]) => when - clinic.sent.get(n)).sort((a, b) => a - b);
  return {
    p50: at(late, 0.5),
    p95: at(late, 0.95),
    slow: frames.filter((ms) => ms > FRAME_MAX_MS).length / frames.length,
    busy: ((after.TaskDuration - before.TaskDuration) / SECONDS) * 1_000,
    script: ((after.ScriptDuration - before.ScriptDuration) / SECONDS) * 1_000,
    heap_mb,
  };
}

const verdict = (...within) => (within.every(Boolean) ? 'within budget' : 'OVER BUDGET');

async function rooms(browser) {
  for (const count of [12, 32, 200]) {
    const bare = await timed(browser, count, 'bare');
    const page = await timed(browser, count, '#/central');
    console.log(
      [
        `${count} rooms at 1 Hz for ${SECONDS} s`,
        `message to paint p50 ${page.p50.toFixed(1)} ms, p95 ${page.p95.toFixed(1)} ms (bare ${bare.p50.toFixed(1)}, ${bare.p95.toFixed(1)}: ×${(page.p95 / bare.p95).toFixed(1)})`,
        `frames over 33 ms ${(page.slow * 100).toFixed(2)} % (bare ${(bare.slow * 100).toFixed(2)} %)`,
        `main thread ${page.busy.toFixed(0)} ms/s, of it script ${page.script.toFixed(0)} (bare ${bare.busy.toFixed(0)}: ×${(page.busy / bare.busy).toFixed(1)})`,
        `heap ${page.heap_mb.toFixed(1)} MB (bare ${bare.heap_mb.toFixed(1)})`,
        verdict(page.p95 <= BUDGET[count], page.slow < BUDGET.frames),
      ].join('\n  '),
    );
  }
}

/** Eight hours as fast as the page can read them: alerts come and go, and people look around. */
async function soak(browser) {
  const clinic = await open(SOAK_ROOMS);
  let now = Date.now();
  clinic.now = () => now;
  const page = await show(browser, clinic.server.url, '#/central');
  const started = Date.now();
  let first;
  let second = 0;
  const hour = async (until_s) => {
    while (second < until_s) {
      let last = 0;
      for (let step = 0; step < SOAK_STEP_S; step += 1, second += 1) {
        now += 1_000;
        const frames = [];
        for (let room = 1; room <= SOAK_ROOMS; room += 1) frames.push(clinic.vitals(room));
        happenings(clinic, second, frames);
        clinic.beat();
        last = clinic.tell(...frames);
      }
      await page.waitForFunction((n) => bench.last >= n, last, { polling: 20 });
      clinic.sent.clear();
      await page.evaluate(() => {
        bench.painted.length = bench.frames.length = 0;
      });
      if (second % 1_800 === 0) await around(page);
    }
  };
  // What is kept for minutes is there after half an hour: from then on nothing may grow.
  await hour(1_800);
  first = await kept(page);
  for (let n = 1; n <= SOAK_HOURS; n += 1) await hour(1_800 + n * 3_600);
  const last = await kept(page);
  const growth = last.heap_mb - first.heap_mb;
  console.log(
    [
      `${SOAK_HOURS} simulated hours, ${SOAK_ROOMS} rooms, in ${((Date.now() - started) / 1_000).toFixed(0)} s`,
      `heap ${first.heap_mb.toFixed(2)} → ${last.heap_mb.toFixed(2)} MB (${growth.toFixed(2)})`,
      `elements ${first.drawn} → ${last.drawn}, nodes ${first.nodes} → ${last.nodes}, listeners ${first.jsEventListeners} → ${last.jsEventListeners}`,
      verdict(
        growth <= BUDGET.growth_mb,
        // One alert more or less may be open at that moment.
        last.nodes <= first.nodes * 1.1,
      ),
    ].join('\n  '),
  );
  await page.close();
  await clinic.server.close();
}

/** Once a minute an alert, which is taken, and over a minute later; each hour a next patient. */
function happenings(clinic, second, frames) {
  const room = (Math.floor(second / 60) % SOAK_ROOMS) + 1;
  const minute = Math.floor(second / 60);
  const raise = (n, rest) => {
    const of = (n % SOAK_ROOMS) + 1;
    const now = clinic.now();
    frames.push({
      type: 'alert',
      ...clinic.next(of),
      alert: { ...alert(now, `${of}`), id: `m-${n}`, priority: 'medium', ...rest },
    });
  };
  if (second % 60 === 5) raise(minute, { raised_at: clinic.now() });
  if (second % 60 === 30)
    raise(minute, {
      acknowledged: { by: 'TJ', at: clinic.now() },
      raised_at: clinic.now() - 25_000,
    });
  if (second % 60 === 50) raise(minute, { state: 'resolved' });
  if (second % 300 === 7)
    for (let of = 1; of <= SOAK_ROOMS; of += 1)
      frames.push({
        type: 'vitals',
        ...clinic.next(of),
        taken_at: clinic.now(),
        received_at: clinic.now(),
        readings: [{ vital: 'nibp', systolic: 118 + (minute % 9), diastolic: 74, quality: 'good' }],
      });
  if (second % 3_600 === 600)
    frames.push({
      type: 'session',
      ...clinic.next(room),
      session: { ...session(clinic.now(), `${room}`), id: `s-${second}` },
    });
}

/** Into a room, onto the list, and back. */
async function around(page) {
  for (const [hash, there] of [
    ['#/room/1', '.room-numbers'],
    ['#/inbox', '[data-testid=inbox]'],
    ['#/central', '.tile .numeral'],
  ]) {
    await page.evaluate((next) => (location.hash = next), hash);
    // Not a handle, which would keep the screen that it came from.
    await page.locator(there).first().waitFor();
  }
}

async function burst(browser) {
  const found = {};
  for (const hash of ['bare', '#/central']) {
    const clinic = await open(200);
    const page = await show(browser, clinic.server.url, hash);
    await steady(clinic, 200, WARM_MS);
    await page.evaluate(() => {
      bench.tasks.length = 0;
    });
    const since = monotonic();
    let last = 0;
    for (let n = 0; n < BURST; n += 1) last = clinic.tell(clinic.vitals((n % 200) + 1));
    await page.waitForFunction((n) => bench.painted.some(([m]) => m >= n), last);
    const took = (await page.evaluate((n) => bench.painted.find(([m]) => m >= n)[1], last)) - since;
    await sleep(500);
    const tasks = await page.evaluate(() => bench.tasks);
    found[hash] = { took, longest: Math.max(0, ...tasks), count: tasks.length };
    await page.close();
    await clinic.server.close();
  }
  const [bare, page] = [found.bare, found['#/central']];
  const said = (ms) => (ms === 0 ? 'none over 50 ms' : `${ms.toFixed(0)} ms`);
  console.log(
    [
      `${BURST} messages at once, 200 rooms`,
      `longest task ${said(page.longest)} (bare ${said(bare.longest)}), ${page.count} over 50 ms`,
      `all painted after ${page.took.toFixed(0)} ms (bare ${bare.took.toFixed(0)} ms: ×${(page.took / bare.took).toFixed(1)})`,
      verdict(page.longest <= BUDGET.task_ms),
    ].join('\n  '),
  );
}

const PARTS = { rooms, soak, burst };
const wanted = process.argv.slice(2).filter((name) => name in PARTS);
const browser = await launch();
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) await PARTS[name](browser);
} finally {
  await browser.close();
}
