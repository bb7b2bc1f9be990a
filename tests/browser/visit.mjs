// A page before a clinic that is not there, with a member of staff in front of it.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { fake, FAKE_URL } from './fake.mjs';
import { answers, rooms } from './fixture.mjs';
import { launch, openPage, PHONE, STATION } from './screen.mjs';

export const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
export const WALL = { width: 1920, height: 1080 };
export const TABLET = { width: 768, height: 1024 };
export const SIZES = { wall: WALL, station: STATION, tablet: TABLET, phone: PHONE };

/** The browser of this file's tests. */
export let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Puts one more page before the clinic. */
export async function visit(context, hash, { me = NURSE, theme = 'dim', init, ...rest } = {}) {
  const page = await openPage(context, theme);
  if (init !== undefined) await page.addInitScript(init);
  const given = { ...answers(), ...DEVICES, ...rest.answers };
  const clinic = await fake(page, { rooms, ...rest, me, answers: given });
  await page.goto(`${FAKE_URL}/${hash}`);
  if (me !== null) await page.waitForSelector('.app[data-link=live]');
  return { page, clinic };
}

/** Runs `use` with one page at `hash`, and the clinic behind it; `as` says how the browser is set up. */
export async function at(hash, { size = STATION, from = browser, as = {}, ...rest }, use) {
  const context = await from.newContext({ viewport: size, ...as });
  try {
    const { page, clinic } = await visit(context, hash, rest);
    await use(page, clinic, context);
    assert.deepEqual(page.complaints, []);
  } finally {
    await context.close();
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
export const changed = (changes) => (now) =>
  rooms(now).map((room) => ({ ...room, ...changes[room.id]?.(room, now) }));

/** The rooms without an alert. */
export const calm = (now) => rooms(now).map((room) => ({ ...room, alerts: [] }));

/** What sounded so far. */
export const tones = (page) =>
  page.evaluate(() => globalThis.dripwatch.played.map(({ tone }) => tone));

/** What was sent there so far. */
export const posted = (clinic, path) => clinic.sent.filter((one) => one.path === path);

/** The clinic raises an alert in room 1. */
export const raise = (clinic, id, rest = {}) =>
  clinic.send({
    type: 'alert',
    room: '1',
    alert: {
      id,
      room: '1',
      session: 's-1',
      condition: 'spo2_low',
      priority: 'high',
      state: 'active',
      raised_at: Date.now(),
      text: 'SpO2 low 84 (limit 89)',
      ...rest,
    },
  });

/** What shows who has signed in, and opens the pad. */
export const WHO = 'button[aria-haspopup=dialog]:has-text("KM")';

export async function openPad(page) {
  await page.click(WHO);
  await page.waitForSelector('[data-testid=pad]');
}

/** Opens the sheet in which events are recorded. */
export async function openSheet(page) {
  await page.waitForSelector('[data-event=record]');
  await page.keyboard.press('e');
  await page.waitForSelector('[data-testid=record] [data-symptom]');
}
