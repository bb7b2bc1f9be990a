// The rules of a profile, in sentences and with their numbers.
//
//   node --test rules.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boxes } from './screen.mjs';
import { at } from './visit.mjs';

const PRESCRIBER = { name: 'N. Weber', initials: 'NW', role: 'prescriber' };

describe('the rules', { concurrency: false }, () => {
  const ONE = '#/rules/ketamine-iv-adult';

  it('are linked from the menu', () =>
    at('#/central', {}, async (page) => {
      await page.click('.menu summary');
      await page.click('.menu-items a[href="#/rules"]');
      await page.click('[data-profile=ketamine-iv-adult]');
      await page.waitForSelector('[data-condition=spo2_low]');
      assert.equal(await page.locator('[data-condition]').count(), 5);
    }));

  it('say plainly that nobody approved them, and only some may', () =>
    at(ONE, {}, async (page) => {
      await page.waitForSelector('.rules:has-text("Nobody has approved this version")');
      assert.equal(await page.locator('[data-testid=approve]').count(), 0);
      await page.waitForSelector('.rules:has-text("A prescriber or an administrator")');
    }));

  it('are approved by a prescriber, for the version that is on the screen', () =>
    at(ONE, { me: PRESCRIBER }, async (page, clinic) => {
      await page.waitForSelector('[data-testid=approve]');
      const rules = clinic.answers['GET profiles/ketamine-iv-adult/rules'];
      clinic.answers['GET profiles/ketamine-iv-adult/rules'] = {
        ...rules,
        approved: { by: 'N. Weber', at: Date.now() },
      };
      await page.click('[data-testid=approve]');
      await page.waitForSelector('.rules:has-text("Approved by N. Weber")');
      assert.deepEqual(clinic.sent.at(-1), {
        path: 'profiles/ketamine-iv-adult/approve',
        body: { version: 3 },
      });
      assert.equal(await page.locator('[data-testid=approve]').count(), 0);
    }));

  it('say why an approval was refused', () => {
    const refusal = { status: 403, title: 'Not allowed', detail: 'Ask a prescriber.' };
    const path = 'POST profiles/ketamine-iv-adult/approve';
    return at(ONE, { me: PRESCRIBER, answers: { [path]: refusal } }, async (page) => {
      await page.click('[data-testid=approve]');
      await page.waitForSelector('.notice-bad:has-text("Ask a prescriber.")');
      await page.waitForSelector('[data-testid=approve]');
    });
  });

  it('are printed with a line to sign on, black on white and without buttons', () =>
    at(ONE, { me: PRESCRIBER }, async (page) => {
      await page.waitForSelector('[data-condition]');
      await page.emulateMedia({ media: 'print' });
      assert.ok(await page.isVisible('.signature'));
      assert.equal((await boxes(page, 'button, .bottom, .linkbar p')).length, 0);
      const paper = await page.evaluate(
        () => getComputedStyle(document.documentElement).backgroundColor,
      );
      assert.equal(paper, 'rgb(255, 255, 255)');
    }));

  it('that are approved are printed without that line', () =>
    at('#/rules/infusion', {}, async (page) => {
      await page.waitForSelector('.rules:has-text("Approved by N. Weber")');
      assert.equal(await page.locator('.signature').count(), 0);
    }));
});
