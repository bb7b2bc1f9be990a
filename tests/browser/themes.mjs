// Dim and light: chosen, kept, and readable.
// The numbers are those of the list in the specification of the screens.
//
//   node --test themes.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, NURSE } from './visit.mjs';

describe('themes', { concurrency: false }, () => {
  const hourIn = (zone, hour) => {
    // A time today at which it is that hour there.
    for (let back = 0; back < 24; back += 1) {
      const time = Date.now() + back * 3_600_000;
      const found = new Date(time).toLocaleString('en-GB', { timeZone: zone, hour: '2-digit' });
      if (Number(found) === hour) return time - Date.now();
    }
    throw new Error('no such hour');
  };
  const look = (page) => page.evaluate(() => document.documentElement.dataset.theme);

  for (const [hour, theme] of [
    [9, 'light'],
    [19, 'dim'],
    [23, 'night'],
  ]) {
    it(`by clock is ${theme} at ${hour} h of the clinic`, () => {
      const zone = 'Asia/Tokyo';
      const ahead = hourIn(zone, hour);
      const me = { ...NURSE, time_zone: zone };
      return at('#/central', { theme: 'auto', me, now: () => Date.now() + ahead }, async (page) => {
        await page.waitForSelector('.tile [data-vital]');
        await sleep(1_200);
        assert.equal(await look(page), theme);
      });
    });
  }

  it('are chosen in the menu, and kept on the device', () =>
    at('#/central', {}, async (page) => {
      await page.click('.menu summary');
      await page.selectOption('.theme-choice select', 'night');
      assert.equal(await look(page), 'night');
      assert.equal(await page.evaluate(() => localStorage.getItem('dripwatch.theme')), 'night');
    }));

  it('of the night dim what is well, and not what is alarming', () => {
    const colours = async (page) => {
      await page.waitForSelector('.tile [data-vital]');
      const of = (selector) => page.$eval(selector, (element) => getComputedStyle(element).color);
      return {
        calm: await of('[data-room="1"] [data-vital=hr] .value'),
        high: await of('[data-room="2"] [data-alert=high] .value'),
        medium: await of('[data-room="3"] [data-alert=medium] .value'),
      };
    };
    return at('#/central', { theme: 'dim' }, async (dim) => {
      const day = await colours(dim);
      await at('#/central', { theme: 'night' }, async (night) => {
        assert.deepEqual(await colours(night), { ...day, calm: 'rgb(143, 152, 159)' });
      });
    });
  });
});
