// What the screens say of a value that the monitor has corrected or taken back, of a record that
// could not be read whole, and of a finger clip that may have come off.
//
//   node --test corrected.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fake, FAKE_URL } from './fake.mjs';
import { answers, MIN, reading, session, stored, task } from './fixture.mjs';
import { boxes, collisions, launch, PHONE, STATION, violations } from './screen.mjs';
import { many } from './ward.mjs';

const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
const WALL = { width: 1920, height: 1080 };
const PORTRAIT = { width: 768, height: 1024 };
const SIZES = { wall: WALL, laptop: STATION, portrait: PORTRAIT, phone: PHONE };
const UNREAD = 'Record not fully read: check session, limits, alerts';
const UNREAD_SHORT = /^Record not fully read(: check session, limits, alerts)?$/;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function during({ hash = '#/central', size = STATION, rooms, given = {} }, use) {
  const page = await browser.newPage({ viewport: size });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  try {
    const clinic = await fake(page, { rooms, me: NURSE, answers: { ...answers(), ...given } });
    await page.goto(`${FAKE_URL}/${hash}`);
    await page.waitForSelector('.app[data-link=live]');
    await page.evaluate(() => document.fonts.ready);
    await use(page, clinic);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
}

/** Rooms of which one is as `change` has it. */
const but = (count, id, change) => (now) =>
  many(count)(now).map((room) => (room.id === id ? { ...room, ...change(now, room) } : room));

const words = async (page, selector) =>
  (await page.innerText(selector)).replaceAll(/\s+/g, ' ').trim();

describe('a record that could not be read whole', { concurrency: false }, () => {
  const unread = (count) => but(count, '2', (now) => ({ unread_since: now - 5 * MIN }));

  for (const [name, size] of Object.entries(SIZES))
    it(`is told on its tile and in its room, beside every number (${name})`, () =>
      during({ size, rooms: unread(name === 'laptop' ? 32 : 8) }, async (page) => {
        await page.waitForSelector('.tile[data-room="2"] .unread');
        assert.match(await words(page, '.tile[data-room="2"] .unread'), UNREAD_SHORT);
        assert.equal(await page.locator('.unread').count(), 1);
        // What it takes from the numbers leaves them to be read.
        const sizes = await page.$$eval('.tile[data-room="2"] .value', (all) =>
          all.map((one) => parseFloat(getComputedStyle(one).fontSize)),
        );
        assert.ok(Math.min(...sizes) >= 18, `${sizes}`);
        assert.deepEqual(await collisions(page), []);
        assert.deepEqual(await violations(page), []);
        await page.evaluate(() => (location.hash = '#/room/2'));
        await page.waitForSelector('[data-testid=room] .room-numbers');
        assert.equal(await words(page, '.room > .unread'), UNREAD);
        assert.equal((await boxes(page, '.room-numbers .numeral')).length, 3);
        assert.deepEqual(await violations(page), []);
      }));

  it('is told no longer once its next session is open', () =>
    during({ rooms: unread(3) }, async (page, clinic) => {
      await page.waitForSelector('.tile[data-room="2"] .unread');
      const own = { type: 'room', room: '2', name: 'Garden', order: 2 };
      clinic.send({ ...own, unread_since: Date.now() - 5 * MIN });
      await page.waitForSelector('.tile[data-room="2"]:has-text("Garden") .unread');
      clinic.send({ ...own, unread_since: null });
      await page.waitForFunction(() => document.querySelector('.unread') === null);
    }));
});

const vitals = (now, room, ...readings) => ({
  type: 'vitals',
  room,
  taken_at: now,
  received_at: now,
  readings,
});

describe('a value', { concurrency: false }, () => {
  it('that the monitor has corrected says so beside it, until the next', () =>
    during({ rooms: many(2) }, async (page, clinic) => {
      const bp = '.tile[data-room="1"] [data-vital=bp]';
      await page.waitForSelector(`${bp} .value:has-text("122/74")`);
      assert.equal(await page.locator('[data-mark=corrected]').count(), 0);
      const right = { vital: 'nibp', systolic: 148, diastolic: 90, corrects: true };
      clinic.send(vitals(Date.now(), '1', right));
      await page.waitForSelector(`${bp} [data-mark=corrected][title=corrected]`);
      assert.equal(await page.textContent(`${bp} .value`), '148/90');
      await page.evaluate(() => (location.hash = '#/room/1'));
      await page.waitForSelector('.room-numbers [data-vital=bp]:has-text("corrected")');
      clinic.send(vitals(Date.now(), '1', { vital: 'nibp', systolic: 150, diastolic: 88 }));
      await page.waitForSelector('.room-numbers [data-vital=bp] .value:has-text("150/88")');
      assert.equal(await page.locator('[data-mark=corrected]').count(), 0);
    }));

  it('that the monitor takes back is never shown', () =>
    during({ rooms: many(1) }, async (page, clinic) => {
      const numbers = () => page.$$eval('.tile .value', (all) => all.map((one) => one.textContent));
      await page.waitForSelector('.tile .value:has-text("122/74")');
      const now = Date.now();
      const gone = { vital: 'nibp', systolic: 190, diastolic: 120, withdrawn: true };
      const value = { vital: 'spo2', value: 70, withdrawn: true };
      clinic.send(vitals(now, '1', gone, value, { vital: 'pulse_rate', value: 81 }));
      await page.waitForSelector('.tile .value:has-text("81")');
      assert.deepEqual(await numbers(), ['81', '97', '122/74']);
    }));

  it('is found in the table as it was told, what was taken back too', () => {
    const now = Date.now();
    const at = now - 6 * MIN;
    const late = { taken_at: at, received_at: now - MIN };
    const first = reading(at, { vital: 'nibp', systolic: 121, diastolic: 148 });
    const right = { ...first, ...late, systolic: 148, diastolic: 90, corrects: true };
    const { readings } = stored(now);
    const odd = readings.find(({ vital, taken_at }) => vital === 'spo2' && taken_at > at);
    const gone = { ...odd, received_at: now - MIN, absent: 'invalid', withdrawn: true };
    const before = readings.filter(({ vital, taken_at }) => vital !== 'nibp' || taken_at < at);
    const all = [...before, first].sort((a, b) => a.received_at - b.received_at);
    let told = all;
    const given = { 'GET sessions/s-1/readings': () => ({ readings: told, next: null }) };
    return during({ hash: '#/room/1', rooms: many(1), given }, async (page, clinic) => {
      await page.click('.as-table');
      await page.waitForSelector('td:has-text("121/148 at")');
      // What comes now changes what is long drawn.
      told = [...all, right, gone];
      clinic.send(vitals(now, '1', { ...right, late: true }));
      await page.waitForSelector('td:has-text("148/90 at"):has-text("corrected")');
      const cells = await page.$$eval('.table td', (all) => all.map((one) => one.textContent));
      assert.equal(cells.filter((cell) => /121\/148 at \d\d:\d\d withdrawn/.test(cell)).length, 1);
      assert.equal(
        cells.filter((cell) => cell.includes(`, ${odd.value} withdrawn`)).length,
        1,
        cells.join('\n'),
      );
    });
  });
});

describe('a finger clip that may have come off', { concurrency: false }, () => {
  const text = 'Pulse has not changed for 3 min: check the finger clip';
  const rooms = but(2, '1', (now) => ({
    session: session(now, '1', { tasks: [task(now, 'check_probe', text)] }),
  }));

  it('is a task like the others, with a picture of its own', () =>
    during({ rooms }, async (page) => {
      const brief = '.tile[data-room="1"] .foot-task';
      assert.equal(await words(page, brief), 'Check finger clip');
      const icon = await page.getAttribute(`${brief} .task-icon path`, 'd');
      await page.evaluate(() => (location.hash = '#/room/1'));
      await page.waitForSelector('.todo [data-task=check_probe]');
      assert.match(await words(page, '.todo li'), /^Pulse has not changed for 3 min: check the/);
      assert.equal(await page.getAttribute('.todo .task-icon path', 'd'), icon);
      const clock = await page.evaluate(() => {
        const found = [...document.querySelectorAll('.task-icon path')];
        return found.filter((one) => one.getAttribute('d').startsWith('M12 4a8')).length;
      });
      assert.equal(clock, 0);
    }));
});
