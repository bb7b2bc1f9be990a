// The link and its stream: lost, late, with gaps, and of 200 rooms.
// The numbers are those of the list in the specification of the screens.
//
//   node --test stream.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { alert } from './fixture.mjs';
import { boxes, violations } from './screen.mjs';
import {
  during,
  numbersOf,
  seconds,
  SHOWN_MAX_MS,
  textOf,
  THEMES,
  toRoom,
  WALL,
} from './stage.mjs';
import { many, only } from './ward.mjs';

describe('the link', { concurrency: false }, () => {
  for (const theme of THEMES) {
    it(`that is slow, then lost, says so in ${theme}, without axe violations (14)`, () =>
      during({ theme }, async (page, clinic) => {
        await page.waitForSelector('.tile[data-room=high][data-state=open]');
        await page.evaluate(() => {
          globalThis.links = [];
          new MutationObserver(() => {
            const { link } = document.querySelector('.app').dataset;
            if (globalThis.links.at(-1) !== link) globalThis.links.push(link);
          }).observe(document.querySelector('.app'), { attributes: true });
        });
        clinic.silent = true;
        await page.waitForSelector('.slow:has-text("Connection slow — values may be delayed")');
        await page.waitForSelector('[data-testid=lost]');
        assert.deepEqual(await page.evaluate(() => globalThis.links), ['slow', 'lost']);
        assert.equal(await page.locator('.slow').count(), 0);
        const numbers = await numbersOf(page, '.tile');
        assert.deepEqual([...new Set(numbers)].sort(), ['––', '––/––']);
        assert.match(
          await textOf(page, '.tile[data-room=high] .foot'),
          /^last HR 98 · SpO₂ 84 · BP 122\/74$/,
        );
        assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
        const edge = await page.$eval('.hazard', (frame) => getComputedStyle(frame).borderWidth);
        assert.equal(edge, '14px');
        assert.match(await textOf(page, '.card[data-room=high]'), /as of \d\d:\d\d:\d\d/);
        assert.equal(await page.locator('[data-claim]:enabled').count(), 0);
        assert.deepEqual(await violations(page), []);
        for (const id of ['high', 'latched', 'no-session']) {
          await toRoom(page, id);
          assert.deepEqual(await numbersOf(page, '.room'), ['––', '––', '––/––']);
          assert.deepEqual(await violations(page), []);
        }
        clinic.silent = false;
        await page.waitForSelector('.app[data-link=live]');
        await page.waitForSelector('.back:has-text("no alerts during the gap")');
        assert.match(await textOf(page, '.back'), /^Back after 0:\d\d — no alerts during the gap/);
        assert.deepEqual(await violations(page), []);
      }));
  }
});

describe('200 rooms', { concurrency: false }, () => {
  it('show an alert of a room that is off the screen above every lower one (20)', () =>
    during({ rooms: many(200), steady: false, size: WALL }, async (page, clinic) => {
      await page.waitForSelector('.tile[data-room="200"]');
      const raise = (room, priority) =>
        clinic.send({
          type: 'alert',
          room,
          alert: {
            ...alert(Date.now(), room),
            id: `a-${room}`,
            priority,
            raised_at: Date.now() - (priority === 'high' ? 0 : 600_000),
          },
        });
      for (let n = 0; n < 15; n += 1) raise(`${n + 1}`, n % 2 === 0 ? 'medium' : 'low');
      await page.waitForFunction(
        () => document.querySelectorAll('[data-testid=needs-a-person] .card').length === 15,
      );
      const [screen] = await boxes(page, '.grid');
      const [tile] = await boxes(page, '.tile[data-room="187"]');
      assert.ok(tile.top > screen.bottom, 'the room is off the screen');
      await page.evaluate(() => {
        new MutationObserver((_, observer) => {
          const first = document.querySelector('[data-testid=needs-a-person] .card');
          if (first?.dataset.room !== '187') return;
          globalThis.shownAt = Date.now();
          observer.disconnect();
        }).observe(document.body, { childList: true, subtree: true });
      });
      const since = Date.now();
      raise('187', 'high');
      await page.waitForFunction(() => globalThis.shownAt !== undefined);
      const took = (await page.evaluate(() => globalThis.shownAt)) - since;
      assert.ok(took < SHOWN_MAX_MS, `${took} ms`);
      const rows = await page.$$eval('[data-testid=needs-a-person] .card', (cards) =>
        cards.map((card) => card.dataset.priority),
      );
      assert.deepEqual(rows, ['high', ...Array(8).fill('medium'), ...Array(7).fill('low')]);
      const [row] = await boxes(page, '.card[data-room="187"]');
      assert.ok(row.top >= 0 && row.bottom <= WALL.height, 'and its row is on the screen');
    }));
});

describe('the stream', { concurrency: false }, () => {
  it('with a gap in a room’s frames is asked for that room again, and it is shown (28)', () =>
    during({ rooms: only('normal', 'late'), steady: false }, async (page, clinic) => {
      await page.waitForSelector('.tile[data-room=normal] [data-freshness=current]');
      const asked = () => clinic.heard.filter(({ type }) => type === 'hello');
      assert.equal(asked().length, 1);
      const missed = (now) =>
        only(
          'normal',
          'late',
        )(now).map((room) =>
          room.id === 'normal' ? { ...room, alerts: only('high')(now)[0].alerts } : room,
        );
      // The frame that raised an alert never came; the next one is a number.
      clinic.rooms = missed;
      clinic.revs.normal = 2;
      clinic.send({
        type: 'vitals',
        room: 'normal',
        taken_at: Date.now(),
        received_at: Date.now(),
        readings: [{ vital: 'pulse_rate', value: 81 }],
      });
      await page.waitForSelector('.tile[data-room=normal][data-state=open][data-priority=high]');
      const { epoch, revs } = asked()[1];
      assert.deepEqual({ epoch, revs }, { epoch: 'fake', revs: { normal: 1, late: 1 } });
      // All of it is here now: nothing more is asked for.
      await seconds(page, 3);
      assert.equal(asked().length, 2);
    }));

  it('with two alerts 50 ms apart lists both, and no tap meets a row that moved (51)', () =>
    during({ rooms: many(3), steady: false }, async (page, clinic) => {
      const now = Date.now();
      const raise = (room, raised_at, priority = 'medium') =>
        clinic.send({
          type: 'alert',
          room,
          alert: { ...alert(now, room), id: `a-${room}`, priority, raised_at },
        });
      const rows = () =>
        page.$$eval('[data-testid=needs-a-person] .card', (cards) =>
          cards.map((card) => card.dataset.room),
        );
      // The later one is told first.
      raise('2', now);
      raise('1', now - 50);
      await page.waitForFunction(
        () => document.querySelectorAll('[data-testid=needs-a-person] .card').length === 2,
      );
      assert.deepEqual(await rows(), ['1', '2']);
      // A finger comes down on a row in the moment in which another takes its place.
      const tap = () => {
        globalThis.tapped = new Promise((done) => {
          new MutationObserver((_, observer) => {
            if (document.querySelector('.card').dataset.room !== '3') return;
            observer.disconnect();
            for (const id of ['a-1', 'a-3'])
              document.querySelector(`.rail [data-claim="${id}"]`).click();
            done();
          }).observe(document.querySelector('.rail'), { childList: true, subtree: true });
        });
      };
      await page.evaluate(tap);
      raise('3', now, 'high');
      await page.evaluate(() => globalThis.tapped);
      assert.deepEqual(await rows(), ['3', '1', '2']);
      // Nobody has read the row that came, and the one that moved is not where the finger aimed.
      const claimed = () => clinic.sent.map(({ path }) => path);
      await sleep(450);
      assert.deepEqual(claimed(), []);
      for (const id of ['a-3', 'a-1']) {
        await page.click(`.rail [data-claim="${id}"]`);
        await page.waitForSelector(`.rail [data-claim="${id}"]:disabled`);
      }
      assert.deepEqual(claimed(), ['rooms/3/acknowledge', 'rooms/1/acknowledge']);
    }));
});
