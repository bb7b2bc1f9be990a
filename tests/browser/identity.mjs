// What cannot be undone asks who it is that does it: a monitor taken from a patient, a limit
// loosened. And what a person entered looks like it, and can be taken back.
//
//   node --test identity.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fake, FAKE_URL } from './fake.mjs';
import { answers, MIN, room, session } from './fixture.mjs';
import { launch, STATION, until } from './screen.mjs';

const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
const EVENTS = 'POST sessions/s-3/events';
const acting = (initials, name, role = 'nurse') => ({
  initials,
  name,
  role,
  until: Date.now() + 120_000,
});

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function at(hash, { rooms, more = {}, me = NURSE }, use) {
  const page = await browser.newPage({ viewport: STATION });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  try {
    const clinic = await fake(page, { rooms, me, answers: { ...answers(), ...more } });
    await page.goto(`${FAKE_URL}/${hash}`);
    await page.waitForSelector('.app[data-link=live]');
    await use(page, clinic);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
}

const posted = (clinic, path) => clinic.sent.filter((one) => one.path === path);

async function sayWho(page, initials) {
  await page.waitForSelector('[data-testid=pad]');
  await page.fill('[data-testid=pad] input', initials);
  for (const digit of ['2', '4', '6', '8', 'Enter']) await page.click(`[data-digit="${digit}"]`);
}

describe('a monitor of a patient who is infused', { concurrency: false }, () => {
  const device = {
    id: 'mon-3',
    room: '3',
    adapter: 'native',
    link: 'up',
    last_seen: Date.now(),
    clock_offset_ms: 0,
    latest: [],
  };
  const why = 'Room 3 will have no monitor (infusing).';

  it('is not taken away by one choice: it says what will happen, and asks who you are', () => {
    let known = false;
    const refuse = (status, code) => ({ status, code, title: code, detail: why });
    const bind = ({ confirm }) =>
      known && confirm === true
        ? { id: 'mon-3', room: null }
        : known
          ? refuse(409, 'needs_confirmation')
          : refuse(403, 'needs_identity');
    const more = {
      'GET devices': { devices: [device] },
      'PUT devices/mon-3/binding': bind,
      'POST identify': () => {
        known = true;
        return acting('KM', 'Karla Maier');
      },
    };
    return at('#/devices', { rooms: (now) => [room(now, '3')], more }, async (page, clinic) => {
      await page.selectOption('[data-device=mon-3] select', '');
      await page.waitForSelector(`[data-testid=take-away]:has-text("${why}")`);
      assert.match(
        await page.textContent('[data-testid=whose-monitor]'),
        /^J\.T\. · Ketamine IV, adult · Infusion$/,
      );
      assert.equal(await page.inputValue('[data-device=mon-3] select'), '3', 'it is still there');
      await page.click('[data-testid=take-away] button:has-text("Say who you are")');
      await sayWho(page, 'KM');
      await page.click('[data-testid=take-away] button:has-text("all the same (KM)")');
      await page.waitForSelector('[data-testid=take-away]', { state: 'detached' });
      const bodies = posted(clinic, 'devices/mon-3/binding').map(({ body }) => body);
      assert.deepEqual(bodies, [{ room: null }, { room: null, confirm: true }]);
    });
  });

  it('stays when nobody says who they are', () => {
    const more = {
      'GET devices': { devices: [device] },
      'PUT devices/mon-3/binding': {
        status: 403,
        code: 'needs_identity',
        title: 'this needs your PIN',
        detail: why,
      },
    };
    return at('#/devices', { rooms: (now) => [room(now, '3')], more }, async (page, clinic) => {
      await page.selectOption('[data-device=mon-3] select', '');
      await page.click('[data-testid=take-away] button:has-text("Cancel")');
      assert.equal(posted(clinic, 'devices/mon-3/binding').length, 1);
      assert.equal(await page.inputValue('[data-device=mon-3] select'), '3');
    });
  });
});

it('a limit is loosened by a prescriber who gives the password, and what was typed is not lost', () =>
  at(
    '#/room/3',
    {
      rooms: (now) => [room(now, '3')],
      more: {
        'POST identify': ({ password }) =>
          acting('NW', 'N. Weber', password === undefined ? 'nurse' : 'prescriber'),
      },
    },
    async (page, clinic) => {
      await page.click('[data-event=record]');
      await page.click('[data-page=limits]');
      await page.selectOption('[name=condition]', 'systolic_high');
      await page.fill('[name=caution]', '150');
      assert.equal(await page.locator('[data-testid=prescriber]').count(), 0, 'tighter');
      await page.fill('[name=caution]', '172');
      await page.fill('[name=reason]', 'lives at 165');
      await page.click('[data-testid=prescriber] button');
      await sayWho(page, 'NW');
      await page.waitForSelector('[data-acting=NW]');
      assert.equal(await page.locator('[data-testid=prescriber] button').count(), 1, 'by PIN');
      await page.click('[data-testid=prescriber] button');
      await page.fill('[data-testid=pad] [name=initials]', 'NW');
      await page.fill('[data-testid=pad] [name=password]', '4 words of a doctor');
      await page.press('[data-testid=pad] [name=password]', 'Enter');
      await page.waitForSelector('[data-testid=prescriber]:has-text("N. Weber decides this.")');
      assert.equal(await page.inputValue('[name=caution]'), '172');
      await page.press('[name=reason]', 'Enter');
      await until(() => posted(clinic, 'sessions/s-3/events').length === 1);
      assert.deepEqual(posted(clinic, 'sessions/s-3/events')[0].body, {
        type: 'limits',
        limits: { systolic_high: { caution: 172 } },
        reason: 'lives at 165',
      });
      // The prescriber does not go on acting in the nurse's place.
      await until(() => posted(clinic, 'identify').length === 3);
      assert.deepEqual(posted(clinic, 'identify')[1].body, {
        initials: 'NW',
        password: '4 words of a doctor',
      });
    },
  ));

it('at their own screen a prescriber is not asked again', () =>
  at(
    '#/room/3',
    { rooms: (now) => [room(now, '3')], me: { ...NURSE, name: 'N. Weber', role: 'prescriber' } },
    async (page) => {
      await page.click('[data-event=record]');
      await page.click('[data-page=limits]');
      await page.selectOption('[name=condition]', 'systolic_high');
      await page.fill('[name=caution]', '172');
      await page.waitForSelector('[data-testid=prescriber]:has-text("N. Weber decides this.")');
    },
  ));

it('whoever signs in reads that somebody has tried their name', async () => {
  const page = await browser.newPage({ viewport: STATION });
  try {
    const nobody = { status: 401, title: 'sign in first' };
    const login = { ...NURSE, wrong_tries: { count: 3, last_at: Date.now(), where: ['10.0.0.7'] } };
    const more = { 'GET me': nobody, 'POST login': login };
    await fake(page, {
      rooms: (now) => [room(now, '3')],
      me: null,
      answers: { ...answers(), ...more },
    });
    await page.goto(`${FAKE_URL}/#/central`);
    await page.fill('[name=name]', 'KM');
    await page.fill('[name=password]', 'correct horse');
    await page.press('[name=password]', 'Enter');
    const words = 'Wrong tries under your name since your last sign-in: 3.';
    await page.waitForSelector(`.notice-bad:has-text("${words}")`);
  } finally {
    await page.close();
  }
});

describe('a pressure by hand', { concurrency: false }, () => {
  const entry = (now, rest = {}) => ({
    n: 3,
    at: now - 2 * MIN,
    type: 'manual_vitals',
    by: 'KM',
    text: 'Measured by hand: BP 118/76',
    values: { systolic: 118, diastolic: 76 },
    ...rest,
  });
  const byHand =
    (rest = {}) =>
    (now) => [
      room(now, '3', {
        nibp: { systolic: 118, diastolic: 76, taken_at: now - 2 * MIN, source: 'manual' },
        session: session(now, '3', { events: [entry(now, rest)] }),
      }),
    ];

  it('looks like it on its tile, in its room, in the list and in the table', () =>
    at('#/central', { rooms: byHand() }, async (page) => {
      const bp = '.tile[data-room="3"] [data-vital=bp]';
      await page.waitForSelector(`${bp} [data-mark=hand]:has-text("by hand KM")`);
      await page.goto(`${FAKE_URL}/#/room/3`);
      await page.waitForSelector('.room-numbers [data-vital=bp] [data-mark=hand]:has-text("KM")');
      await page.waitForSelector('.events li:has-text("Measured by hand: BP 118/76")');
      await page.click('.as-table');
      await page.waitForSelector('.table td:has-text("118/76") >> text=/by hand KM/');
    }));

  it('is withdrawn from the list in two taps, and is then struck through', () =>
    at('#/room/3', { rooms: byHand() }, async (page, clinic) => {
      await page.click('[data-withdraw="3"]');
      assert.deepEqual(clinic.sent, [], 'the first tap asks');
      await page.click('[data-withdraw="3"]:has-text("Yes, withdraw")');
      await until(() => clinic.sent.length === 1);
      assert.deepEqual(clinic.sent[0].body, { type: 'correct', event: 3 });
      clinic.show(byHand({ withdrawn: { by: 'KM', at: Date.now() } }));
      await page.waitForSelector('.events s:has-text("BP 118/76")');
      assert.equal(await page.locator('[data-withdraw]').count(), 0);
      await page.click('.as-table');
      await page.waitForSelector('.table td:has-text("by hand KM, withdrawn")');
    }));

  it('can be undone for ten seconds', () => {
    const recorded = () => ({
      id: 's-3',
      events: [{ n: 7, at: Date.now(), type: 'manual_vitals', by: 'KM', text: 'Measured by hand' }],
    });
    return at(
      '#/room/3',
      { rooms: (now) => [room(now, '3')], more: { [EVENTS]: recorded } },
      async (page, clinic) => {
        await page.click('[data-event=record]');
        await page.click('[data-page=vitals]');
        await page.fill('[name=systolic]', '118');
        await page.fill('[name=diastolic]', '76');
        await page.press('[name=diastolic]', 'Enter');
        await page.click('[data-undo="7"]');
        await until(() => clinic.sent.length === 2);
        assert.deepEqual(clinic.sent[1].body, { type: 'correct', event: 7 });
      },
    );
  });
});
