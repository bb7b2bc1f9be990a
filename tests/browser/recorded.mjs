// What was recorded can be taken back and put right.
// The numbers are those of the list in the specification of the screens.
//
//   node --test recorded.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rooms } from './fixture.mjs';
import { at, posted } from './visit.mjs';

describe('what was recorded', { concurrency: false }, () => {
  const told = (body) => ({
    id: 's-3',
    events: [{ n: 14, at: Date.now(), type: body.type, by: 'KM', text: 'Chest pain' }],
  });
  const path = 'sessions/s-3/events';

  it('takes two taps, and one more to take it back (32)', () =>
    at('#/room/3', { answers: { [`POST ${path}`]: told } }, async (page, clinic) => {
      await page.click('[data-event=record]');
      await page.click('[data-symptom=chest_pain]');
      await page.waitForSelector('.record-said:has-text("Chest pain — recorded"):has-text("· KM")');
      await page.click('[data-undo="14"]');
      await page.waitForSelector('.record-said:has-text("Chest pain — withdrawn")');
      assert.deepEqual(posted(clinic, path).at(-1).body, { type: 'correct', event: 14 });
      assert.equal(await page.locator('[data-undo]').count(), 0);
    }));

  it('can be taken back for ten seconds, a note as well, and says why when it cannot', () =>
    at('#/room/3', { answers: { [`POST ${path}`]: told } }, async (page, clinic) => {
      const note = async () => {
        await page.click('[data-event=note]');
        await page.fill('.ask input', 'arm warmed');
        await page.press('.ask input', 'Enter');
        await page.waitForSelector('.notice:has-text("✓ Note"):has-text("· KM") [data-undo]');
      };
      await note();
      await page.waitForSelector('[data-undo]', { state: 'detached', timeout: 11_000 });
      await note();
      const detail = 'TJ has already withdrawn this entry.';
      clinic.answers[`POST ${path}`] = { status: 409, title: 'Not now', detail };
      await page.click('[data-undo]');
      await page.waitForSelector(`.notice-bad:has-text("${detail}")`);
    }));

  it('stays in the list when it is withdrawn, struck through', () => {
    const withdrawn = (now) =>
      rooms(now).map((room) => {
        if (room.id !== '3') return room;
        const events = room.session.events.map((event) =>
          event.n === 2 ? { ...event, withdrawn: { by: 'TJ', at: now } } : event,
        );
        return { ...room, session: { ...room.session, events } };
      });
    return at('#/room/3', { rooms: withdrawn }, async (page) => {
      await page.waitForSelector('[data-withdrawn=TJ] s:has-text("Ketamine started")');
      await page.waitForSelector('[data-withdrawn]:has-text("withdrawn by TJ")');
    });
  });
});
