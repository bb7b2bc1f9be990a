// The station: all rooms, and what needs a person.
//
//   node --test station.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { alert, MIN, room, rooms, session } from './fixture.mjs';
import { boxes, PHONE, STATION } from './screen.mjs';
import { at, TABLET, WALL } from './visit.mjs';

const SIZES = { wall: WALL, station: STATION, phone: PHONE };

describe('the station', { concurrency: false }, () => {
  const inRoom = (id, selector) => `.tile[data-room="${id}"] ${selector}`;

  for (const [name, size] of Object.entries(SIZES)) {
    it(`keeps every tile and foot in its place on a ${name}, however long a task is`, () =>
      at('#/central', { size }, async (page) => {
        await page.waitForSelector('.tile [data-vital]');
        const widths = (await boxes(page, '.tile')).map(({ width }) => Math.round(width));
        assert.equal(new Set(widths).size, 1, widths.join(' '));
        for (const id of ['4', '6', '7', '8']) {
          const [tile] = await boxes(page, `.tile[data-room="${id}"]`);
          const parts = await boxes(page, `${inRoom(id, '.numeral')}, ${inRoom(id, '.foot')}`);
          for (const part of parts)
            assert.ok(part.right <= tile.right + 1 && part.bottom <= tile.bottom + 1, id);
        }
        const [calm] = await boxes(page, inRoom('1', '.foot'));
        const [due] = await boxes(page, inRoom('8', '.foot'));
        assert.equal(Math.round(due.height), Math.round(calm.height));
      }));
  }

  it('cuts neither who it is nor the phase, however long it runs and whatever is marked', async () => {
    const WAIVED = [{ step: 'start', items: ['x'], reason: 'y', by: 'SN', at: 0 }];
    const long = (now) =>
      Array.from({ length: 12 }, (_, n) =>
        room(now, `${n + 1}`, {
          session: session(now, `${n + 1}`, {
            phase: n % 2 === 0 ? 'infusing' : 'paused',
            phase_since: now,
            infused_ms: n < 6 ? 82 * MIN : 162 * MIN,
            planned_s: 13_500,
            waived: n % 4 > 1 ? WAIVED : [],
          }),
          devices: [{ id: `m-${n}`, link: 'up', source: n % 3 === 0 ? 'simulator' : 'monitor' }],
        }),
      );
    for (const size of [WALL, STATION, TABLET])
      for (const count of [4, 8, 12])
        await at('#/central', { size, rooms: (now) => long(now).slice(-count) }, async (page) => {
          await page.waitForSelector('.tile .initials');
          const cut = await page.$$eval('.tile :is(.initials, [data-phase])', (all) =>
            all
              .filter((one) => one.scrollWidth > one.clientWidth + 1)
              .map((one) => `${one.textContent} in ${one.closest('.tile').dataset.room}`),
          );
          assert.deepEqual(cut, [], `${count} rooms, ${size.width} px`);
        });
  });

  it('says in few words what is due, what is missing because of the cuff, and what failed', () =>
    at('#/central', {}, async (page) => {
      assert.match(await page.textContent(inRoom('4', '.foot')), /BP due.*late/);
      assert.match(await page.textContent(inRoom('6', '[data-vital=bp]')), /BP failed, repeat/);
      assert.match(await page.textContent(inRoom('5', '[data-vital=spo2]')), /cuff––/);
      assert.match(await page.textContent(inRoom('9', '.foot')), /Something this page does not/);
      assert.equal(await page.locator(inRoom('4', '[data-mark=low]')).count(), 2);
    }));

  it('says that a pressure is due also while the foot of its tile has an alert to say', () =>
    at('#/central', {}, async (page, clinic) => {
      const label = inRoom('4', '[data-vital=bp] .label');
      assert.equal(await page.textContent(label), 'BP');
      clinic.send({ type: 'alert', room: '4', alert: alert(Date.now(), '4') });
      await page.waitForSelector(inRoom('4', '.foot-alert'));
      assert.equal(await page.textContent(label), 'BP due');
    }));

  it('makes no tone for an alert that came back, and one when it becomes worse', () => {
    const now = Date.now();
    const calm = (at) => rooms(at).map((room) => ({ ...room, alerts: [] }));
    return at('#/central', { rooms: calm }, async (page, clinic) => {
      const alert = (rest) => ({
        type: 'alert',
        room: '1',
        alert: {
          id: 's-1-a9',
          room: '1',
          condition: 'systolic_high',
          priority: 'medium',
          state: 'active',
          raised_at: now - 600_000,
          text: 'Systolic high 171 (limit 170)',
          ...rest,
        },
      });
      const played = () => page.evaluate(() => globalThis.dripwatch.played.map((p) => p.tone));
      clinic.send(alert({ state: 'latched' }));
      clinic.send(alert({ reopened_at: now }));
      await page.waitForSelector('[data-alert="s-1-a9"][data-look=open]');
      await sleep(2_500);
      assert.deepEqual(await played(), []);
      clinic.send(alert({ reopened_at: now, priority: 'high' }));
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'high'));
    });
  });
});
