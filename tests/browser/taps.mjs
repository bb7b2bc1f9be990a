// What can be tapped, and that no tap goes to the wrong room.
// The numbers are those of the list in the specification of the screens.
//
//   node --test taps.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tooSmall } from './screen.mjs';
import { during, go, NURSE, SIZES, toCentral, toRoom } from './stage.mjs';
import { STATES, ward } from './ward.mjs';

describe('what can be tapped', { concurrency: false }, () => {
  const answered = {
    me: { ...NURSE, role: 'prescriber' },
    rooms: (now) => [...ward(now)],
  };

  for (const [name, size] of Object.entries(SIZES)) {
    it(`is large enough and far enough apart on a ${name} (15)`, () =>
      during({ size, ...answered }, async (page, clinic) => {
        const found = [];
        const look = async (where) => {
          for (const line of await tooSmall(page)) found.push(`${where}: ${line}`);
        };
        await toCentral(page);
        await look('station');
        await page.click('.menu summary');
        await page.waitForSelector('.menu[open]');
        await look('menu');
        await page.keyboard.press('?');
        await page.waitForSelector('.keyhelp');
        await look('keys');
        for (const id of STATES) {
          await toRoom(page, id);
          await look(`room ${id}`);
        }
        await toRoom(page, 'normal');
        await page.click('[data-more]');
        await page.click('[data-event=abort]');
        await page.waitForSelector('.ask input');
        await look('asking');
        await go(page, '#/inbox', '[data-testid=inbox] .card');
        await look('inbox');
        await page.click('.card[data-room=high] [data-claim]');
        // It is asked once it is over.
        const over = (one) => (one.id === 'high' ? { ...one, alerts: [] } : one);
        clinic.show((now) => [...ward(now)].map(over));
        await page.waitForSelector('[data-outcomes]');
        await look('outcomes');
        await page.waitForTimeout(800);
        await page.click('[data-outcome=other]');
        await page.waitForSelector('input[name=note]');
        await look('an outcome in words');
        clinic.show(answered.rooms);
        await go(page, '#/devices', '.devices');
        await look('devices');
        await go(page, '#/rules', '[data-profile]');
        await look('rules');
        await go(page, '#/rules/ketamine-iv-adult', '[data-condition]');
        await look('page of rules');
        clinic.silent = true;
        await toCentral(page);
        await page.waitForSelector('[data-testid=lost]');
        await look('lost');
        clinic.silent = false;
        await page.waitForSelector('.back');
        await look('back');
        assert.deepEqual([...new Set(found)], []);
      }));
  }
});
