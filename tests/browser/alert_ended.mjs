// Alerts that ended unseen, and silenced ones.
// The numbers are those of the list in the specification of the screens.
//
//   node --test alert_ended.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alert } from './fixture.mjs';
import { during, played, seconds, textOf } from './stage.mjs';
import { only, ward } from './ward.mjs';

describe('an alert that ended unseen', { concurrency: false }, () => {
  it('waits for somebody to see it, and makes no sound (24)', () =>
    during({ rooms: only('normal', 'latched') }, async (page, clinic) => {
      const row = '[data-testid=needs-a-person] [data-room=latched][data-look=latched]';
      await page.waitForSelector(row);
      await seconds(page, 3);
      assert.deepEqual(await played(page), []);
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
      await page.click(`${row} [data-claim]`);
      assert.deepEqual(clinic.sent.at(-1), { path: 'rooms/latched/acknowledge', body: {} });
      // Still there until the server says that it was seen.
      assert.equal(await page.locator(row).count(), 1);
      clinic.show(only('normal'));
      clinic.send({
        type: 'alert',
        room: 'latched',
        alert: {
          ...ward(Date.now()).find(({ id }) => id === 'latched').alerts[0],
          state: 'resolved',
        },
      });
      await page.waitForSelector(row, { state: 'detached' });
    }));
});

describe('silenced alerts', { concurrency: false }, () => {
  let until;
  const silenced = (now) =>
    only(
      'normal',
      'high',
    )(now).map((room) => ({
      ...room,
      alerts: room.alerts.map((one) => ({ ...one, silenced_until: until })),
    }));

  it('count down on the button, make no sound, and a worse one sounds through (25)', () => {
    until = Date.now() + 119_000;
    return during({ rooms: silenced, steady: false }, async (page, clinic) => {
      const left = async () => {
        const [, minutes, rest] = /Audio paused (\d):(\d\d)/.exec(
          await textOf(page, '.audio-paused'),
        );
        return Number(minutes) * 60 + Number(rest);
      };
      await page.waitForSelector('.audio-paused');
      const before = await left();
      await seconds(page, 3);
      assert.ok((await left()) <= before - 2);
      assert.deepEqual(await played(page), []);
      const { color, borderColor } = await page.$eval('.audio-paused', (button) =>
        getComputedStyle(button),
      );
      assert.equal(color, borderColor);
      assert.equal(await page.locator('.audio-paused path').count(), 2, 'the bell is crossed out');
      clinic.send({
        type: 'alert',
        room: 'normal',
        alert: { ...alert(Date.now(), 'normal'), id: 'a-new', raised_at: Date.now() },
      });
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'high'));
      await page.waitForSelector('.audio:not(.audio-paused)');
    });
  });
});
