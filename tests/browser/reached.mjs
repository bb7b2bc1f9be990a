// Whether anybody is reached: who can hear, on how many screens an alert is, who is going, and what
// is so now beside what was worst. The board before fixtures; two nurses and a phone before the real
// program.
//
//   node --test reached.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Clinic } from './clinic.mjs';
import { fake, FAKE_URL } from './fake.mjs';
import { alert, answers, room } from './fixture.mjs';
import { launch, open, overflow, PHONE, STATION, tooSmall, until, violations } from './screen.mjs';

/** In one line, as it is read. */
const textOf = async (page, selector) =>
  (await page.textContent(selector)).replaceAll(/\s+/g, ' ').trim();

const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
const SIZES = {
  wall: { width: 1920, height: 1080 },
  laptop: STATION,
  portrait: { width: 768, height: 1024 },
  phone: PHONE,
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const connected = (id, rest = {}) => ({
  id,
  kind: 'station',
  person: { name: 'Karla Maier', initials: 'KM', role: 'nurse' },
  connected_at: Date.now() - 3_600_000,
  heard_at: Date.now() - 1_000,
  audible: true,
  visible: true,
  quiet: false,
  can_hear: true,
  trouble: null,
  battery: null,
  rooms: null,
  ...rest,
});
const TROUBLED = { can_hear: false, person: { name: 'Tom Jung', initials: 'TJ', role: 'nurse' } };
const BOARD = () => ({
  now: Date.now(),
  unheard: ['4'],
  screens: [
    connected('gone', {
      ...TROUBLED,
      kind: 'phone',
      trouble: 'not_heard',
      heard_at: Date.now() - 9_000,
    }),
    connected('muted', {
      ...TROUBLED,
      kind: 'phone',
      audible: false,
      trouble: 'sound_off',
      battery: { percent: 12, charging: false },
    }),
    connected('quiet', { ...TROUBLED, kind: 'room', quiet: true, trouble: 'quiet', rooms: ['3'] }),
    connected('heard'),
  ],
});

async function at(hash, { size = STATION, theme = 'dim', rooms, more = {} }, use) {
  const page = await browser.newPage({ viewport: size });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  try {
    await page.addInitScript((chosen) => localStorage.setItem('dripwatch.theme', chosen), theme);
    const clinic = await fake(page, { rooms, me: NURSE, answers: { ...answers(), ...more } });
    await page.goto(`${FAKE_URL}/${hash}`);
    await page.waitForSelector('.app[data-link=live]');
    await use(page, clinic);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
}

describe('who can hear', { concurrency: false }, () => {
  const given = {
    rooms: (now) => [room(now, '3'), room(now, '4')],
    more: { 'GET screens': BOARD },
  };
  const said = (page, id) => textOf(page, `[data-screen-id="${id}"]`);

  it('says of each screen whose it is, and in plain words why it is not heard', () =>
    at('#/screens', given, async (page) => {
      await page.waitForSelector('[data-screen-id]');
      assert.match(await said(page, 'gone'), /TJ’s phone.*last heard 0:\d\d ago.*Not answering/s);
      assert.match(await said(page, 'muted'), /battery 12 %.*Sound is off.*Battery low/s);
      assert.match(await said(page, 'quiet'), /TJ’s room screen.*shows Room 3.*Quiet room/s);
      assert.match(await said(page, 'heard'), /KM’s station.*shows all rooms.*✓ Can be heard/s);
      assert.match(await textOf(page, '[data-testid=nobody-hears]'), /Nobody hears room 4\./);
      assert.match(await textOf(page, '.path'), /Alarms reach this screen/);
    }));

  it('is asked for again, and says when every room is heard', () => {
    let board = BOARD();
    const more = { 'GET screens': () => board };
    return at('#/screens', { ...given, more }, async (page) => {
      await page.waitForSelector('[data-testid=nobody-hears]');
      board = { ...BOARD(), unheard: [], screens: [connected('heard')] };
      await page.waitForSelector('[data-testid=every-room]', { timeout: 5_000 });
      assert.equal(await page.locator('[data-screen-id]').count(), 1);
    });
  });

  it('is in the menu, and its screens are not shown while the connection is lost', () =>
    at('#/central', given, async (page, clinic) => {
      await page.click('.menu summary');
      await page.click('a:has-text("Who can hear")');
      await page.waitForSelector('[data-screen-id]');
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]', { timeout: 10_000 });
      assert.equal(await page.locator('[data-screen-id]').count(), 0);
    }));

  for (const [name, size] of Object.entries(SIZES))
    it(`is whole on a ${name}, and axe finds nothing`, async () => {
      for (const theme of ['dim', 'light'])
        await at('#/screens', { ...given, size, theme }, async (page) => {
          await page.waitForSelector('[data-screen-id]');
          assert.equal(await overflow(page), 0, theme);
          assert.deepEqual(await tooSmall(page), [], theme);
          assert.deepEqual(await violations(page), [], theme);
        });
    });
});

describe('an alert', { concurrency: false }, () => {
  const low = (now, rest = {}) =>
    alert(now, '3', {
      text: 'SpO2 low 88, worst 72 (limit 89)',
      worst: 72,
      worst_at: now - 20_000,
      receipts: 3,
      ...rest,
    });
  const at31 = (ms) =>
    new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const one = (rest) => (now) => [
    room(now, '3', { spo2: { value: 91 }, alerts: [low(now, rest)] }),
  ];

  for (const [name, hash, selector, size] of [
    ['card', '#/central', '[data-testid=needs-a-person]', STATION],
    ['inbox', '#/inbox', '[data-testid=needs-a-person]', PHONE],
    ['room', '#/room/3', '.stack', STATION],
  ])
    it(`names limit, worst and when, and the value of now: ${name}`, () =>
      at(hash, { rooms: one({}), size }, async (page) => {
        await page.waitForSelector(`${selector} [data-alert]`);
        const said = await textOf(page, selector);
        assert.match(said, /SpO₂ low 88, worst 72.*limit 89 · worst at \d\d:\d\d · now 91/s);
        assert.match(said, /— KM/, 'under whose name it would be taken');
      }));

  it('says that its priority came down once somebody has it', () => {
    const now = Date.now();
    const taken = { acknowledged: { by: 'TJ', at: now - 60_000 }, priority: 'medium' };
    const came_down = { from: 'high', at: now - 30_000 };
    return at('#/central', { rooms: one({ ...taken, came_down }) }, async (page) => {
      const said = await textOf(page, '[data-testid=someone-has-it]');
      assert.match(said, new RegExp(`less urgent since \\d\\d:\\d\\d.*✓ TJ`, 's'), at31(now));
    });
  });

  it('that is new in a room to which somebody is going calls again, and says who is going', () => {
    const taken = (now) => low(now, { acknowledged: { by: 'TJ', at: now - 5_000 } });
    const fresh = (now) =>
      alert(now, '3', {
        id: 's-3-a2',
        condition: 'hr_low',
        text: 'HR low 38 (limit 40)',
        raised_at: now,
      });
    let alerts = (now) => [taken(now)];
    const rooms = (now) => [room(now, '3', { alerts: alerts(now) })];
    return at('#/central', { rooms }, async (page, clinic) => {
      await page.waitForSelector('[data-testid=someone-has-it] [data-alert]');
      const highs = () =>
        page.evaluate(
          () => globalThis.dripwatch.played.filter(({ tone }) => tone === 'high').length,
        );
      assert.equal(await highs(), 0);
      alerts = (now) => [taken(now), fresh(now)];
      clinic.show(rooms);
      await page.waitForSelector('[data-testid=needs-a-person] [data-alert="s-3-a2"]');
      assert.match(await textOf(page, '[data-testid=needs-a-person]'), /HR low 38.*TJ is going/s);
      await until(async () => (await highs()) > 0);
      await page.goto(`${FAKE_URL}/#/room/3`);
      await page.waitForSelector('.stack');
      assert.match(await textOf(page, '.stack'), /HR low 38.*TJ is going/s);
    });
  });
});

describe('two nurses and a phone', { concurrency: false }, () => {
  let clinic;
  let monitor;
  let station;
  let phone;

  before(async () => {
    clinic = await Clinic.open();
    monitor = clinic.watch(97);
    const as = (name, hash, size) =>
      open(browser, clinic.url, { name, password: clinic.password, hash, size });
    station = await as('KM', '#/central', STATION);
    phone = await as('TJ', '#/inbox', PHONE);
  });
  after(async () => {
    for (const page of [station, phone]) await page?.context().close();
    await clinic?.close();
  });

  const waiting = '[data-testid=needs-a-person] [data-alert]';
  const shown = (page) =>
    page.evaluate(async () => {
      const { alerts } = await (await fetch('/api/v1/alerts?state=open')).json();
      // Those that were raised last come first.
      return alerts.filter(({ condition }) => condition.startsWith('spo2')).at(-1);
    });

  it('each confirm what they show, and the board lists them', async () => {
    monitor.spo2 = 90;
    for (const page of [station, phone]) await page.waitForSelector(waiting, { timeout: 120_000 });
    const alert = await until(async () => {
      const found = await shown(station);
      return found?.receipts === 2 && found;
    });
    const by = alert.received_by.map(({ by, kind }) => `${by} ${kind}`).sort();
    assert.deepEqual(by, ['KM station', 'TJ phone']);
    const page = await station.context().newPage();
    await page.goto(`${clinic.url}/#/screens`);
    await page.waitForSelector('.device:has-text("TJ’s phone")');
    await page.waitForSelector('.device:has-text("this screen")');
    await page.close();
  });

  it('silenced by one of them counts down at both, for two minutes at most', async () => {
    await phone.click('.audio');
    for (const page of [station, phone])
      await page.waitForSelector('.audio-paused:has-text("Audio paused 1:")');
    const { silenced_until } = await shown(station);
    assert.ok(silenced_until - Date.now() <= 120_000, String(silenced_until));
  });

  it('of whom both go at once, one has it, and the other is told', async () => {
    const button = (page) => page.locator('[data-testid=needs-a-person] .claim').first();
    assert.match(await button(station).textContent(), /I’m going — KM/);
    assert.match(await button(phone).textContent(), /I’m going — TJ/);
    // In the same moment, as far as two browsers have one.
    const tap = (page) => button(page).evaluate((claim) => claim.click());
    await Promise.all([tap(station), tap(phone)]);
    const told = /(KM|TJ) already has it\./;
    const notices = async () =>
      (await Promise.all([station, phone].map((page) => page.locator('.notice').allTextContents())))
        .flat()
        .join(' ');
    await until(async () => told.test(await notices()));
    const { by } = (await shown(station)).acknowledged;
    assert.equal(told.exec(await notices())[1], by);
    for (const page of [station, phone])
      await page.waitForSelector(`[data-testid=someone-has-it]:has-text("${by}")`);
  });

  it('that becomes worse sounds again, and says who is going', async () => {
    const { by } = (await shown(station)).acknowledged;
    const plays = () => station.evaluate(() => globalThis.dripwatch.played.length);
    const before = await plays();
    monitor.spo2 = 82;
    await station.waitForSelector(waiting, { timeout: 90_000 });
    await until(async () => (await plays()) > before);
    const said = await textOf(station, '[data-testid=needs-a-person]');
    assert.match(said, new RegExp(`${by} (is going|had it)`), said);
  });
});
