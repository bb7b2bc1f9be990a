// A room and its past.
//
//   node --test room.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './visit.mjs';

describe('a room', { concurrency: false }, () => {
  it('lists what is due, and asks for an outcome that is missing', () =>
    at('#/room/3', {}, async (page, clinic) => {
      const tasks = await page.$$eval('[data-task]', (all) => all.map((one) => one.dataset.task));
      assert.deepEqual(tasks, ['repeat_cuff', 'suggestion', 'outcome_missing', 'bp_due']);
      await page.click('[data-task=outcome_missing] button');
      await page.waitForSelector('[data-outcomes="s-3-a0"]');
      await page.waitForFunction(
        () => document.activeElement?.dataset.outcome === 'expected_effect',
      );
      await sleep(800);
      await page.click('[data-outcome=sensor_resited]');
      await page.waitForSelector('[data-outcomes="s-3-a0"]', { state: 'detached' });
      assert.deepEqual(clinic.sent.at(-1), {
        path: 'alerts/s-3-a0/outcome',
        body: { outcome: 'sensor_resited' },
      });
    }));

  it('says whose the limits are, why, and who answers for them', () =>
    at('#/room/3', {}, async (page) => {
      const own = await page.textContent('[data-testid=own-limits]');
      assert.match(own, /Systolic high caution 170/);
      assert.match(own, /treated hypertension.*prescriber N\. Weber/s);
      assert.equal(await page.locator('[data-vital=bp] [data-mark=own]').count(), 1);
      assert.match(await page.textContent('[data-testid=minor]'), /RR 14 .*Temp 36\.8 °C 12 min/s);
    }));
});

describe('the table of the trend', { concurrency: false }, () => {
  it('has a row for each five minutes, or one, with gaps said in words', () =>
    at('#/room/3', {}, async (page) => {
      await page.click('.as-table');
      await page.waitForFunction(() => document.querySelectorAll('.table tbody tr').length >= 6);
      const text = await page.textContent('.table');
      assert.match(text, /SpO₂ %.*BP mmHg/s);
      assert.match(text, /not measured|\d+\/\d+ at \d\d:\d\d/);
      assert.match(text, /Infusion; .*2 Ketamine started/);
      await page.click('.table button:has-text("Every minute")');
      await page.waitForFunction(() => document.querySelectorAll('.table tbody tr').length >= 30);
      assert.match(await page.textContent('.table'), /not measured/);
      await page.click('.as-table');
      await page.waitForSelector('.plots canvas');
    }));
});
