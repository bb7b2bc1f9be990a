// Calling for help from a room, people who are called to an alert, and who has which room.
//
//   node --test calling.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alert, answers, room, session } from './fixture.mjs';
import { during as onStage, SIZES, textOf, toRoom } from './stage.mjs';
import { violations } from './screen.mjs';

const LEAST_PX = 64;
const TARGET_PX = 48;
const STAFF = { nurse: 'KM', backup: 'TJ', first: 'KM', second: 'TJ' };
const NOBODY = { nurse: null, backup: null, first: null, second: null };

const ward = (alerts) => (now) => [
  { ...room(now, '3', { session: session(now, 's-3') }), alerts: alerts(now), staff: STAFF },
  { ...room(now, '4'), staff: NOBODY },
];
const quiet = ward(() => []);
const called = (more) =>
  ward((now) => [{ ...alert(now, '3'), escalated: 1, escalated_at: now - 5_000, ...more }]);
const help = (more) =>
  called({ id: 'a-help', condition: 'help', text: 'TJ asks for help', ...more });

const during = (options, use) =>
  onStage({ ...options, answers: { ...answers(), ...options.answers } }, use);
const box = (page, selector) => page.locator(selector).boundingBox();

describe('a call for help', { concurrency: false }, () => {
  const isLarge = async (page, which) => {
    const { width, height } = await box(page, `[data-help=${which}]`);
    assert.ok(width >= LEAST_PX && height >= LEAST_PX, `${which}: ${width} × ${height}`);
  };
  const open = help({ priority: 'medium', acknowledged: null });

  it('is one tap', () =>
    during({ rooms: quiet }, async (page, clinic) => {
      await toRoom(page, '3');
      await page.waitForSelector('[data-help=medium]');
      await isLarge(page, 'medium');
      assert.equal(await page.locator('[data-help=high]').count(), 0);
      const before = clinic.sent.length;
      await page.click('[data-help=medium]');
      await page.waitForFunction(() => document.body.textContent.includes('Help is called'));
      assert.deepEqual(clinic.sent.slice(before), [
        { path: 'rooms/3/help', body: { priority: 'medium' } },
      ]);
    }));

  it('becomes an emergency, which is asked about first', () =>
    during({ rooms: open }, async (page, clinic) => {
      await toRoom(page, '3');
      await page.waitForSelector('[data-help=high]');
      await isLarge(page, 'high');
      const before = clinic.sent.length;
      await page.click('[data-help=high]');
      await page.waitForSelector('[data-help=sure]');
      assert.equal(clinic.sent.length, before, 'nothing is sent before it is confirmed');
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-help=high]');
      assert.equal(clinic.sent.length, before);
    }));

  it('works by the keyboard alone', () =>
    during({ rooms: open }, async (page, clinic) => {
      await toRoom(page, '3');
      await page.focus('[data-help=high]');
      await page.keyboard.press('Enter');
      await page.waitForFunction(
        () => globalThis.document.activeElement?.getAttribute('data-help') === 'sure',
      );
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-help=high]');
      assert.deepEqual(clinic.sent.at(-1), { path: 'rooms/3/help', body: { priority: 'high' } });
    }));

  it('says who is coming, and is ended by staff', () =>
    during(
      { rooms: help({ acknowledged: { by: 'KM', at: Date.now() } }) },
      async (page, clinic) => {
        await toRoom(page, '3');
        assert.match(await textOf(page, '[data-help=over]'), /KM is coming/);
        await page.click('[data-help=over]');
        await page.waitForFunction(() => document.body.textContent.includes('Call for help ended'));
        const sent = { path: 'alerts/a-help/outcome', body: { outcome: 'other' } };
        assert.deepEqual(clinic.sent.at(-1), sent);
      },
    ));
});

describe('an alert that nobody takes', { concurrency: false }, () => {
  it('says who was called, and when', () =>
    during({ rooms: called({}) }, async (page) => {
      const said = await textOf(page, '[data-testid=needs-a-person] [data-called="1"]');
      assert.match(said, /^Escalated — second nurse called \d\d:\d\d$/);
      await toRoom(page, '3');
      assert.match(await textOf(page, '.stack [data-called]'), /second nurse called/);
    }));

  it('says that the prescriber was called, and of a medium one that it waits', async () => {
    await during({ rooms: called({ escalated: 2 }) }, async (page) => {
      assert.match(await textOf(page, '[data-called="2"]'), /prescriber called/);
    });
    await during({ rooms: called({ priority: 'medium' }) }, async (page) => {
      assert.match(await textOf(page, '[data-called="1"]'), /Nobody has it yet/);
    });
  });
});

describe('who has which room', { concurrency: false }, () => {
  const assignments = {
    assignments: [
      { room: '3', ...STAFF },
      { room: '4', ...NOBODY },
    ],
    people: [
      { initials: 'KM', role: 'nurse', on_break: false, on_break_since: null },
      { initials: 'TJ', role: 'nurse', on_break: true, on_break_since: Date.now() - 60_000 },
    ],
  };
  const own = { 'GET assignments': assignments, 'PUT assignments': assignments };
  const open = async (page) => {
    await page.evaluate(() => (location.hash = '#/assignments'));
    await page.waitForSelector('[data-assign="3"]');
  };

  it('is chosen room by room, and a break is one tap of one’s own', () =>
    during({ rooms: quiet, answers: own }, async (page, clinic) => {
      await open(page);
      assert.match(await textOf(page, '[data-assign="3"]'), /KM is told first/);
      assert.match(await textOf(page, '[data-assign="4"]'), /Everybody is told/);
      await page.selectOption('[data-assign="4"] [name=nurse]', 'TJ');
      await page.waitForFunction(() => document.body.textContent.includes('Room 4: TJ'));
      assert.deepEqual(clinic.sent.at(-1), {
        path: 'assignments',
        body: { assignments: [{ room: '4', nurse: 'TJ', backup: null }] },
      });
      assert.equal(await page.locator('[data-break=TJ]').count(), 0, 'another’s break');
      await page.click('[data-break=KM]');
      await page.waitForFunction(() => document.body.textContent.includes('KM is on a break'));
      assert.deepEqual(clinic.sent.at(-1).body, { people: [{ initials: 'KM', on_break: true }] });
    }));

  for (const theme of ['dim', 'light']) {
    it(`can be hit and read, ${theme}`, async () => {
      for (const size of [SIZES.station, SIZES.phone]) {
        await during({ rooms: quiet, answers: own, theme, size }, async (page) => {
          await open(page);
          for (const target of await page.locator('.shift :is(select, button)').all()) {
            const { height } = await target.boundingBox();
            assert.ok(height >= TARGET_PX, `${height}`);
          }
          assert.deepEqual(await violations(page), []);
        });
      }
    });
  }
});
