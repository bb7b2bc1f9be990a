// Where things are: nothing covers anything, nothing moves, and what is needed is in sight, at the
// sizes of a wall, a laptop, a tablet on its end and a phone.
//
//   node --test layout.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bedside, crowd, three } from './crowd.mjs';
import { fake, FAKE_URL } from './fake.mjs';
import { answers, room, rooms } from './fixture.mjs';
import { boxes, collisions, launch, overflow, until } from './screen.mjs';

const SIZES = {
  wall: { width: 1920, height: 1080 },
  laptop: { width: 1366, height: 768 },
  portrait: { width: 768, height: 1024 },
  'tall tablet': { width: 800, height: 1280 },
  phone: { width: 390, height: 844 },
  'small phone': { width: 320, height: 640 },
};
const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
const LOST_MS = 5_500;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function at(hash, size, shown, use, more = {}) {
  const page = await browser.newPage({ viewport: SIZES[size] });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  try {
    await page.addInitScript(() => localStorage.setItem('dripwatch.theme', 'dim'));
    const given = { ...answers(), ...more };
    const clinic = await fake(page, { rooms: shown, me: NURSE, answers: given });
    await page.goto(`${FAKE_URL}/${hash}`);
    await page.waitForSelector('.app[data-link=live]');
    await page.evaluate(() => document.fonts.ready);
    await sleep(300);
    await use(page, clinic);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
}

/** Every tile's box on the page, wherever it is scrolled to. */
const tiles = (page) =>
  page.$$eval('.tile', (all) =>
    all.map((tile) => {
      const { left, top, width, height } = tile.getBoundingClientRect();
      return [left + scrollX, top + scrollY, width, height].map(Math.round).join(' ');
    }),
  );

async function nothingCollides(page) {
  assert.deepEqual(await collisions(page), []);
  assert.ok((await overflow(page)) <= 0, 'wider than the window');
}

describe('on all rooms nothing covers anything', { concurrency: false }, () => {
  for (const size of Object.keys(SIZES))
    for (const count of [1, 4, 8, 12, 32, 200])
      it(`${count} on a ${size}`, () =>
        at('#/central', size, crowd(count), async (page) => {
          const all = await boxes(page, '.tile');
          assert.equal(all.length, count);
          for (const [index, a] of all.entries())
            for (const b of all.slice(index + 1))
              assert.ok(
                a.right <= b.left + 0.5 ||
                  b.right <= a.left + 0.5 ||
                  a.bottom <= b.top + 0.5 ||
                  b.bottom <= a.top + 0.5,
                JSON.stringify({ a, b }),
              );
          await nothingCollides(page);
        }));

  for (const size of Object.keys(SIZES))
    it(`with long names on a ${size}`, () =>
      at(
        '#/central',
        size,
        crowd(12, { name: (n) => `Infusion suite north ${n}` }),
        nothingCollides,
      ));

  // A text that lacks a hair's breadth ends in dots; a 64th of a pixel is the layout's own grain.
  for (const size of Object.keys(SIZES))
    it(`and the phase gives way before the initials do on a ${size}`, () =>
      at('#/central', size, crowd(12), async (page) => {
        const cut = await page.$$eval('.tile-open:has(.phase)', (all) =>
          all.flatMap((head) => {
            const initials = head.querySelector('.initials');
            const text = document.createRange();
            text.selectNodeContents(initials);
            const lacks =
              text.getBoundingClientRect().width - initials.getBoundingClientRect().width;
            const left = head.querySelector('.phase').getBoundingClientRect().width;
            return left > 0 && lacks > 0.02
              ? [{ initials: initials.textContent, lacks, left }]
              : [];
          }),
        );
        assert.deepEqual(cut, []);
      }));

  for (const size of ['wall', 'laptop'])
    it(`32 on a ${size} that is a display`, () => at('#/wall', size, crowd(32), nothingCollides));

  for (const size of Object.keys(SIZES))
    it(`with one of everything on a ${size}`, () => at('#/central', size, rooms, nothingCollides));
});

describe('no room moves', { concurrency: false }, () => {
  for (const size of ['wall', 'laptop', 'portrait', 'phone']) {
    it(`on a ${size} when a room is looked for, something is said, or it was lost`, () =>
      at(
        '#/central',
        size,
        crowd(12),
        async (page, clinic) => {
          const stood = await tiles(page);
          const still = async (what) => assert.deepEqual(await tiles(page), stood, what);
          await until(() => page.evaluate(() => document.querySelector('.skeleton') === null));
          await page.keyboard.press('/');
          await page.waitForSelector('[data-testid=find]');
          await page.keyboard.type('1');
          await sleep(200);
          await still('the find bar');
          await nothingCollides(page);
          await page.keyboard.press('Escape');
          await page.locator('[data-claim]').first().click();
          await page.waitForSelector('.notice-bad');
          await still('a notice');
          await nothingCollides(page);
          await page.click('.notice-bad button');
          clinic.silent = true;
          await page.waitForSelector('.slow', { timeout: 4_000 });
          await still('a slow connection');
          await nothingCollides(page);
          await page.waitForSelector('[data-testid=lost]', { timeout: LOST_MS });
          const columns = () => page.getAttribute('.grid', 'data-columns');
          const before = await columns();
          clinic.silent = false;
          await page.waitForSelector('.app[data-link=live]', { timeout: 8_000 });
          assert.equal(await columns(), before, 'while it is lost, no room is elsewhere');
          await page.waitForSelector('[data-testid=gap-alerts]');
          await still('how long it was lost');
          await nothingCollides(page);
          await page.click('[data-testid=gap-alerts]');
          await page.waitForSelector('[data-missed]');
          await still('what alarmed meanwhile');
          await nothingCollides(page);
        },
        {
          'POST rooms/1/acknowledge': { status: 503, title: 'try again in a moment' },
          'GET alerts': () => ({ alerts: three(Date.now(), '1') }),
        },
      ));
  }
});

describe('in a room', { concurrency: false }, () => {
  for (const size of Object.keys(SIZES))
    for (const alerts of [0, 1, 3])
      it(`with ${alerts} alerts nothing covers anything on a ${size}`, () =>
        at('#/room/3', size, bedside(alerts), async (page) => {
          await page.waitForSelector('.plots canvas');
          await nothingCollides(page);
          const { height } = SIZES[size];
          const [plots] = await boxes(page, '.plots');
          if (SIZES[size].width > 700) {
            assert.ok(
              plots.height >= height / 3,
              `the trend is ${plots.height} px of ${height} px`,
            );
            assert.ok(plots.bottom <= height, `the trend ends at ${plots.bottom}`);
            const [actions] = await boxes(page, '.actions');
            assert.ok(actions.bottom <= height, `actions end at ${actions.bottom}`);
          }
          for (const numeral of await boxes(page, '.room-numbers .numeral'))
            assert.ok(size === 'small phone' || numeral.bottom <= height, JSON.stringify(numeral));
        }));

  for (const size of Object.keys(SIZES))
    it(`with the sheet open nothing covers anything on a ${size}`, () =>
      at('#/room/3', size, bedside(3), async (page) => {
        await page.waitForSelector('[data-event=record]');
        await until(() => page.evaluate(() => document.querySelector('[data-event=record]')));
        await page.click('[data-event=record]');
        await page.waitForSelector('[data-testid=record] [data-symptom]');
        await nothingCollides(page);
      }));
});

describe('on a phone the first alert is in sight', { concurrency: false }, () => {
  for (const size of ['phone', 'small phone'])
    for (const hash of ['#/inbox', '#/central'])
      it(`at ${hash} on a ${size}, also beside everything else`, () =>
        at(
          hash,
          size,
          (now) => [room(now, '1', { name: 'Infusion suite north 1', alerts: three(now, '1') })],
          async (page, clinic) => {
            const first = async (what) => {
              await page.evaluate(() => scrollTo(0, 0));
              const [card] = await boxes(page, '[data-testid=needs-a-person] .card');
              assert.ok(card.top >= 0, `${what}: ${JSON.stringify(card)}`);
              const [claim] = await boxes(page, '[data-testid=needs-a-person] [data-claim]');
              const [bar] = await boxes(page, '.bottom, .notes:not(:empty)');
              const end = hash === '#/inbox' ? bar.top : SIZES[size].height;
              assert.ok(claim.bottom <= end, `${what}: ${claim.bottom} of ${end}`);
            };
            await first('calm otherwise');
            // Somebody has taken another one and has not said what it was.
            clinic.show((now) => [
              room(now, '1', { name: 'Infusion suite north 1', alerts: three(now, '1') }),
              room(now, '2', { alerts: [{ ...three(now, '2')[0], id: 's-2-a1' }] }),
            ]);
            // A row that has just come takes no tap.
            await page.waitForSelector('.card[data-room="2"] [data-claim]');
            await sleep(500);
            await page.click('.card[data-room="2"] [data-claim]');
            // It is asked once it is over.
            await until(() => clinic.sent.length > 0);
            clinic.show((now) => [
              room(now, '1', { name: 'Infusion suite north 1', alerts: three(now, '1') }),
              room(now, '2'),
            ]);
            await page.waitForSelector('[data-outcomes]');
            await first('a question');
            clinic.silent = true;
            await page.waitForSelector('[data-testid=lost]', { timeout: LOST_MS });
            clinic.silent = false;
            await page.waitForSelector('.app[data-link=live]', { timeout: 8_000 });
            await page.waitForSelector('.back');
            await first('back after a gap');
          },
        ));
});
