// One room in a real browser, at a step of a day, before a server that is not there.

import assert from 'node:assert/strict';
import { given, rooms } from './course.mjs';
import { fake, FAKE_URL } from './fake.mjs';
import { openPage, PHONE, STATION, until } from './screen.mjs';

export const SIZES = {
  wall: { width: 1920, height: 1080 },
  station: STATION,
  tablet: { width: 820, height: 1180 },
  phone: PHONE,
};
export const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
/** What `POST identify` answers: somebody else acts here. */
export const acts = (who = {}) => ({
  name: 'T. Janssen',
  initials: 'TJ',
  role: 'nurse',
  until: Date.now() + 120_000,
  ...who,
});
export const EVENTS = 'sessions/s-3/events';
export const POST = `POST ${EVENTS}`;

/**
 * Runs `use` before room 3 as it is at `step`, beside rooms that are `others(now)`, by the clock
 * of the clinic.
 */
export async function bedside(browser, step, given_, use) {
  const { size = STATION, theme = 'dim', me = NURSE, answers = {}, others, now, motion } = given_;
  const context = await browser.newContext({
    viewport: size,
    ...(motion === undefined ? {} : { reducedMotion: motion }),
  });
  const page = await openPage(context, theme);
  const here = typeof step === 'function' ? step : rooms[step];
  const clinic = await fake(page, {
    rooms: (at) => [here(at), ...(others?.(at) ?? [])],
    me,
    answers: { ...given(), ...answers },
    steady: true,
    ...(now === undefined ? {} : { now }),
  });
  try {
    await page.goto(`${FAKE_URL}/#/room/3`);
    await page.waitForSelector('.app[data-link=live]');
    await page.waitForSelector('.room-numbers');
    await use(page, clinic);
    assert.deepEqual(page.complaints, []);
  } finally {
    await context.close();
  }
}

/** What was recorded in the session so far. */
export const recorded = (clinic) =>
  clinic.sent.filter(({ path }) => path === EVENTS).map(({ body }) => body);
export const last = async (clinic, count = 1) =>
  until(() => recorded(clinic).length >= count && recorded(clinic).at(-1));
/** The keys of what was recorded. */
export const keys = (clinic) => clinic.keys.filter((_, n) => clinic.sent[n].path === EVENTS);
export const textOf = async (page, selector) =>
  (await page.textContent(selector)).replaceAll(/\s+/g, ' ').trim();

/** Says with a PIN who is there. */
export async function identify(page, initials = 'TJ') {
  await page.waitForSelector('[data-testid=pad]');
  await page.fill('[data-testid=pad] input[name=initials]', initials);
  for (const digit of '4711') await page.click(`[data-digit="${digit}"]`);
  await page.click('[data-digit=Enter]');
  await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
}

/** Says with a password who is there. */
export async function identifyByPassword(page, initials = 'SN') {
  await page.waitForSelector('[data-testid=pad]');
  await page.fill('[data-testid=pad] input[name=initials]', initials);
  await page.fill('[data-testid=pad] input[name=password]', 'correct horse');
  await page.press('[data-testid=pad] input[name=password]', 'Enter');
  await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
}
/** What `POST identify` answers then. */
export const prescribes = () => acts({ name: 'S. Nolan', initials: 'SN', role: 'prescriber' });
