// What sounds on this screen, and whether it is the one on shift.
// The numbers are those of the list in the specification of the screens.
//
//   node --test sound.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch, PHONE, until } from './screen.mjs';
import { at, calm, openPad, posted, raise, tones, visit } from './visit.mjs';

const presence = (clinic) => clinic.heard.findLast(({ type: kind }) => kind === 'presence');

describe('sound', { concurrency: false }, () => {
  it('is off until a gesture, says so, and is armed by the pad (17)', async () => {
    const home = await launch({ kiosk: false });
    try {
      await at('#/central', { from: home, rooms: calm }, async (page, clinic) => {
        await page.waitForSelector('.audio-off:has-text("Sound is off — turn on")');
        assert.equal(presence(clinic).audible, false);
        await openPad(page);
        await page.waitForSelector('.audio-off', { state: 'detached' });
        await until(() => presence(clinic).audible);
        raise(clinic, 's-1-a1');
        await until(async () => (await tones(page)).includes('high'));
        assert.deepEqual(posted(clinic, 'rooms/1/acknowledge'), []);
      });
    } finally {
      await home.close();
    }
  });

  it('has three volumes that the device keeps, and a test of every tone', () =>
    at('#/central', { rooms: calm }, async (page) => {
      await page.click('.menu summary');
      await page.click('[data-volume="0"]');
      await page.reload();
      await page.click('.menu summary');
      await page.waitForSelector('[data-volume="0"][aria-pressed=true]');
      for (const tone of ['high', 'medium', 'low', 'lost']) await page.click(`[data-test=${tone}]`);
      await until(async () => (await tones(page)).length === 4);
      assert.deepEqual((await tones(page)).sort(), ['high', 'lost', 'low', 'medium']);
    }));

  it('comes from one tab of a device, and from the other at once when that one closes (45)', () =>
    at('#/central', { rooms: calm }, async (first, one, context) => {
      const { page: second, clinic: two } = await visit(context, '#/room/2', { rooms: calm });
      await second.waitForSelector('.audio:has-text("Sound is in another tab")');
      await until(() => presence(two)?.audible === false);
      assert.equal(presence(one).audible, true);
      for (const clinic of [one, two]) raise(clinic, 's-1-a1');
      await until(async () => (await tones(first)).length > 0);
      await sleep(1_500);
      assert.deepEqual(await tones(second), []);
      const since = Date.now();
      await first.close({ runBeforeUnload: false });
      await until(async () => (await tones(second)).includes('high'));
      console.log(`the other tab sounds ${Date.now() - since} ms after the first was closed`);
      await until(() => presence(two).audible);
      assert.deepEqual(second.complaints, []);
    }));

  it('comes from the tab that is seen when the other one is hidden', () =>
    at('#/central', { rooms: calm }, async (first, one, context) => {
      const { page: second } = await visit(context, '#/room/2', { rooms: calm });
      await second.waitForSelector('.audio:has-text("Sound is in another tab")');
      await first.evaluate(() => {
        Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      });
      await first.waitForSelector('.audio:has-text("Sound is in another tab")');
      await second.waitForSelector('.audio:not(:has-text("Sound is in another tab"))');
      await until(() => presence(one).audible === false);
    }));

  it('of a lost connection is heard unless another tab still watches', () =>
    at('#/central', { rooms: calm }, async (first, one, context) => {
      const { page: second, clinic: two } = await visit(context, '#/room/2', { rooms: calm });
      await second.waitForSelector('.audio:has-text("Sound is in another tab")');
      one.silent = true;
      await first.waitForSelector('[data-testid=lost]');
      await first.waitForSelector('.audio:has-text("Sound is in another tab")');
      await second.waitForSelector('.audio:not(:has-text("Sound is in another tab"))');
      two.silent = true;
      await second.waitForSelector('[data-testid=lost]');
      await until(async () => [...(await tones(first)), ...(await tones(second))].length > 0);
      // One of the two again, and never none.
      const silent = '.audio:has-text("Sound is in another tab")';
      await until(
        async () =>
          (await first.locator(silent).count()) + (await second.locator(silent).count()) === 1,
      );
    }));

  it('is paused with a countdown that survives a reload; what is new or worse breaks it (25)', () => {
    const until_ms = Date.now() + 110_000;
    const silenced = (now) =>
      calm(now).map((room) =>
        room.id !== '2'
          ? room
          : {
              ...room,
              alerts: [
                {
                  id: 's-2-a1',
                  room: '2',
                  session: 's-2',
                  condition: 'spo2_low',
                  priority: 'medium',
                  state: 'active',
                  raised_at: now - 60_000,
                  silenced_until: until_ms,
                  text: 'SpO2 low 91 (limit 92)',
                },
              ],
            },
      );
    return at('#/central', { rooms: silenced }, async (page, clinic) => {
      await page.waitForSelector('.audio-paused:has-text("Audio paused 1:")');
      await page.reload();
      await page.waitForSelector('.audio-paused:has-text("Audio paused 1:")');
      const before = await page.textContent('.audio-paused');
      await until(async () => (await page.textContent('.audio-paused')) !== before);
      await sleep(1_500);
      assert.deepEqual(await tones(page), []);
      raise(clinic, 's-1-a1', { priority: 'low', text: 'Something new' });
      await until(async () => (await tones(page)).includes('low'));
      await page.waitForSelector('.audio-paused', { state: 'detached' });
    });
  });

  it('of a lost connection is paused for two minutes at most', () =>
    at('#/central', { rooms: calm }, async (page, clinic) => {
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]');
      await until(async () => (await tones(page)).includes('lost'));
      await page.click('.rail .audio');
      await page.waitForSelector('.audio-paused');
      await sleep(2_500);
      await page.click('.rail .audio');
      assert.match(await page.textContent('.audio-paused'), /1:5[0-8]/);
    }));

  it('comes with vibration on a phone until somebody has the alert', () =>
    at(
      '#/inbox',
      {
        size: PHONE,
        rooms: calm,
        init: () => {
          globalThis.buzzed = [];
          Object.defineProperty(navigator, 'vibrate', {
            value: (pattern) => void globalThis.buzzed.push(pattern),
          });
        },
      },
      async (page, clinic) => {
        await sleep(1_500);
        raise(clinic, 's-1-a1');
        const buzzed = () => page.evaluate(() => globalThis.buzzed);
        await until(async () => (await buzzed()).length === 1);
        assert.ok((await buzzed())[0].length >= 3);
        raise(clinic, 's-1-a1', { acknowledged: { by: 'TJ', at: Date.now() } });
        await until(async () => (await buzzed()).at(-1) === 0);
      },
    ));
});

describe('the screen on shift', { concurrency: false }, () => {
  const lock = () => {
    globalThis.asked = 0;
    const request = async () => {
      globalThis.asked += 1;
      if (globalThis.refuses) throw new DOMException('low battery', 'NotAllowedError');
      globalThis.lock = { release: async () => void (globalThis.released = true) };
      return globalThis.lock;
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request } });
  };
  const asked = (page) => page.evaluate(() => globalThis.asked);

  it('is kept on, also after the page was hidden, until that is switched off', () =>
    at('#/inbox', { size: PHONE, init: lock }, async (page) => {
      await until(async () => (await asked(page)) === 1);
      await page.click('.menu summary');
      await page.waitForSelector('[data-awake=on]');
      await page.evaluate(() => {
        globalThis.lock.onrelease();
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      });
      await until(async () => (await asked(page)) === 2);
      await page.uncheck('[name=awake]');
      await page.waitForSelector('[data-awake=off]');
      assert.ok(await page.evaluate(() => globalThis.released));
    }));

  it('says so when the device refuses', () =>
    at('#/inbox', { init: lock }, async (page) => {
      await page.evaluate(() => {
        globalThis.refuses = true;
        globalThis.lock?.onrelease();
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      });
      await page.click('.menu summary');
      await page.waitForSelector('[data-awake=refused]:has-text("refused to keep the screen on")');
    }));
});
