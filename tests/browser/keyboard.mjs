// All of it by the keyboard, and by those who do not see the screen.
// The numbers are those of the list in the specification of the screens.
//
//   node --test keyboard.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { overflow, until, violations } from './screen.mjs';
import { at, openPad, posted } from './visit.mjs';

describe('the keyboard', { concurrency: false }, () => {
  it('claims an alert without a mouse (11)', () =>
    at('#/central', {}, async (page, clinic) => {
      await page.waitForSelector('.tile-open');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('a');
      await until(() => posted(clinic, 'rooms/2/acknowledge').length === 1);
    }));

  it('B asks for a pressure and opens the place to enter it', () =>
    at('#/room/3', {}, async (page, clinic) => {
      await page.waitForSelector('[data-event=bp_now]');
      await page.keyboard.press('b');
      await page.waitForSelector('[data-page=vitals][aria-pressed=true]');
      assert.ok(await page.isVisible('[name=systolic]'));
      assert.deepEqual(posted(clinic, 'sessions/s-3/events')[0].body, { type: 'bp_now' });
    }));

  it('H pauses, and resumes what is paused', async () => {
    for (const [room, event] of [
      ['3', 'pause'],
      ['11', 'resume'],
    ])
      await at(`#/room/${room}`, {}, async (page, clinic) => {
        await page.waitForSelector(`[data-event=${event}]`);
        await page.keyboard.press('h');
        await until(() => posted(clinic, `sessions/s-${room}/events`).length === 1);
        assert.equal(clinic.sent[0].body.type, event);
      });
  });

  it('/ finds a room by its number or by initials, and Enter opens it', () =>
    at('#/central', {}, async (page) => {
      await page.waitForSelector('.tile');
      for (const [typed, room] of [
        ['12', '12'],
        ['c.b', '7'],
      ]) {
        await page.keyboard.press('/');
        await page.waitForFunction(() => document.activeElement?.name === 'find');
        await page.keyboard.type(typed);
        await page.keyboard.press('Enter');
        await page.waitForSelector(`[data-testid=room][data-room="${room}"]`);
        await page.waitForSelector('[data-testid=find]', { state: 'detached' });
      }
      await page.keyboard.press('/');
      await page.keyboard.type('zz');
      await page.waitForSelector('[data-testid=find]:has-text("No room is called that")');
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=find]', { state: 'detached' });
      await page.waitForSelector('[data-testid=room]');
    }));

  it('? lists the keys of the screen that is open', async () => {
    const keys = async (hash) => {
      let found;
      await at(hash, {}, async (page) => {
        await page.waitForSelector('[data-testid]');
        await page.keyboard.press('?');
        await page.waitForSelector('.keyhelp dt');
        found = await page.$$eval('.keyhelp dt', (all) => all.map((one) => one.textContent));
      });
      return found;
    };
    assert.ok((await keys('#/room/3')).includes('B'));
    const central = await keys('#/central');
    assert.ok(central.includes('/') && !central.includes('B'));
  });
});

describe('each of them', { concurrency: false }, () => {
  const open = {
    pad: ['#/room/2', openPad],
    'pad of the station': ['#/central', openPad],
    'pad of the phone': ['#/inbox', openPad],
    menu: [
      '#/central',
      async (page) => {
        await page.click('.menu summary');
        await page.waitForSelector('[data-volume]');
      },
    ],
    'line to find a room': [
      '#/central',
      async (page) => {
        await page.keyboard.press('/');
        await page.waitForSelector('[data-testid=find]');
      },
    ],
    'quiet room': [
      '#/room/2',
      async (page) => {
        await page.click('[data-quiet=off]');
        await page.waitForSelector('[data-testid=quiet-room]');
      },
    ],
  };
  const given = { answers: { 'GET rooms/2': { id: '2', watched_by: 3 } } };
  for (const [name, [hash, act]] of Object.entries(open)) {
    it(`the ${name} has no axe violations and fits into 320 px (14, 41)`, async () => {
      for (const theme of ['dim', 'light'])
        await at(hash, { ...given, theme }, async (page) => {
          await sleep(500);
          await act(page);
          assert.deepEqual(await violations(page), []);
        });
      const size = { width: 320, height: 640 };
      await at(hash, { ...given, size }, async (page) => {
        await sleep(500);
        await act(page);
        assert.equal(await overflow(page), 0);
      });
    });
  }
});
