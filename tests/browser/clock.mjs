// The clock of the clinic, whatever that of the machine says.
// The numbers are those of the list in the specification of the screens.
//
//   node --test clock.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, NURSE } from './visit.mjs';

const MINUTE_MS = 60_000;

describe('the clock', { concurrency: false }, () => {
  it('of a device that is five minutes wrong changes no age (30)', () =>
    at('#/central', { now: () => Date.now() + 5 * MINUTE_MS }, async (page) => {
      const tile = '.tile[data-room="1"]';
      await page.waitForSelector(`${tile} [data-vital=spo2][data-freshness=current]`);
      assert.match(await page.textContent(`${tile} [data-vital=bp] .aside`), /^1 min ago$/);
      assert.match(await page.textContent(`${tile} .elapsed`), /^(18:59|19:\d\d)\/40$/);
      await page.waitForSelector('.slow:has-text("wrong by 5:0")');
    }));

  const INDIA = { ...NURSE, time_zone: 'Asia/Kolkata' };
  const elsewhere = { timezoneId: 'America/New_York' };

  it('is the clinic’s, wherever the device thinks that it is (50)', () =>
    at('#/room/3', { me: INDIA, as: elsewhere }, async (page) => {
      const inIndia = (time) =>
        new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', timeStyle: 'short' }).format(
          time,
        );
      const shown = await page.textContent('[data-testid=clock]');
      const around = [-1, 0, 1].map((s) => inIndia(Date.now() + s * 1_000));
      assert.ok(around.includes(shown.slice(0, 5)), `${shown} is none of ${around}`);
      // The ward is as old as its snapshot, which may be of the minute before.
      const started = [0, 15_000].map((ago) => inIndia(Date.now() - 19 * MINUTE_MS - ago));
      assert.match(await page.textContent('.events'), new RegExp(started.join('|')));
    }));

  for (const [name, zone, time, before_, after_] of [
    ['midnight', 'Europe/Berlin', '2026-11-21T22:59:20Z', /^23:59:/, /^00:0/],
    ['summer time', 'Europe/Berlin', '2026-03-29T00:59:20Z', /^01:59:/, /^03:0/],
    ['winter time', 'Europe/Berlin', '2026-10-25T00:59:20Z', /^02:59:/, /^02:0/],
  ]) {
    it(`goes through ${name}, and what has elapsed stays right (50)`, () => {
      let ahead = Date.parse(time) - Date.now();
      const me = { ...NURSE, time_zone: zone };
      const now = () => Date.now() + ahead;
      return at('#/central', { me, now, as: elsewhere }, async (page) => {
        const clock = () => page.textContent('[data-testid=clock]');
        const elapsed = async () => {
          const [, minutes, seconds] = /(\d+):(\d+)/.exec(
            await page.textContent('.tile[data-room="1"] .elapsed'),
          );
          return Number(minutes) * 60 + Number(seconds);
        };
        await page.waitForSelector('.tile [data-vital]');
        const [first, then] = [await elapsed(), now()];
        assert.match(await clock(), before_);
        // A minute later by the server's clock, as after a sleep.
        ahead += MINUTE_MS;
        await page.waitForFunction(
          (source) =>
            new RegExp(source).test(document.querySelector('[data-testid=clock]').textContent),
          after_.source,
        );
        const wrong = (await elapsed()) - first - (now() - then) / 1_000;
        assert.ok(first >= 1_138 && first < 1_200, `${first} s`);
        assert.ok(Math.abs(wrong) <= 3, `${wrong} s`);
      });
    });
  }
});
