// What holds for every screen: no axe violation, room in small windows, print, and the keyboard.
// The numbers are those of the list in the specification of the screens.
//
//   node --test every_screen.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rooms } from './fixture.mjs';
import { overflow, violations } from './screen.mjs';
import { at, calm, changed, NURSE } from './visit.mjs';

const SCREENS = {
  central: ['#/central'],
  menu: [
    '#/central',
    async (page) => {
      await page.click('.menu summary');
      await page.waitForSelector('.theme-choice');
    },
  ],
  room: ['#/room/3'],
  table: [
    '#/room/3',
    async (page) => {
      await page.click('.as-table');
      await page.waitForSelector('.table tbody tr');
    },
  ],
  'room without a session': ['#/room/12'],
  'missing room': ['#/room/99'],
  inbox: ['#/inbox'],
  devices: ['#/devices'],
  wall: ['#/wall'],
  'sign in': ['#/central'],
};

describe('every screen', { concurrency: false }, () => {
  const me = (name) => (name === 'sign in' ? null : NURSE);
  const signedOut = { 'GET me': { status: 401, title: 'sign in first' } };
  const open = (name, rest, use) => {
    const [hash, act] = SCREENS[name];
    const given = name === 'sign in' ? { answers: signedOut } : {};
    return at(hash, { me: me(name), ...given, ...rest }, async (page) => {
      if (name === 'sign in') await page.waitForSelector('input[name=name]');
      await sleep(700);
      await act?.(page);
      await use(page);
    });
  };

  for (const name of Object.keys(SCREENS)) {
    it(`the ${name} does not scroll sideways at 320 px, nor at 200 % (41)`, async () => {
      const narrow = { width: 320, height: 640 };
      await open(name, { size: narrow }, async (page) => assert.equal(await overflow(page), 0));
      // Zoomed to 200 %, a laptop is a window of half its size.
      const zoomed = { size: { width: 683, height: 384 }, as: { deviceScaleFactor: 2 } };
      await open(name, zoomed, async (page) => assert.equal(await overflow(page), 0));
      const upright = { width: 768, height: 1_024 };
      await open(name, { size: upright }, async (page) => assert.equal(await overflow(page), 0));
    });

    it(`the ${name} in night has no axe violations (14)`, () =>
      open(name, { theme: 'night' }, async (page) => assert.deepEqual(await violations(page), [])));
  }

  for (const theme of ['dim', 'light']) {
    for (const name of ['wall', 'table', 'inbox', 'devices', 'sign in', 'menu']) {
      it(`the ${name} in ${theme} has no axe violations (14)`, () =>
        open(name, { theme }, async (page) => assert.deepEqual(await violations(page), [])));
    }
  }

  for (const name of ['central', 'room', 'inbox', 'wall']) {
    it(`the ${name} stands still where motion is unwanted (13)`, () =>
      open(name, {}, async (page) => {
        const moving = () => page.evaluate(() => document.getAnimations().length);
        assert.ok((await moving()) > 0, 'something flashes');
        await page.emulateMedia({ reducedMotion: 'reduce' });
        assert.equal(await moving(), 0);
      }));
  }

  for (const width of [320, 1_366, 1_920]) {
    it(`never cuts off the text of an alert at ${width} px (49)`, async () => {
      const height = width === 1_366 ? 768 : 1_080;
      const long = changed({
        2: ({ alerts }) => ({
          alerts: [
            ...alerts,
            {
              ...alerts[0],
              id: 'long',
              condition: 'systolic_high',
              text: 'Systolic high 183 (limit 170)',
            },
          ],
        }),
      });
      for (const name of ['central', 'room', 'inbox', 'wall']) {
        await open(name, { size: { width, height }, rooms: long }, async (page) => {
          const cut = await page.$$eval(
            '.foot-text, .what, .stack-row strong, .small, .where',
            (all) =>
              all
                .filter((one) => {
                  const box = one.getBoundingClientRect();
                  const tile = one.closest('.tile, .card, .stack-row').getBoundingClientRect();
                  return (
                    (one.scrollWidth > one.clientWidth + 1 &&
                      getComputedStyle(one).display !== 'inline') ||
                    (one.scrollHeight > one.clientHeight + 1 &&
                      getComputedStyle(one).display !== 'inline') ||
                    box.right > tile.right + 1 ||
                    box.bottom > tile.bottom + 1
                  );
                })
                .map((one) => one.textContent),
          );
          assert.deepEqual(cut, [], name);
        });
      }
    });
  }

  const TELLS = {
    'no rooms': ['#/central', { rooms: () => [] }, /No rooms set up.*\[\[rooms\]\]/s],
    'no rooms on a wall': ['#/wall', { rooms: () => [] }, /No rooms set up/],
    'no monitors': [
      '#/central',
      { rooms: (now) => rooms(now).map((room) => ({ ...room, devices: [], alerts: [] })) },
      /No monitor is in a room yet\. Connect one/,
    ],
    'no alerts': ['#/inbox', { rooms: calm }, /Nothing needs a person/],
    'no devices': [
      '#/devices',
      { answers: { 'GET devices': { devices: [] } } },
      /No device.*dripwatch device add/s,
    ],
    'a room that is not there': ['#/room/99', {}, /There is no such room.*All rooms/s],
    'nobody signed in': [
      '#/central',
      { me: null, answers: { 'GET me': { status: 401, title: 'sign in first' } } },
      /Sign in.*dripwatch staff add/s,
    ],
  };
  for (const [name, [hash, given, expected]] of Object.entries(TELLS)) {
    it(`says what to do next: ${name}`, () =>
      at(hash, given, async (page) => {
        await page.waitForFunction(
          (source) => new RegExp(source, 's').test(document.body.textContent),
          expected.source,
        );
      }));
  }
});
