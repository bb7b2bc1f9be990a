// What is odd, broken or hostile in what a server sends is shown as it is, or said.
// The numbers are those of the list in the specification of the screens.
//
//   node --test bad_input.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { overflow } from './screen.mjs';
import { at, calm, changed } from './visit.mjs';

describe('bad input', { concurrency: false }, () => {
  const EVIL = '<script>globalThis.pwned=1</script>';
  const IMAGE = '<img src=x onerror="globalThis.pwned=1">';

  it('in names, initials and alerts is text and nothing else (39)', () => {
    const evil = changed({
      1: ({ session }) => ({ name: IMAGE, session: { ...session, initials: EVIL, title: IMAGE } }),
      2: ({ alerts }) => ({ alerts: [{ ...alerts[0], text: `${EVIL} 84 (limit ${IMAGE})` }] }),
      3: ({ session }) => ({
        session: {
          ...session,
          events: [{ n: 1, at: Date.now(), type: 'note', text: EVIL, by: IMAGE }],
        },
      }),
    });
    return at('#/central', { rooms: evil }, async (page) => {
      await page.waitForSelector('.tile [data-vital]');
      assert.match(await page.textContent('.tile[data-room="1"] .initials'), /<script>/);
      for (const hash of ['#/room/1', '#/room/2', '#/room/3', '#/inbox', '#/wall']) {
        await page.evaluate((next) => (location.hash = next), hash);
        await sleep(400);
      }
      assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
      assert.equal(await page.locator('.app :is(script, img)').count(), 0);
    });
  });

  it('of 10 000 letters, from right to left, or of pictures stays in its place', () => {
    const long = changed({
      1: ({ session }) => ({
        name: 'Q'.repeat(10_000),
        session: { ...session, initials: 'W'.repeat(10_000), title: 'T '.repeat(5_000) },
      }),
      2: ({ session, alerts }) => ({
        session: { ...session, initials: 'א.ב.' },
        alerts: [{ ...alerts[0], text: 'A'.repeat(10_000) }],
      }),
      3: ({ session }) => ({ session: { ...session, initials: '🦊🐻' } }),
      4: ({ session }) => ({
        session: { ...session, initials: '\u202eSO\u202e', phase: 'x'.repeat(999) },
      }),
    });
    return at('#/central', { rooms: long }, async (page) => {
      await page.waitForSelector('.tile [data-vital]');
      assert.equal(await page.textContent('[data-room="2"] .initials'), 'א.ב.');
      assert.equal(await page.textContent('[data-room="3"] .initials'), '🦊🐻');
      const widths = await page.$$eval('.tile', (all) =>
        all.map((tile) => Math.round(tile.getBoundingClientRect().width)),
      );
      assert.equal(new Set(widths).size, 1, widths.join(' '));
      for (const hash of ['#/central', '#/room/1', '#/room/2', '#/inbox', '#/wall']) {
        await page.evaluate((next) => (location.hash = next), hash);
        await sleep(400);
        assert.equal(await overflow(page), 0, hash);
      }
    });
  });

  it('that this page does not know is shown as what it may mean at worst', () =>
    at('#/central', { rooms: calm }, async (page, clinic) => {
      await page.waitForSelector('.tile [data-vital]');
      const alert = {
        id: 'odd',
        room: '1',
        condition: 'of_2031',
        priority: 'ultraviolet',
        state: 'sublimated',
        raised_at: Date.now(),
      };
      clinic.send({ type: 'hologram', room: '1', shape: { of: 'tomorrow' } });
      for (const socket of clinic.sockets)
        for (const odd of ['{"type":', '[]', 'null', '7', '{"type":"vitals","room":{}}', '\u0000'])
          socket.send(odd);
      // What that asked for has come; what follows stays.
      await sleep(500);
      clinic.send({
        type: 'vitals',
        room: '1',
        readings: [null, 7, { vital: 'spo2', value: 'x' }],
      });
      clinic.send({
        type: 'session',
        room: '2',
        session: { id: 's', phase: 'levitating', events: 3 },
      });
      clinic.send({ type: 'alert', room: '1', alert });
      await page.waitForSelector('.card[data-alert=odd][data-priority=high]:has-text("of 2031")');
      await page.waitForSelector('[data-room="2"]:has-text("levitating")');
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'high'));
      assert.equal(await page.locator('.tile').count(), 12);
      assert.equal(await page.getAttribute('.app', 'data-link'), 'live');
    }));

  it('that breaks one room leaves the others, and the alarm of that one (guard)', () => {
    // No input is known that breaks a tile: the page is made to fail on these words.
    const init = () => {
      const real = String.prototype.replaceAll;
      String.prototype.replaceAll = function (...all) {
        if (this.includes('Unshowable')) throw new Error('made to fail');
        return real.apply(this, all);
      };
    };
    const broken = changed({
      2: ({ alerts }) => ({ alerts: [{ ...alerts[0], text: 'Unshowable 84 (limit 89)' }] }),
    });
    return at('#/central', { rooms: broken, init }, async (page, clinic) => {
      const said = 'This room cannot be shown. Watch its monitor.';
      await page.waitForSelector(`.tile[data-room="2"]:has-text("${said}")`);
      await page.waitForSelector(`.card[data-room="2"]:has-text("${said}") [data-claim]`);
      assert.equal(await page.locator('.tile').count(), 12);
      assert.ok((await page.locator('.tile [data-vital=hr]').count()) >= 10);
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'high'));
      await page.click('.card[data-room="2"] [data-claim]');
      await sleep(200);
      assert.equal(clinic.sent.length, 1);
    });
  });
});
