// How long the page takes to show what it is told, and what that costs: with 12, 32 and 200 rooms
// at one value a second, over eight hours, and when 10 000 messages come at once. Beside it, in
// the same run, is a bare page that only receives the same messages.
//
//   DRIPWATCH_WEB_DIST=../../web/dist node bench.mjs [rooms] [soak] [burst] [past]

import { kept, metrics, monotonic, open, show } from './meter.mjs';
import { drawn } from './pastdrawn.mjs';
import { launch } from './screen.mjs';
import { soak, SOAK_ROOMS } from './soak.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const WARM_MS = 3_000;
const FRAME_MAX_MS = 33.4;
const SOAK_HOURS = Number(process.env.BENCH_HOURS ?? 8);
const BURST = 10_000;
const BUDGET = {
  12: 50,
  32: 50,
  200: 100,
  frames: 0.01,
  growth_mb: 10,
  task_ms: 200,
  past_ms: 100,
};
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

async function hours(browser) {
  const started = Date.now();
  const { first, last } = await soak(browser, SOAK_HOURS);
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

/** A past session of three hours at one value a second: from the tap to what is drawn of all of it. */
async function past(browser) {
  const { first, again } = await drawn(browser);
  const p50 = at(again, 0.5);
  console.log(
    [
      '3 h at 1 Hz, two curves and pressures under one cursor and another session in grey',
      `the whole page the first time ${first.toFixed(0)} ms after its record had been received`,
      `drawn anew p50 ${p50.toFixed(0)} ms, p95 ${at(again, 0.95).toFixed(0)} ms`,
      verdict(first <= BUDGET.past_ms, p50 <= BUDGET.past_ms),
    ].join('\n  '),
  );
}

const PARTS = { rooms, soak: hours, burst, past };
const wanted = process.argv.slice(2).filter((name) => name in PARTS);
const browser = await launch();
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) await PARTS[name](browser);
} finally {
  await browser.close();
}
