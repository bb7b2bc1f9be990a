// The pad: who acts, by initials and PIN.
// The numbers are those of the list in the specification of the screens.
//
//   node --test pad.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apart, boxes, until } from './screen.mjs';
import { at, NURSE, openPad, posted, SIZES, WHO } from './visit.mjs';

const RIGHT = () => ({ name: 'T. Janssen', initials: 'TJ', until: Date.now() + 120_000 });
const WRONG = { status: 403, title: 'initials or PIN is wrong', code: 'wrong_secret' };
async function type(page, initials, pin) {
  await page.fill('[name=initials]', initials);
  for (const digit of pin) await page.keyboard.press(digit);
  await page.keyboard.press('Enter');
}

describe('the pad', { concurrency: false }, () => {
  for (const [name, size] of Object.entries(SIZES)) {
    for (const hash of ['#/room/2', '#/central']) {
      it(`covers no numeral of ${hash} on a ${name}, and has keys of 72 px (52)`, () =>
        at(hash, { size }, async (page) => {
          await openPad(page);
          const [pad] = await boxes(page, '[data-testid=pad]');
          const numerals = await boxes(page, '.numeral');
          assert.ok(numerals.length >= 3);
          for (const numeral of numerals)
            assert.ok(apart(numeral, pad), JSON.stringify({ numeral, pad }));
          const keys = await boxes(page, '[data-digit]');
          assert.equal(keys.length, 12);
          for (const { width, height } of keys) assert.ok(width >= 71.9 && height >= 71.9);
          // Those of the last row as well, on every screen.
          if (hash === '#/central')
            for (const key of keys) assert.ok(key.top >= 0 && key.bottom <= size.height);
          if (hash === '#/room/2')
            for (const numeral of numerals) assert.ok(numeral.bottom <= size.height);
        }));
    }
  }

  it('says who acts, counts down, and lets it be ended', () =>
    at('#/central', { answers: { 'POST identify': RIGHT } }, async (page, clinic) => {
      await page.click('.menu summary');
      await page.click('[data-menu=who]');
      assert.doesNotMatch(await page.textContent('[data-testid=pad]'), /Janssen|Weber|TJ/);
      await type(page, 'TJ', '2468');
      await page.waitForSelector('[data-acting=TJ]:has-text("TJ acts, 1:5")');
      await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
      assert.deepEqual(posted(clinic, 'identify')[0].body, { initials: 'TJ', pin: '2468' });
      const before = await page.textContent('[data-acting]');
      await until(async () => (await page.textContent('[data-acting]')) !== before);
      await page.click('[data-acting]');
      await page.click('.pad-acts button');
      await page.waitForSelector(WHO);
      assert.equal(posted(clinic, 'identify').length, 2);
    }));

  it('knows after a reload who acts', () =>
    at(
      '#/central',
      { me: { ...NURSE, acting: { ...RIGHT(), role: 'nurse' } } },
      async (page) => void (await page.waitForSelector('[data-acting=TJ]')),
    ));

  it('takes keys by touch, holds the focus, and gives it back on Escape', () =>
    at('#/room/2', {}, async (page, clinic) => {
      await openPad(page);
      const inside = () =>
        page.evaluate(() => document.activeElement?.closest('[data-testid=pad]') !== null);
      for (let step = 0; step < 20; step += 1) {
        await page.keyboard.press(step < 4 ? 'Shift+Tab' : 'Tab');
        assert.ok(await inside());
      }
      for (const key of ['1', '2', 'Backspace', '3']) await page.click(`[data-digit="${key}"]`);
      assert.equal(await page.textContent('.pad-dots'), '●●○○○○');
      // No key of the screens acts behind it.
      await page.focus('[data-digit="1"]');
      await page.keyboard.press('a');
      await page.evaluate(() => document.activeElement?.blur());
      for (const key of ['a', 'h', 'e']) await page.keyboard.press(key);
      assert.equal(await page.locator('[data-testid=record]').count(), 0);
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
      assert.match(await page.evaluate(() => document.activeElement?.textContent), /KM/);
      await page.waitForSelector('[data-testid=room]');
      assert.deepEqual(clinic.sent, []);
    }));

  it('waits for 30 s after five wrong PINs, and counts that down (27)', () =>
    at('#/central', { answers: { 'POST identify': WRONG } }, async (page, clinic) => {
      await openPad(page);
      for (let tries = 1; tries <= 5; tries += 1) {
        await type(page, 'TJ', '1111');
        await until(() => posted(clinic, 'identify').length === tries);
        await page.waitForSelector('.pad .wrong:not(:empty)');
        if (tries < 5)
          assert.equal(await page.textContent('.pad .wrong'), 'Initials or PIN is wrong.');
        await page.waitForSelector('.pad-dots:has-text("○○○○○○")');
      }
      await page.waitForSelector('.pad .wrong[data-waits]:has-text("Try again in 0:2")');
      assert.equal(await page.locator('[data-digit]:enabled').count(), 0);
      await type(page, 'TJ', '2468');
      assert.equal(posted(clinic, 'identify').length, 5);
      const before = await page.textContent('.pad .wrong');
      await until(async () => (await page.textContent('.pad .wrong')) !== before);
    }));

  it('waits for as long as the server says, whoever tried before', () => {
    const wait = { status: 429, title: 'too many', code: 'too_many_tries', retry_after_s: 3 };
    return at('#/central', { answers: { 'POST identify': wait } }, async (page) => {
      await openPad(page);
      await type(page, 'TJ', '1111');
      await page.waitForSelector('.pad .wrong[data-waits]');
      await page.waitForSelector('[data-digit="1"]:enabled', { timeout: 6_000 });
    });
  });

  it('is not asked for before a claim by whoever is signed in', () =>
    at('#/central', {}, async (page, clinic) => {
      await page.click('[data-claim="s-2-a1"]');
      await until(() => posted(clinic, 'rooms/2/acknowledge').length === 1);
      assert.equal(await page.locator('[data-testid=pad]').count(), 0);
    }));
});
