// How long a past session of three hours takes to be drawn, before a server that is not there.

import { answers, NURSE, PATIENT, rooms } from './clinicday.mjs';
import { fake, FAKE_URL } from './fake.mjs';
import { before, long, session } from './pastcourse.mjs';
import { openPage, STATION } from './screen.mjs';

const TIMES = 40;

/** Milliseconds: the first time, from when the record had been received; and each of many times, sorted. */
export async function drawn(browser) {
  const context = await browser.newContext({ viewport: STATION });
  const page = await openPage(context, 'dim');
  await page.addInitScript(() => {
    globalThis.bench = { first: null, came: null };
    const { json } = Response.prototype;
    Response.prototype.json = async function () {
      const value = await json.call(this);
      if (this.url.includes('d-3/record.json')) bench.came = performance.now();
      return value;
    };
    new MutationObserver(() => {
      if (bench.first !== null || !document.querySelector('[data-testid=plot] canvas')) return;
      bench.first = 0;
      requestAnimationFrame(() => setTimeout(() => (bench.first = performance.now() - bench.came)));
    }).observe(document, { childList: true, subtree: true });
  });
  await fake(page, {
    rooms,
    me: NURSE,
    steady: true,
    answers: {
      ...answers(),
      'GET sessions/d-3': session(),
      'GET sessions/d-3/record.json': long(),
      'GET sessions/e-2/record.json': before(),
      'GET courses/c-1': PATIENT,
    },
  });
  await page.goto(`${FAKE_URL}/#/session/d-3`);
  await page.waitForSelector('.review-rows th:has-text("Session 2: BP")');
  const found = await page.evaluate(async (times) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const again = [];
    for (let n = 0; n < times; n += 1) {
      document.querySelector('[data-zoom=closer]').click();
      await frame();
      const since = performance.now();
      document.querySelector('[data-zoom=whole]').click();
      await frame();
      again.push(performance.now() - since);
    }
    return { first: bench.first, again: again.sort((a, b) => a - b) };
  }, TIMES);
  await context.close();
  return found;
}
