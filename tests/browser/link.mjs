// Whether this screen is monitoring, and what it says of the times in which it was not.
//
//   node --test link.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fake, FAKE_URL } from './fake.mjs';
import { alert, answers, room, rooms } from './fixture.mjs';
import { boxes, launch, numerals, PHONE, STATION, until } from './screen.mjs';

const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
const WALL = { name: 'wall', initials: '', role: 'display' };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `use` with the page at `hash` and the clinic behind it. */
async function at(hash, { size = STATION, me = NURSE, init, ...rest }, use) {
  const page = await browser.newPage({ viewport: size });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  try {
    if (init !== undefined) await page.addInitScript(init);
    const given = { ...answers(), ...rest.answers };
    const clinic = await fake(page, { rooms, ...rest, me, answers: given });
    await page.goto(`${FAKE_URL}/${hash}`);
    await use(page, clinic);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
}

const live = (page) => page.waitForSelector('.app[data-link=live]');
const back = async (page) => (await page.textContent('.back')).replaceAll(/\s+/g, ' ');
const presence = (clinic) => clinic.heard.findLast(({ type }) => type === 'presence');
const played = (page, tone) =>
  page.evaluate((of) => globalThis.dripwatch.played.filter((one) => one.tone === of), tone);
/** From now on, what the link becomes is kept in the page's `links`. */
const noteLinks = (page) =>
  page.evaluate(() => {
    const app = document.querySelector('.app');
    globalThis.links = [];
    new MutationObserver(() => globalThis.links.push(app.dataset.link)).observe(app, {
      attributes: true,
      attributeFilter: ['data-link'],
    });
  });
const frames = (page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
const rail = '[data-testid=needs-a-person] .card';

describe('a device whose clock leaps', { concurrency: false }, () => {
  // While a device sleeps, the page's own time stands still and the device's goes on.
  const init = () => {
    const real = Date.now;
    globalThis.leap_ms = 0;
    Date.now = () => real() + globalThis.leap_ms;
  };
  const leap = (page) => page.evaluate(() => (globalThis.leap_ms = 600_000));
  const heartRates = (page) =>
    page.$$eval('[data-vital=hr] .value', (all) => all.map((one) => one.textContent));

  it('because it slept shows no number of before, and says for how long it was away', () => {
    const clock = { asleep_ms: 0 };
    return at(
      '#/central',
      { init, now: () => Date.now() + clock.asleep_ms },
      async (page, clinic) => {
        await live(page);
        await page.waitForSelector(rail);
        assert.ok((await heartRates(page)).some((rate) => /\d/.test(rate)));
        clinic.silent = true;
        clock.asleep_ms = 600_000;
        await leap(page);
        // The watch looks four times a second: at once every number is as old as it is.
        await page.waitForSelector('.slow:has-text("Connection slow")', { timeout: 1_500 });
        assert.ok((await heartRates(page)).every((rate) => !/\d/.test(rate)));
        await page.waitForSelector('[data-testid=lost]', { timeout: 4_000 });
        assert.deepEqual(await numerals(page), []);
        clinic.silent = false;
        await live(page);
        await page.waitForSelector('.back:has-text("Back after 10:")');
      },
    );
  });

  it('because it slept, and hears the server at once, says so all the same', () => {
    const clock = { asleep_ms: 0 };
    return at('#/central', { init, now: () => Date.now() + clock.asleep_ms }, async (page) => {
      await live(page);
      await page.waitForSelector(rail);
      clock.asleep_ms = 600_000;
      await leap(page);
      await page.waitForSelector('.back:has-text("Back after 10:")');
      assert.deepEqual(await played(page, 'lost'), []);
    });
  });

  it('because it was set is still monitoring, and says that its clock is wrong', () =>
    at('#/central', { init }, async (page) => {
      await live(page);
      await page.waitForSelector(rail);
      await noteLinks(page);
      await leap(page);
      await page.waitForSelector('.slow:has-text("clock is wrong by 10:00")');
      await live(page);
      assert.ok((await heartRates(page)).some((rate) => /\d/.test(rate)));
      assert.equal((await page.evaluate(() => globalThis.links)).includes('lost'), false);
      assert.equal(await page.locator('.back').count(), 0);
      assert.deepEqual(await played(page, 'lost'), []);
    }));
});

it('a stream that is steady and seconds late is not monitoring, for as long as it is late', () =>
  at('#/central', {}, async (page, clinic) => {
    await live(page);
    const hellos = () => clinic.heard.filter(({ type }) => type === 'hello').length;
    const before = hellos();
    // Never four seconds without a frame: it is not the silence that tells.
    for (const late_ms of [600, 1_200, 1_800, 2_400, 3_000, 3_600, 4_200, 4_800, 5_400]) {
      clinic.late_ms = late_ms;
      await sleep(1_000);
    }
    await page.waitForSelector('[data-testid=lost]', { timeout: 10_000 });
    await noteLinks(page);
    await sleep(6_000);
    assert.deepEqual(await page.evaluate(() => globalThis.links), []);
    // What still comes is not thrown away for a new connection, which would come as late.
    assert.equal(hellos(), before);
    clinic.late_ms = 0;
    await live(page);
    await page.waitForSelector('.back');
  }));

describe('the times without monitoring', { concurrency: false }, () => {
  const raised = [1, 2].map((n) => ({
    ...alert(Date.now(), '1'),
    id: `a-${n}`,
    state: 'resolved',
  }));
  const lose = async (page, clinic) => {
    clinic.silent = true;
    await page.waitForSelector('[data-testid=lost]', { timeout: 10_000 });
    clinic.silent = false;
    await live(page);
  };

  it('are told with what alarmed meanwhile, also what is over, and add up', () =>
    at('#/central', { answers: { 'GET alerts': { alerts: raised } } }, async (page, clinic) => {
      await live(page);
      await lose(page, clinic);
      await page.waitForSelector('.back:has-text("2 alerts during the gap")');
      assert.match(await back(page), /^Back after 0:\d\d2 alerts/);
      await lose(page, clinic);
      // Each time by itself: what alarmed between them was seen.
      await page.waitForSelector('.back:has-text("Not monitored 2 times, 0:")');
      await page.waitForSelector('.back:has-text("4 alerts during the gap")');
      await page.click('.back button:text-is("Dismiss")');
      await page.waitForSelector('.back', { state: 'detached' });
    }));

  it('are told on a wall without anything to touch', () =>
    at('#/wall', { me: WALL }, async (page, clinic) => {
      await live(page);
      await lose(page, clinic);
      await page.waitForSelector('.back:has-text("Back after")');
      assert.equal(await page.locator('.back button').count(), 0);
    }));
});

it('a server that hangs when the page is opened is told within five seconds, with a way to sound', () =>
  at('#/central', { answers: { 'GET me': () => new Promise(() => {}) } }, async (page) => {
    await page.waitForSelector('[data-testid=lost]:has-text("No connection to the server")', {
      timeout: 6_000,
    });
    await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'lost'));
  }));

describe('a page that cannot be drawn', { concurrency: false }, () => {
  // No input is known that breaks a screen: the page is made to fail on these words.
  const init = () => {
    const real = String.prototype.replaceAll;
    String.prototype.replaceAll = function (...all) {
      if (this.includes('Unshowable') && !globalThis.mended) throw new Error('made to fail');
      return real.apply(this, all);
    };
  };
  const broken = (now) =>
    rooms(now).map((room) =>
      room.id === '2' ? { ...room, alerts: [{ ...alert(now, '2'), text: 'Unshowable 84' }] } : room,
    );

  it('does not count as watching, tells no alert as seen, and counts again once it is mended', () =>
    at('#/room/2', { rooms: broken, init }, async (page, clinic) => {
      await page.waitForSelector('[data-testid=lost]:has-text("This screen cannot be shown")');
      await until(() => presence(clinic)?.visible === false);
      const before = clinic.heard.length;
      const one = { ...alert(Date.now(), '3'), id: 'a-unseen' };
      clinic.send({ type: 'alert', room: '3', alert: one });
      await frames(page);
      const pings = () => clinic.heard.slice(before).filter(({ type }) => type === 'ping').length;
      await until(() => pings() > 0);
      // Others may have been told before the page broke: while its parts were still loading.
      const seen = () => clinic.heard.filter(({ alert: id }) => id === 'a-unseen');
      assert.deepEqual(seen(), []);
      await page.evaluate(() => (globalThis.mended = true));
      await page.waitForSelector('.stack-row:has-text("Unshowable")');
      await until(() => presence(clinic)?.visible === true);
      await until(() => seen().length > 0);
    }));
});

describe('what went wrong', { concurrency: false }, () => {
  const refused = { status: 503, title: 'The record is full', detail: 'Ask for help.' };

  it('is seen beside an open sheet on a phone, and stays until somebody has read it', () =>
    at(
      '#/room/3',
      {
        size: PHONE,
        rooms: (now) => [{ ...room(now, '3'), alerts: [{ ...alert(now, '3'), id: 'a-3' }] }],
        answers: { 'POST rooms/3/acknowledge': refused },
      },
      async (page) => {
        await live(page);
        await page.click('[data-event=record]');
        await page.waitForSelector('[data-testid=record]');
        await page.click('[data-claim=a-3]');
        await page.waitForSelector('.notice-bad:has-text("Not sent.")');
        const [notice] = await boxes(page, '.notice-bad');
        assert.ok(notice.top >= 0 && notice.bottom <= PHONE.height, JSON.stringify(notice));
        for (const numeral of await boxes(page, '.room-numbers .numeral'))
          assert.ok(numeral.bottom <= notice.top, JSON.stringify({ numeral, notice }));
        await page.click('.notice-bad button');
        await page.waitForSelector('.notice-bad', { state: 'detached' });
      },
    ));
});
