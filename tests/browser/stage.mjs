// A page before a ward in which each room is in a state of its own.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { fake, FAKE_URL } from './fake.mjs';
import { answers, stored } from './fixture.mjs';
import { launch, PHONE, STATION } from './screen.mjs';
import { STATES, ward } from './ward.mjs';

export const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
export const WALL = { width: 1920, height: 1080 };
export const TABLET = { width: 768, height: 1024 };
export const SIZES = { wall: WALL, station: STATION, tablet: TABLET, phone: PHONE };
export const THEMES = ['dim', 'light'];
export const SHOWN_MAX_MS = 1_000;

const given = {
  ...answers(),
  ...Object.fromEntries(
    STATES.map((id) => [`GET sessions/s-${id}/readings`, () => stored(Date.now())]),
  ),
  'GET devices': {
    devices: [
      { id: 'mon-1', room: 'normal', link: 'up', source: 'monitor', last_seen: Date.now() },
      { id: 'mon-2', room: null, link: 'down', source: 'monitor', last_seen: null },
    ],
  },
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A page at `hash` with its clinic, for as many tests as like to look at it. */
export async function stage({
  hash = '#/central',
  size = STATION,
  theme = 'dim',
  before,
  ...rest
} = {}) {
  const page = await browser.newPage({ viewport: size });
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  await page.addInitScript((chosen) => localStorage.setItem('dripwatch.theme', chosen), theme);
  if (before !== undefined) await page.addInitScript(before);
  const clinic = await fake(page, {
    rooms: ward,
    me: NURSE,
    answers: given,
    steady: true,
    ...rest,
  });
  await page.goto(`${FAKE_URL}/${hash}`);
  await page.waitForSelector('.app[data-link=live]');
  return { page, clinic };
}

export async function during(options, use) {
  const { page, clinic } = await stage(options);
  try {
    await use(page, clinic);
    assert.deepEqual(page.complaints, []);
  } finally {
    await page.close();
  }
}

export async function go(page, hash, there) {
  await page.evaluate((next) => (location.hash = next), hash);
  await page.waitForSelector(there);
}

export const toRoom = (page, id) =>
  go(page, `#/room/${id}`, `[data-testid=room][data-room="${id}"] .room-numbers`);
export const toCentral = (page) => go(page, '#/central', '.tile .numeral, .tile[data-state=empty]');

/** A machine that is busy with other things makes a page slow: what it says of that is put away. */
export async function undisturbed(page) {
  await page.waitForSelector('.app[data-link=live]');
  const back = page.locator('.back button');
  if ((await back.count()) > 0) await back.click();
  await page.waitForFunction(() => document.querySelector('.slow, .back, .lost') === null);
}

/** Until the page has drawn its clock `times` more: whatever sounds does so by then. */
export async function seconds(page, times) {
  for (let n = 0; n < times; n += 1) {
    const before = await page.textContent('[data-testid=clock]');
    await page.waitForFunction(
      (old) => document.querySelector('[data-testid=clock]')?.textContent !== old,
      before,
    );
  }
}

export const played = (page) =>
  page.evaluate(() => globalThis.dripwatch.played.map(({ tone }) => tone));
export const textOf = async (page, selector) =>
  (await page.textContent(selector)).replaceAll(/\s+/g, ' ').trim();
export const numbersOf = (page, root) =>
  page.$$eval(`${root} .numeral .value`, (all) => all.map((one) => one.textContent));
