// The sheets and the rules on every size of screen.
//
//   node --test sheets_and_rules.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { overflow, violations } from './screen.mjs';
import { at, openSheet } from './visit.mjs';

const PRESCRIBER = { name: 'N. Weber', initials: 'NW', role: 'prescriber' };
const EVENTS = (room) => `POST sessions/s-${room}/events`;

describe('every new screen', { concurrency: false }, () => {
  const page = (name) => async (shown) => {
    await openSheet(shown);
    await shown.click(`[data-page=${name}]`);
  };
  const low = async (shown) => {
    await shown.click('[data-event=accept_baseline]');
    await shown.waitForSelector('[data-testid=known-low]');
  };
  const refused = { [EVENTS(10)]: { status: 409, title: 'Refused', detail: 'HR 46 is low' } };
  const SCREENS = {
    station: ['#/central'],
    room: ['#/room/3'],
    'low baseline': ['#/room/10', low],
    'sheet of symptoms': ['#/room/3', page('happened')],
    'sheet of vitals': ['#/room/3', page('vitals')],
    'sheet of rates': ['#/room/3', page('rate')],
    'sheet of limits': ['#/room/3', page('limits')],
    'list of rules': ['#/rules'],
    'page of rules': ['#/rules/ketamine-iv-adult'],
  };
  for (const [name, [hash, act]] of Object.entries(SCREENS)) {
    for (const theme of ['dim', 'light']) {
      it(`the ${name} in ${theme} has no axe violations (14)`, () =>
        at(hash, { theme, me: PRESCRIBER, answers: refused }, async (shown) => {
          await sleep(800);
          await act?.(shown);
          assert.deepEqual(await violations(shown), []);
        }));
    }
    it(`the ${name} does not scroll sideways at 320 px (41)`, () =>
      at(hash, { size: { width: 320, height: 640 }, answers: refused }, async (shown) => {
        await sleep(800);
        await act?.(shown);
        assert.equal(await overflow(shown), 0);
      }));
  }
});
