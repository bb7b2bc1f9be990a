// What holds for every screen: the wall display, themes, the clinic's clock, bad input, small
// windows, and a server that is not there. Tried with the built page and no program.
//
//   node --test shell.mjs

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DIST, fake, FAKE_URL, KINDS, POLICY } from './fake.mjs';
import { answers, rooms } from './fixture.mjs';
import { launch, overflow, STATION, until, violations } from './screen.mjs';

const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
const WALL = { name: 'Wall', initials: 'W', role: 'display' };
const MINUTE_MS = 60_000;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `use` with the page at `hash` and the clinic behind it. */
async function at(hash, { size = STATION, theme = 'dim', me = NURSE, ...rest }, use) {
  const page = await browser.newPage({ viewport: size, ...rest.browser });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (/Content Security Policy/i.test(line.text())) complaints.push(line.text());
  });
  try {
    await page.addInitScript((chosen) => localStorage.setItem('dripwatch.theme', chosen), theme);
    if (rest.init !== undefined) await page.addInitScript(rest.init);
    const given = { ...answers(), ...DEVICES, ...rest.answers };
    const clinic = await fake(page, { rooms, ...rest, me, answers: given });
    await page.goto(`${FAKE_URL}/${hash}`);
    if (me !== null) await page.waitForSelector('.app[data-link=live]');
    await use(page, clinic);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
}

const DEVICES = {
  'GET devices': {
    devices: [
      { id: 'mon-1', room: '1', adapter: 'json', link: 'up', last_seen: Date.now(), latest: [] },
    ],
  },
};

/** The rooms, with some of them changed. */
const changed = (changes) => (now) =>
  rooms(now).map((room) => ({ ...room, ...changes[room.id]?.(room, now) }));
const calm = (now) => rooms(now).map((room) => ({ ...room, alerts: [] }));

describe('the wall display', { concurrency: false }, () => {
  it('shows no drug, nothing that staff noted, and nothing to touch (37)', () =>
    at('#/central', { me: WALL }, async (page) => {
      await page.waitForSelector('[data-testid=wall] .tile [data-vital]');
      assert.match(page.url(), /#\/wall$/);
      const text = await page.textContent('body');
      for (const word of ['etamine', 'known', 'own', 'headache', 'Suggest', 'Outcome', 'Menu'])
        assert.doesNotMatch(text, new RegExp(word), word);
      assert.match(text, /M\.R\..*SpO₂ low 84/s);
      const targets = 'a, button, input, select, summary, [role=button]';
      assert.equal(await page.locator(`.app :is(${targets})`).count(), 0);
      for (const key of ['a', 'Shift+A', 'p', 'e', 'Enter']) await page.keyboard.press(key);
      await page.mouse.click(600, 300);
      await page.click('.card');
      assert.match(page.url(), /#\/wall$/);
    }));

  it('takes no alert, also where somebody of the staff is signed in (37)', () =>
    at('#/wall', { me: NURSE }, async (page, clinic) => {
      await page.waitForSelector('[data-testid=wall] .card');
      for (const key of ['a', 'A', 'p']) await page.keyboard.press(key);
      await sleep(300);
      assert.deepEqual(clinic.sent, []);
      assert.doesNotMatch(await page.textContent('body'), /etamine|I’m going/);
    }));

  it('shows the room number alone where that is chosen, and remembers it', () =>
    at('#/wall', { me: WALL }, async (page) => {
      await page.waitForSelector('.tile .initials');
      await page.mouse.move(300, 300);
      await page.selectOption('[name=initials]', 'false');
      await page.waitForFunction(() => !document.body.textContent.includes('M.R.'));
      await page.reload();
      await page.waitForSelector('[data-testid=wall] .tile [data-vital]');
      assert.doesNotMatch(await page.textContent('body'), /M\.R\./);
      assert.match(await page.textContent('[data-room="2"] .number'), /2/);
    }));

  it('shares the rooms with others, and lists the alerts of all of them', () =>
    at('#/wall/2/2', { me: WALL }, async (page) => {
      await page.waitForSelector('.tile');
      const shown = () => page.$$eval('.tile', (all) => all.map((one) => one.dataset.room));
      const second = await shown();
      await page.waitForSelector('.card[data-room="2"]');
      assert.equal(second.includes('2'), false);
      assert.equal(
        await page.locator('.rail:has-text("Rooms here: Room 7 to Room 12.")').count(),
        1,
      );
      await page.mouse.move(300, 300);
      await page.selectOption('[name=part]', '1');
      await until(async () => (await shown()).includes('2'));
      assert.deepEqual(
        [...(await shown()), ...second],
        rooms(0).map(({ id }) => id),
      );
      await page.selectOption('[name=of]', '1');
      await until(async () => (await shown()).length === 12);
      assert.match(page.url(), /#\/wall\/1\/1$/);
    }));

  it('sounds as a station does', () =>
    at('#/wall', { me: WALL }, async (page) => {
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'high'));
      assert.match(await page.textContent('.rail'), /Sound is on/);
    }));

  it('moves by two pixels in a minute', () => {
    const began = Date.now();
    // The server's clock runs sixty times as fast.
    const now = () => began + (Date.now() - began) * 60;
    const place = (page) =>
      page.evaluate(() => getComputedStyle(document.querySelector('.wall')).translate);
    return at('#/wall', { me: WALL, now }, async (page) => {
      await page.waitForSelector('.wall');
      const seen = new Set();
      for (let turn = 0; turn < 12; turn += 1) {
        seen.add(await place(page));
        await sleep(300);
      }
      assert.ok(seen.size >= 3, [...seen].join(' | '));
      for (const one of seen) assert.match(one, /^(none|[024]px( [024]px)?)$/);
    });
  });

  const NEWER = '<!doctype html><div id="app"></div><script src="/assets/newer.js"></script>';
  const loads = (page) => {
    const found = { count: 0 };
    page.on('framenavigated', () => (found.count += 1));
    return found;
  };

  it('loads the page of a newer server by itself when nothing is alerting', () =>
    at('#/wall', { me: WALL, rooms: calm }, async (page, clinic) => {
      await page.waitForSelector('.wall');
      const found = loads(page);
      clinic.files['index.html'] = NEWER;
      clinic.restart('newer');
      for (let waited = 0; found.count === 0 && waited < 12_000; waited += 200) await sleep(200);
      assert.equal(found.count, 1);
    }));

  it('reloads itself after 10 s without a frame while the server answers, and not again and again', () =>
    at('#/wall', { me: WALL }, async (page, clinic) => {
      await page.waitForSelector('.wall');
      const found = loads(page);
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]');
      await sleep(4_000);
      assert.equal(found.count, 0);
      for (let waited = 0; found.count === 0 && waited < 12_000; waited += 200) await sleep(200);
      assert.equal(found.count, 1);
      // Still nothing is heard: the next try waits for a minute.
      await sleep(14_000);
      assert.equal(found.count, 1);
      clinic.silent = false;
      await page.waitForSelector('.app[data-link=live]');
    }));

  it('stays as it is while the server cannot be reached', () =>
    at('#/wall', { me: WALL }, async (page, clinic) => {
      await page.waitForSelector('.wall');
      const found = loads(page);
      clinic.silent = true;
      clinic.files['index.html'] = 'Bad gateway';
      await page.waitForSelector('[data-testid=lost]');
      await sleep(9_000);
      assert.equal(found.count, 0);
    }));

  it('does not while something is alerting, and says why', () =>
    at('#/wall', { me: WALL }, async (page, clinic) => {
      await page.waitForSelector('.wall');
      const found = loads(page);
      clinic.files['index.html'] = NEWER;
      clinic.restart('newer');
      await page.waitForSelector('.back:has-text("older than the server")');
      await sleep(2_500);
      assert.equal(found.count, 0);
    }));
});

it('a station is told that its page is older than the server, and reloads only when asked', () =>
  at('#/central', { rooms: calm }, async (page, clinic) => {
    await page.waitForSelector('.tile [data-vital]');
    clinic.restart('same page');
    await sleep(1_500);
    assert.equal(await page.locator('.back:has-text("older")').count(), 0);
    clinic.files['index.html'] = '<!doctype html><div id="app"></div><p id="newer">newer</p>';
    clinic.restart('newer');
    await page.waitForSelector('.back:has-text("older than the server") button');
    assert.ok((await page.locator('.tile [data-vital]').count()) > 0);
    await page.click('.back:has-text("older than the server") button');
    await page.waitForSelector('#newer');
  }));

describe('the clock', { concurrency: false }, () => {
  it('of a device that is five minutes wrong changes no age (30)', () =>
    at('#/central', { now: () => Date.now() + 5 * MINUTE_MS }, async (page) => {
      const tile = '.tile[data-room="1"]';
      await page.waitForSelector(`${tile} [data-vital=spo2][data-freshness=current]`);
      assert.match(await page.textContent(`${tile} [data-vital=bp] .aside`), /^1 min ago$/);
      assert.match(await page.textContent(`${tile} .elapsed`), /^(18:59|19:\d\d)\/40$/);
      await page.waitForSelector('.slow:has-text("wrong by 5:0")');
    }));

  const INDIA = { ...NURSE, time_zone: 'Asia/Kolkata' };
  const elsewhere = { timezoneId: 'America/New_York' };

  it('is the clinic’s, wherever the device thinks that it is (50)', () =>
    at('#/room/3', { me: INDIA, browser: elsewhere }, async (page) => {
      const inIndia = (time) =>
        new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', timeStyle: 'short' }).format(
          time,
        );
      const shown = await page.textContent('[data-testid=clock]');
      const around = [-1, 0, 1].map((s) => inIndia(Date.now() + s * 1_000));
      assert.ok(around.includes(shown.slice(0, 5)), `${shown} is none of ${around}`);
      // The ward is as old as its snapshot, which may be of the minute before.
      const started = [0, 15_000].map((ago) => inIndia(Date.now() - 19 * MINUTE_MS - ago));
      assert.match(await page.textContent('.events'), new RegExp(started.join('|')));
    }));

  for (const [name, zone, time, before_, after_] of [
    ['midnight', 'Europe/Berlin', '2026-11-21T22:59:20Z', /^23:59:/, /^00:0/],
    ['summer time', 'Europe/Berlin', '2026-03-29T00:59:20Z', /^01:59:/, /^03:0/],
    ['winter time', 'Europe/Berlin', '2026-10-25T00:59:20Z', /^02:59:/, /^02:0/],
  ]) {
    it(`goes through ${name}, and what has elapsed stays right (50)`, () => {
      let ahead = Date.parse(time) - Date.now();
      const me = { ...NURSE, time_zone: zone };
      const now = () => Date.now() + ahead;
      return at('#/central', { me, now, browser: elsewhere }, async (page) => {
        const clock = () => page.textContent('[data-testid=clock]');
        const elapsed = async () => {
          const [, minutes, seconds] = /(\d+):(\d+)/.exec(
            await page.textContent('.tile[data-room="1"] .elapsed'),
          );
          return Number(minutes) * 60 + Number(seconds);
        };
        await page.waitForSelector('.tile [data-vital]');
        const [first, then] = [await elapsed(), now()];
        assert.match(await clock(), before_);
        // A minute later by the server's clock, as after a sleep.
        ahead += MINUTE_MS;
        await page.waitForFunction(
          (source) =>
            new RegExp(source).test(document.querySelector('[data-testid=clock]').textContent),
          after_.source,
        );
        const wrong = (await elapsed()) - first - (now() - then) / 1_000;
        assert.ok(first >= 1_138 && first < 1_200, `${first} s`);
        assert.ok(Math.abs(wrong) <= 3, `${wrong} s`);
      });
    });
  }
});

describe('themes', { concurrency: false }, () => {
  const hourIn = (zone, hour) => {
    // A time today at which it is that hour there.
    for (let back = 0; back < 24; back += 1) {
      const time = Date.now() + back * 3_600_000;
      const found = new Date(time).toLocaleString('en-GB', { timeZone: zone, hour: '2-digit' });
      if (Number(found) === hour) return time - Date.now();
    }
    throw new Error('no such hour');
  };
  const look = (page) => page.evaluate(() => document.documentElement.dataset.theme);

  for (const [hour, theme] of [
    [9, 'light'],
    [19, 'dim'],
    [23, 'night'],
  ]) {
    it(`by clock is ${theme} at ${hour} h of the clinic`, () => {
      const zone = 'Asia/Tokyo';
      const ahead = hourIn(zone, hour);
      const me = { ...NURSE, time_zone: zone };
      return at('#/central', { theme: 'auto', me, now: () => Date.now() + ahead }, async (page) => {
        await page.waitForSelector('.tile [data-vital]');
        await sleep(1_200);
        assert.equal(await look(page), theme);
      });
    });
  }

  it('are chosen in the menu, and kept on the device', () =>
    at('#/central', {}, async (page) => {
      await page.click('.menu summary');
      await page.selectOption('.theme-choice select', 'night');
      assert.equal(await look(page), 'night');
      assert.equal(await page.evaluate(() => localStorage.getItem('dripwatch.theme')), 'night');
    }));

  it('of the night dim what is well, and not what is alarming', () => {
    const colours = async (page) => {
      await page.waitForSelector('.tile [data-vital]');
      const of = (selector) => page.$eval(selector, (element) => getComputedStyle(element).color);
      return {
        calm: await of('[data-room="1"] [data-vital=hr] .value'),
        high: await of('[data-room="2"] [data-alert=high] .value'),
        medium: await of('[data-room="3"] [data-alert=medium] .value'),
      };
    };
    return at('#/central', { theme: 'dim' }, async (dim) => {
      const day = await colours(dim);
      await at('#/central', { theme: 'night' }, async (night) => {
        assert.deepEqual(await colours(night), { ...day, calm: 'rgb(143, 152, 159)' });
      });
    });
  });
});

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
      // What that asked for has come; what follows stands.
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
      const zoomed = { size: { width: 683, height: 384 }, browser: { deviceScaleFactor: 2 } };
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

describe('the table of the trend', { concurrency: false }, () => {
  it('has a row for each five minutes, or one, with gaps said in words', () =>
    at('#/room/3', {}, async (page) => {
      await page.click('.as-table');
      await page.waitForFunction(() => document.querySelectorAll('.table tbody tr').length >= 6);
      const text = await page.textContent('.table');
      assert.match(text, /SpO₂ %.*BP mmHg/s);
      assert.match(text, /not measured|\d+\/\d+ at \d\d:\d\d/);
      assert.match(text, /Infusion; .*2 Ketamine started/);
      await page.click('.table button:has-text("Every minute")');
      await page.waitForFunction(() => document.querySelectorAll('.table tbody tr').length >= 30);
      assert.match(await page.textContent('.table'), /not measured/);
      await page.click('.as-table');
      await page.waitForSelector('.plots canvas');
    }));
});

describe('without a server', { concurrency: false }, () => {
  /** A server that gives out the page and knows nobody; to be stopped. */
  async function serve() {
    const asked = [];
    const server = createServer(async (request, response) => {
      const path = request.url.split('?')[0];
      asked.push(path);
      if (path.startsWith('/api/')) {
        response.writeHead(401, { 'Content-Type': 'application/problem+json' });
        return response.end('{"title":"sign in first","status":401}');
      }
      const name = path === '/' ? 'index.html' : path.slice(1);
      const body = await readFile(join(DIST, name)).catch(() => null);
      response.writeHead(body === null ? 404 : 200, {
        'Content-Type': KINDS[extname(name)] ?? 'application/octet-stream',
        'Content-Security-Policy': POLICY,
        'Cache-Control': name.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      });
      response.end(body);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const stop = () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    };
    return { url: `http://127.0.0.1:${server.address().port}`, stop, asked };
  }

  it('the page opens all the same, says that nothing is monitored, and keeps no answer (47)', async () => {
    const server = await serve();
    const context = await browser.newContext({ viewport: STATION });
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    try {
      await page.goto(`${server.url}/`);
      await page.waitForSelector('input[name=name]');
      await page.evaluate(() => navigator.serviceWorker.ready);
      const kept = await page.evaluate(async () => {
        const found = [];
        for (const name of await caches.keys())
          for (const { url } of await (await caches.open(name)).keys())
            found.push(new URL(url).pathname);
        return found;
      });
      assert.ok(kept.includes('/') && kept.some((path) => path.endsWith('.js')));
      for (const path of kept) assert.match(path, /^\/(assets\/.*)?$/, path);
      await server.stop();
      await page.reload();
      await page.waitForSelector('[data-testid=lost]');
      assert.match(await page.textContent('body'), /NOT MONITORING.*No connection to the server/s);
      assert.match(await page.title(), /NOT MONITORING/);
      assert.deepEqual(await violations(page), []);
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'lost'));
      const after_ = await page.evaluate(async () => {
        let urls = '';
        for (const name of await caches.keys())
          for (const { url } of await (await caches.open(name)).keys()) urls += `${url}\n`;
        return urls;
      });
      assert.doesNotMatch(after_, /\/api\//);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
      await server.stop().catch(() => {});
    }
  });

  it('an update of the program is not held back by what is kept', async () => {
    const server = await serve();
    const context = await browser.newContext({ viewport: STATION });
    const page = await context.newPage();
    try {
      await page.goto(`${server.url}/`);
      await page.waitForSelector('input[name=name]');
      await page.evaluate(() => navigator.serviceWorker.ready);
      const before_ = server.asked.filter((path) => path === '/').length;
      await page.reload();
      await page.waitForSelector('input[name=name]');
      assert.ok(server.asked.filter((path) => path === '/').length > before_);
    } finally {
      await context.close();
      await server.stop();
    }
  });

  it('the page can be installed: a manifest with icons that can be drawn', async () => {
    const manifest = JSON.parse(await readFile(join(DIST, 'manifest.webmanifest'), 'utf8'));
    assert.equal(manifest.display, 'standalone');
    assert.deepEqual(
      manifest.icons.map(({ purpose }) => purpose),
      ['any', 'maskable'],
    );
    const page = await browser.newPage();
    for (const { src } of manifest.icons) {
      const svg = await readFile(join(DIST, src.slice(1)), 'utf8');
      await page.setContent(`<img src="data:image/svg+xml,${encodeURIComponent(svg)}">`);
      const drawn = await page.$eval('img', (image) =>
        image.decode().then(() => image.naturalWidth > 0),
      );
      assert.ok(drawn, src);
    }
    await page.close();
  });
});
