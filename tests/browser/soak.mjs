// A long shift in a short time: what the page holds must not grow with it.

import { alert, session } from './fixture.mjs';
import { kept, open, show } from './meter.mjs';

export const SOAK_ROOMS = 12;
const SOAK_STEP_S = 60;

/**
 * Hours as fast as the page can read them: alerts come and go, and people look around. Gives back
 * what the page holds after the first half hour, and at the end.
 */
export async function soak(browser, hours) {
  const clinic = await open(SOAK_ROOMS);
  let now = Date.now();
  clinic.now = () => now;
  const page = await show(browser, clinic.server.url, '#/central');
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
  const first = await kept(page);
  for (let n = 1; n <= hours; n += 1) await hour(1_800 + n * 3_600);
  const last = await kept(page);
  await page.close();
  await clinic.server.close();
  return { first, last };
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
