// A quiet room: its screen stays silent while another is watching.
// The numbers are those of the list in the specification of the screens.
//
//   node --test quiet_room.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from './screen.mjs';
import { at, tones } from './visit.mjs';

const presence = (clinic) => clinic.heard.findLast(({ type: kind }) => kind === 'presence');

describe('a quiet room', { concurrency: false }, () => {
  const watched = (count) => ({ 'GET rooms/2': { id: '2', watched_by: count } });
  const begin = async (page) => {
    await page.waitForSelector('.stack-row');
    await page.click('[data-quiet=off]');
    await page.waitForSelector('[data-testid=quiet-room]:has-text("alarms go to the station")');
  };

  it('frames its alarms, makes no sound, and says that it is quiet', () =>
    at('#/room/2', { answers: watched(2) }, async (page, clinic) => {
      await until(async () => (await tones(page)).length > 0);
      await begin(page);
      await until(() => presence(clinic).quiet);
      const before = (await tones(page)).length;
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
      const red = await page.$$eval('.stack-row, .numeral', (all) =>
        all.map((one) => getComputedStyle(one).backgroundColor).includes('rgb(200, 20, 47)'),
      );
      assert.equal(red, false);
      await page.waitForSelector('.audio:has-text("Quiet room: no sound here")');
      await sleep(6_000);
      assert.equal((await tones(page)).length, before);
      await page.click('[data-testid=quiet-room] button');
      await until(async () => (await tones(page)).length > before);
      await until(() => !presence(clinic).quiet);
    }));

  it('is refused while nobody else watches: this screen does not count', () =>
    at('#/room/2', { answers: watched(1) }, async (page) => {
      await page.click('[data-quiet=off]');
      await page.waitForSelector('.notice-bad:has-text("no other screen with sound")');
      assert.equal(await page.locator('[data-testid=quiet-room]').count(), 0);
    }));

  it('ends at once when nobody else watches any longer', () =>
    at('#/room/2', { answers: watched(2) }, async (page, clinic) => {
      await begin(page);
      const before = (await tones(page)).length;
      Object.assign(clinic.answers, watched(1));
      await sleep(2_500);
      assert.equal(await page.locator('[data-testid=quiet-room]').count(), 1, 'one still watches');
      Object.assign(clinic.answers, watched(0));
      await page.waitForSelector('.notice-bad:has-text("It alarms here again")');
      await until(async () => (await tones(page)).length > before);
      assert.equal(await page.locator('[data-testid=quiet-room]').count(), 0);
    }));

  it('ends when the connection is lost', () =>
    at('#/room/2', { answers: watched(2) }, async (page, clinic) => {
      await begin(page);
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]');
      await page.waitForSelector('.notice-bad:has-text("It alarms here again")');
      await until(async () => (await tones(page)).includes('lost'));
    }));
});
