// What a nurse does at a room's own screens, by taps and keys, before the real program.

import assert from 'node:assert/strict';
import net from 'node:net';
import { open } from './screen.mjs';

/** Longer than anything takes on a machine that is busy with others; what is waited for is there long before. */
export const PATIENCE_MS = 120_000;
const TAP_MS = 2_000;
const MOST_TAPS = 30;
export const PIN = { KM: '7391', TJ: '6284', SN: '5173' };

/** A page of somebody who has signed in, that waits as long as it takes. */
export async function signIn(browser, clinic, name, hash, rest = {}) {
  const page = await open(browser, clinic.url, { name, password: clinic.password, hash, ...rest });
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

export const plainText = async (page, selector) =>
  (await page.textContent(selector)).replaceAll(/\s+/g, ' ').trim();

export const phase = (page, name) =>
  page.waitForSelector(`[data-testid=room][data-phase="${name}"]`);
/** The tile of the room, on the page of somebody who watches all of them. */
export const onTile = (station, room, what) =>
  station.waitForSelector(`.tile[data-room="${room}"] ${what}`);
export const phaseOnTile = (station, room, name) => onTile(station, room, `[data-phase="${name}"]`);

/** Opens the session in an empty room. */
export async function openSession(page, initials, profile) {
  await page.fill('[data-testid=start-session] input[name=initials]', initials);
  await chooseProfile(page, profile);
  await page.click('[data-testid=start-session] button[type=submit]');
  await phase(page, 'checked_in');
}

export async function chooseProfile(page, profile) {
  const select = '[data-testid=start-session] select[name=profile]';
  await page.waitForSelector(`${select} option[value="${profile}"]`, { state: 'attached' });
  await page.selectOption(select, profile);
}

/** The hospital's system says that somebody is here; over when it was answered. */
export function announce(port, [number, family, given, born], place = 'WAIT') {
  const at = new Date().toISOString().replaceAll(/[-:T]|\.\d+Z$/g, '');
  const message = [
    `MSH|^~\\&|KIS|H|DRIP|C|${at}||ADT^A04|${number}-${at}|P|2.5|||AL|AL|||UNICODE UTF-8`,
    `PID|||${number}^^^KIS||${family}^${given}||${born}|F`,
    `PV1||O|${place}`,
  ].join('\r');
  return new Promise((done, fail) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(`\v${message}\r\x1c\r`));
    socket.on('error', fail);
    socket.once('data', (answer) => {
      socket.destroy();
      if (/MSA\|[CA]A/.test(answer)) done();
      else fail(new Error(`answered ${answer}`));
    });
  });
}

/** Opens a form in the place of the blocks, fills it in, and saves it. */
export async function fillIn(page, form, { ticks = [], words = {}, taps = [] }) {
  await page.waitForSelector(`[data-form=${form}], [data-testid=care-form]`);
  if ((await page.locator('[data-testid=care-form]').count()) === 0)
    await page.click(`[data-form=${form}]`);
  for (const name of ticks) await page.check(`[data-testid=care-form] input[name=${name}]`);
  for (const [name, text] of Object.entries(words))
    await page.fill(`[data-testid=care-form] input[name=${name}]`, text);
  for (const selector of taps) await page.click(`[data-testid=care-form] ${selector}`);
  await page.click('[data-testid=care-form] button[type=submit]');
}

export const formClosed = (page) =>
  page.waitForSelector('[data-testid=care-form]', { state: 'detached' });

/** Says with a PIN who is there, once the page asks. */
export async function saysWho(page, initials) {
  await page.waitForSelector('[data-testid=pad]');
  await page.fill('[data-testid=pad] input[name=initials]', initials);
  for (const digit of PIN[initials]) await page.click(`[data-digit="${digit}"]`);
  await page.click('[data-digit=Enter]');
  await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
}

/** Says who is there if the page asks for it before it shows `then`. */
export async function maySayWho(page, initials, then) {
  await page.waitForSelector(`[data-testid=pad], ${then}`);
  if ((await page.locator('[data-testid=pad]').count()) > 0) await saysWho(page, initials);
  await page.waitForSelector(then);
}

/** A tap just after something moved under the finger does nothing: taps until it did. */
export async function tapUntil(page, selector, done) {
  for (let taps = 0; taps < MOST_TAPS; taps += 1) {
    await page.click(selector, { timeout: TAP_MS }).catch(() => {});
    const isDone = await page
      .waitForSelector(done.selector, { state: done.state, timeout: TAP_MS })
      .catch(() => null);
    if (isDone !== null || done.state === 'detached') {
      const left = await page.locator(done.selector).count();
      if ((left === 0) === (done.state === 'detached')) return;
    }
  }
  assert.fail(`${MOST_TAPS} taps at ${selector} did nothing`);
}

/** Says it with the password. */
export async function saysWhoByPassword(page, initials, password) {
  await page.waitForSelector('[data-testid=pad]');
  await page.fill('[data-testid=pad] input[name=initials]', initials);
  await page.fill('[data-testid=pad] input[name=password]', password);
  await page.press('[data-testid=pad] input[name=password]', 'Enter');
  await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
}

/** Opens the sheet on which staff record, by its key, on one of its pages. */
export async function sheet(page, name) {
  if ((await page.locator('[data-testid=record]:not([hidden])').count()) === 0) {
    await page.waitForSelector('[data-event=record]');
    await page.keyboard.press('e');
  }
  await page.click(`[data-testid=record] [data-page=${name}]`);
}

export async function closeSheet(page) {
  await page.click('.record-close');
  await page.waitForSelector('[data-testid=record]', { state: 'detached' });
}

/** A pressure that was read off by hand, so many minutes ago. */
export async function pressureByHand(page, systolic, diastolic, ago_min = 0) {
  await sheet(page, 'vitals');
  if (ago_min > 0) await page.click(`[data-when="${ago_min}"]`);
  await page.fill('[data-testid=manual-vitals] input[name=systolic]', `${systolic}`);
  await page.fill('[data-testid=manual-vitals] input[name=diastolic]', `${diastolic}`);
  await page.press('[data-testid=manual-vitals] input[name=diastolic]', 'Enter');
  // What was taken is no longer in its field.
  await page.waitForFunction(
    () => document.querySelector('[data-testid=manual-vitals] input[name=diastolic]').value === '',
  );
  await closeSheet(page);
}

export async function score(page, ...scores) {
  await sheet(page, 'happened');
  for (const one of scores) {
    await page.click(`[data-score="${one}"]`);
    await page.waitForSelector(`.record-said:has-text("${one.split(' ')[1]} — recorded")`);
  }
  await closeSheet(page);
}

/** The words of the items that are open before the step, as the session shows them. */
export async function openBefore(clinic, session, step) {
  const { gates } = await clinic.call(clinic.program, 'GET', `sessions/${session}`);
  const items = gates.find((gate) => gate.step === step)?.items ?? [];
  return items.filter(({ met }) => !met).map(({ text }) => text);
}

/** Of a day's sessions that are over the one in this room: opened from the day, and signed off. */
export async function signOff(page, session, initials) {
  await page.keyboard.press('d');
  await page.click(`[data-testid=not-signed] a[href="#/session/${session}"]`);
  await page.click('[data-sign]');
  // Where the pad opens, it is signed without another tap after it.
  await maySayWho(page, initials, '[data-testid=signing]:has-text("Signed off")');
  await page.waitForSelector(`[data-testid=signing]:has-text("Signed off by ${initials}")`);
}

/** The record, opened from the page of the session; gives back its text. */
export async function readRecord(page, session) {
  const [record] = await Promise.all([
    page.context().waitForEvent('page'),
    page.click(`a[href="/api/v1/sessions/${session}/record.html"]`),
  ]);
  await record.waitForLoadState('domcontentloaded');
  const text = (await record.textContent('body')).replaceAll(/\s+/g, ' ');
  await record.close();
  return text;
}

/** Each of them is there, in this order. */
export function inOrder(text, words) {
  let from = 0;
  for (const word of words) {
    const at = text.indexOf(word, from);
    assert.ok(at >= 0, `“${word}” is missing after “${text.slice(Math.max(0, from - 60), from)}”`);
    from = at + word.length;
  }
}
