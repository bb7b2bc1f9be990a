// The wall display: what it shows and sounds with nobody in front of it.
// The numbers are those of the list in the specification of the screens.
//
//   node --test wall.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rooms } from './fixture.mjs';
import { until } from './screen.mjs';
import { at, calm, NURSE } from './visit.mjs';

const WALL_SCREEN = { name: 'Wall', initials: 'W', role: 'display' };

describe('the wall display', { concurrency: false }, () => {
  it('shows no drug, nothing that staff noted, and nothing to touch (37)', () =>
    at('#/central', { me: WALL_SCREEN }, async (page) => {
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
    at('#/wall', { me: WALL_SCREEN }, async (page) => {
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
    at('#/wall/2/2', { me: WALL_SCREEN }, async (page) => {
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
    at('#/wall', { me: WALL_SCREEN }, async (page) => {
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'high'));
      assert.match(await page.textContent('.rail'), /Sound is on/);
    }));

  it('moves by two pixels in a minute', () => {
    const began = Date.now();
    // The server's clock runs sixty times as fast.
    const now = () => began + (Date.now() - began) * 60;
    const place = (page) =>
      page.evaluate(() => getComputedStyle(document.querySelector('.wall')).translate);
    return at('#/wall', { me: WALL_SCREEN, now }, async (page) => {
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
    at('#/wall', { me: WALL_SCREEN, rooms: calm }, async (page, clinic) => {
      await page.waitForSelector('.wall');
      const found = loads(page);
      clinic.files['index.html'] = NEWER;
      clinic.restart('newer');
      for (let waited = 0; found.count === 0 && waited < 12_000; waited += 200) await sleep(200);
      assert.equal(found.count, 1);
    }));

  it('reloads itself after 10 s without a frame while the server answers, and not again and again', () =>
    at('#/wall', { me: WALL_SCREEN }, async (page, clinic) => {
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
    at('#/wall', { me: WALL_SCREEN }, async (page, clinic) => {
      await page.waitForSelector('.wall');
      const found = loads(page);
      clinic.silent = true;
      clinic.files['index.html'] = 'Bad gateway';
      await page.waitForSelector('[data-testid=lost]');
      await sleep(9_000);
      assert.equal(found.count, 0);
    }));

  it('does not while something is alerting, and says why', () =>
    at('#/wall', { me: WALL_SCREEN }, async (page, clinic) => {
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
