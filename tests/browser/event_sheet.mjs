// The sheet in which staff record what happened.
//
//   node --test event_sheet.mjs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { alert, PROFILE, room, session } from './fixture.mjs';
import { apart, boxes, PHONE, STATION, until, violations } from './screen.mjs';
import { at, openSheet, WALL } from './visit.mjs';

const SIZES = { wall: WALL, station: STATION, phone: PHONE };
const EVENTS = (room) => `POST sessions/s-${room}/events`;

describe('the event sheet', { concurrency: false }, () => {
  for (const [name, size] of Object.entries(SIZES)) {
    it(`leaves all three numerals fully visible on a ${name} (52)`, () =>
      at('#/room/3', { size }, async (page) => {
        await openSheet(page);
        const [sheet] = await boxes(page, '[data-testid=record]');
        const numerals = await boxes(page, '.room-numbers .numeral');
        assert.equal(numerals.length, 3);
        for (const numeral of numerals) {
          assert.ok(apart(numeral, sheet), JSON.stringify({ numeral, sheet }));
          assert.ok(numeral.top >= 0 && numeral.bottom <= size.height, JSON.stringify(numeral));
          assert.ok(numeral.left >= 0 && numeral.right <= size.width, JSON.stringify(numeral));
        }
        assert.ok(sheet.bottom <= size.height && sheet.height > 200, JSON.stringify(sheet));
      }));

    it(`has targets of 64 px on a ${name}`, () =>
      at('#/room/3', { size }, async (page) => {
        await openSheet(page);
        for (const tab of ['happened', 'vitals', 'rate', 'limits']) {
          await page.click(`[data-page=${tab}]`);
          const targets = '[data-testid=record] :is(button, input, select)';
          for (const { width, height } of await boxes(page, targets))
            assert.ok(height >= 63.9 && width >= 48, `${tab}: ${width} × ${height}`);
        }
      }));
  }

  it('records a symptom in two taps, and that it is gone in two more', () =>
    at('#/room/3', {}, async (page, clinic) => {
      await page.click('[data-event=record]');
      await page.click('[data-symptom=chest_pain]');
      await page.waitForSelector('.record-said:has-text("Chest pain — recorded")');
      await page.click('[data-symptom=nausea]');
      await page.waitForSelector('.record-said:has-text("Nausea gone — recorded")');
      assert.deepEqual(
        clinic.sent.map(({ body }) => body),
        [
          { type: 'symptom', symptom: 'chest_pain', over: false },
          { type: 'symptom', symptom: 'nausea', over: true },
        ],
      );
    }));

  it('takes a finger that bounces for one tap', () =>
    at('#/room/3', {}, async (page, clinic) => {
      await openSheet(page);
      await page.dblclick('[data-symptom=vomiting]');
      await sleep(300);
      assert.equal(clinic.sent.length, 1);
    }));

  it('does not take a tap that hits what an alert has just moved', () =>
    at('#/room/3', { rooms: (now) => [room(now, '3')] }, async (page, clinic) => {
      await openSheet(page);
      // In the page, the moment that the row is there: from here it might be too late.
      await page.evaluate(() => {
        globalThis.tapped = new Promise((done) => {
          new MutationObserver((_, watcher) => {
            if (document.querySelector('.stack-row') === null) return;
            watcher.disconnect();
            // The frame after the first that has it: no finger is earlier.
            requestAnimationFrame(() =>
              requestAnimationFrame(() => {
                document.querySelector('[data-symptom]').click();
                done();
              }),
            );
          }).observe(document.body, { childList: true, subtree: true });
        });
      });
      clinic.send({ type: 'alert', room: '3', alert: alert(Date.now(), '3') });
      await page.evaluate(() => globalThis.tapped);
      await sleep(600);
      assert.equal(clinic.sent.length, 0);
      await page.evaluate(() => document.querySelector('[data-symptom]').click());
      await until(() => clinic.sent.length === 1);
    }));

  it('records scores, vitals, a rate and own limits', () =>
    at('#/room/3', {}, async (page, clinic) => {
      await openSheet(page);
      await page.click('[data-score="moaa_s 4"]');
      await page.waitForSelector('.record-said:has-text("Sedation (MOAA/S) 4 — recorded")');
      await page.click('[data-page=vitals]');
      await page.fill('[name=systolic]', '120');
      await page.fill('[name=diastolic]', '80');
      await page.fill('[name=temp]', '36,8');
      await page.press('[name=temp]', 'Enter');
      await page.waitForSelector('.record-said:has-text("Vitals by hand — recorded")');
      assert.equal(await page.inputValue('[name=systolic]'), '');
      await page.click('[data-page=rate]');
      await page.fill('[name=from]', '20');
      await page.fill('[name=to]', '40');
      await page.press('[name=to]', 'Enter');
      await page.waitForSelector('.record-said:has-text("Rate 20 → 40 mL/h — recorded")');
      await page.click('[data-page=limits]');
      await page.selectOption('[name=condition]', 'hr_low');
      await page.fill('[name=caution]', '40');
      assert.match(await page.textContent('[data-testid=prescriber]'), /say who you are/);
      await page.fill('[name=urgent]', '35');
      await page.fill('[name=reason]', 'athlete');
      await page.press('[name=reason]', 'Enter');
      await page.waitForSelector('.record-said:has-text("Own limits of Heart rate low")');
      await page.selectOption('[name=condition]', 'systolic_high');
      assert.equal(await page.inputValue('[name=caution]'), '170');
      await page.fill('[name=reason]', 'no longer needed');
      await page.click('[value=take-away]');
      await page.waitForSelector('.record-said:has-text("removed")');
      assert.deepEqual(
        clinic.sent.map(({ body }) => body),
        [
          { type: 'score', score: 'moaa_s', value: 4 },
          { type: 'manual_vitals', systolic: 120, diastolic: 80, temp: 36.8 },
          { type: 'rate_change', from: 20, to: 40, unit: 'mL/h' },
          {
            type: 'limits',
            limits: { hr_low: { caution: 40, urgent: 35 } },
            reason: 'athlete',
          },
          { type: 'limits', limits: { systolic_high: null }, reason: 'no longer needed' },
        ],
      );
    }));

  it('says why the server refused, and loses nothing that was typed', () => {
    const detail = 'Systolic 12 is not plausible: check the number.';
    const refusal = { [EVENTS(3)]: { status: 422, title: 'Not accepted', detail } };
    return at('#/room/3', { answers: refusal }, async (page) => {
      await openSheet(page);
      await page.click('[data-page=vitals]');
      await page.fill('[name=systolic]', '12');
      await page.press('[name=systolic]', 'Enter');
      await page.waitForSelector(`.record-said[data-bad]:has-text("${detail}")`);
      assert.equal(await page.inputValue('[name=systolic]'), '12');
      await page.click('[data-page=happened]');
      await page.click('[data-page=vitals]');
      assert.equal(await page.inputValue('[name=systolic]'), '12');
    });
  });

  it('opens with E, holds the focus, and gives it back on Escape', () =>
    at('#/room/3', {}, async (page) => {
      await openSheet(page);
      const inSheet = () =>
        page.evaluate(() => document.activeElement?.closest('[data-testid=record]') !== null);
      assert.ok(await inSheet());
      await page.keyboard.press('Tab');
      assert.ok(await inSheet());
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=record]', { state: 'detached' });
      await sleep(100);
      assert.equal(await page.evaluate(() => document.activeElement?.dataset.event), 'record');
      await page.waitForSelector('[data-testid=room]');
    }));

  it('can be used while the lists of the profile cannot be loaded', () => {
    const missing = { 'GET profiles/ketamine-iv-adult': { status: 503, title: 'Busy' } };
    return at('#/room/3', { answers: missing }, async (page, clinic) => {
      await page.keyboard.press('e');
      await page.waitForSelector('.happened .notice-bad');
      // What is open can still be said to be gone.
      await page.click('[data-symptom=nausea]');
      await page.waitForSelector('.record-said:has-text("Nausea gone")');
      clinic.answers['GET profiles/ketamine-iv-adult'] = PROFILE;
      await page.click('.happened .notice-bad button');
      await page.waitForSelector('[data-symptom=seizure]');
    });
  });
});

it('a baseline that is low is accepted once somebody says that it is known', () => {
  const detail = 'Heart rate 46 is low: accept it as known low, or measure again.';
  const unnamed = 'SpO2 93 is low: name the prescriber who accepts it.';
  const refused = (why) => ({ status: 409, title: 'Baseline not accepted', detail: why });
  const answer = ({ known_low, prescriber }) =>
    known_low !== true ? refused(detail) : prescriber === undefined ? refused(unnamed) : {};
  return at('#/room/10', { answers: { [EVENTS(10)]: answer } }, async (page, clinic) => {
    await page.click('[data-event=accept_baseline]');
    await page.waitForSelector(`[data-testid=known-low]:has-text("${detail}")`);
    await page.check('[name=known_low]');
    await page.click('[data-testid=known-low] [type=submit]');
    await page.waitForSelector(`[data-testid=known-low]:has-text("${unnamed}")`);
    await page.fill('[name=prescriber]', 'N. Weber');
    await page.click('[data-testid=known-low] [type=submit]');
    await page.waitForSelector('[data-testid=known-low]', { state: 'detached' });
    assert.deepEqual(clinic.sent.at(-1).body, {
      type: 'accept_baseline',
      known_low: true,
      prescriber: 'N. Weber',
    });
  });
});

it('a start that is refused says what is missing, and can be made with a reason', () => {
  const detail = 'Start waits: systolic 100 and heart rate 50 or more for 5 minutes.';
  const unmet = ['Heart rate at or above 50 for 5:00 min: now 44'];
  const answer = ({ override }) => (override === undefined ? { status: 409, detail, unmet } : {});
  const ready = (now) => [
    room(now, '3', { session: session(now, '3', { phase: 'ready', started_at: null }) }),
  ];
  const given = { rooms: ready, answers: { [EVENTS(3)]: answer } };
  return at('#/room/3', given, async (page, clinic) => {
    await page.click('[data-event=start]');
    await page.waitForSelector(`.ask-why:has-text("${unmet[0]}")`);
    await page.click('.ask button[type=submit]');
    assert.equal(clinic.sent.length, 1, 'nothing is sent without a reason');
    await page.fill('.ask input', 'seen by Dr Weber');
    await page.click('.ask button[type=submit]');
    await page.waitForSelector('.ask', { state: 'detached' });
    assert.deepEqual(clinic.sent.at(-1).body, {
      type: 'start',
      override: { reason: 'seen by Dr Weber' },
    });
  });
});

it('ending the infusion is asked for, and may have a reason', () =>
  at('#/room/3', {}, async (page, clinic) => {
    await page.click('[data-event=stop]');
    await page.waitForSelector('.ask');
    assert.equal(clinic.sent.length, 0, 'one touch ends nothing');
    await page.click('.ask button[type=submit]');
    await page.waitForSelector('.ask', { state: 'detached' });
    assert.deepEqual(clinic.sent.at(-1).body, { type: 'stop' });
  }));

it('nobody is discharged by one tap while something alarms or is not gone', () => {
  const leaving = (rest) => (now) => [
    { ...room(now, '3'), alerts: [], session: session(now, '3', { phase: 'recovery', ...rest }) },
  ];
  const chestPain = { symptoms: [{ symptom: 'chest_pain', text: 'Chest pain', since: 1 }] };
  return at('#/room/3', { rooms: leaving(chestPain) }, async (page, clinic) => {
    clinic.send({ type: 'alert', room: '3', alert: alert(Date.now(), '3') });
    await page.waitForSelector('.stack-row');
    assert.equal(await page.getAttribute('[data-event=discharge]', 'class'), '');
    await page.click('[data-event=discharge]');
    await page.waitForSelector('.ask-why:has-text("SpO₂ low 84; Chest pain")');
    assert.equal(clinic.sent.length, 0);
    assert.deepEqual(await violations(page), []);
    await page.click('.ask button[type=submit]');
    await until(() => clinic.sent.length === 1);
    assert.deepEqual(clinic.sent[0].body, { type: 'discharge' });
    clinic.show(leaving({ symptoms: [] }));
    await page.click('.go[data-event=discharge]');
    await until(() => clinic.sent.length === 2);
  });
});

it('a second tap where “Seen” was says nothing of what it was', () => {
  const over = (now) => [
    { ...room(now, '3'), alerts: [{ ...alert(now, '3'), id: 'a-3', state: 'latched' }] },
  ];
  return at('#/inbox', { size: PHONE, rooms: over }, async (page, clinic) => {
    await page.click('[data-claim=a-3]');
    await page.waitForSelector('[data-outcome=false_alert]');
    const tap = () => page.evaluate(() => document.querySelector('[data-outcome]').click());
    await tap();
    await sleep(800);
    assert.deepEqual(
      clinic.sent.map(({ path }) => path),
      ['rooms/3/acknowledge'],
    );
    await tap();
    await until(() => clinic.sent.length === 2);
  });
});
