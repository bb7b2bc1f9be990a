// A session from check-in to discharge on its own pages: before the start, while the drug runs, the
// sheet to record on, and before the patient leaves. In a real browser before a server that is not
// there. The numbers are those of the list in the specification of the screens.
//
//   node --test day.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  EVENTS,
  POST,
  SIZES,
  acts,
  bedside,
  identify,
  identifyByPassword,
  last,
  prescribes,
  recorded,
  textOf,
} from './bedside.mjs';
import { rooms } from './course.mjs';
import { alert } from './fixture.mjs';
import {
  apart,
  boxes,
  launch,
  overflow,
  PHONE,
  STATION,
  tooSmall,
  violations,
  until,
} from './screen.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const at = (step, given, use) => bedside(browser, step, given, use);
const show = (clinic, step) => clinic.show((now) => [rooms[step](now)]);

describe('before the start', { concurrency: false }, () => {
  it('is one page of five blocks with the numerals always there', async () => {
    await at('screening', {}, async (page) => {
      await page.waitForSelector('[data-testid=before]');
      const blocks = await page.$$eval('[data-block]', (all) =>
        all.map((one) => one.dataset.block),
      );
      assert.deepEqual(blocks, ['patient', 'order', 'monitor', 'baseline', 'checklist']);
      const values = await page.$$eval('.numeral .value', (all) =>
        all.map((one) => one.textContent),
      );
      assert.deepEqual(values, ['75', '97', '126/80']);
      assert.match(
        await textOf(page, '[data-block=patient]'),
        /Series 3 of 6.*Allergy: penicillin/,
      );
      assert.match(await textOf(page, '.care-limits'), /Limits until the baseline is accepted/);
    });
  });

  it('has on a laptop what is to be tapped in each block, however much stands above it', async () => {
    const allergies = 'penicillin, latex, iodine, plasters and many more things '.repeat(4);
    const talks = (step) => (now) => {
      const room = rooms[step](now);
      room.session.stated &&= { ...room.session.stated, allergies };
      return room;
    };
    for (const [step, buttons] of [
      ['arrived', ['[data-form=patient]', '[data-elsewhere]', '[data-form=order]']],
      ['baseline', ['[data-form=patient]', '[data-check]', '[data-event=accept_baseline]']],
    ])
      await at(talks(step), {}, async (page) => {
        await page.waitForSelector('[data-testid=before]');
        for (const button of buttons) {
          const seen = await page.locator(button).evaluate((one) => {
            const box = one.getBoundingClientRect();
            const block = one.closest('.care-block').getBoundingClientRect();
            return box.top >= block.top && box.bottom <= Math.min(block.bottom, innerHeight);
          });
          assert.ok(seen, `${step} ${button}`);
        }
      });
  });

  it('says no longer why the baseline was not accepted once what was missing is there', async () => {
    const unmet = ['Two BPs at least 2 min apart: one more'];
    const detail = `${unmet[0]}. A prescriber may go on all the same, with a reason (override).`;
    const answers = { [POST]: { status: 409, title: 'not possible now', detail, unmet } };
    await at('screening', { answers }, async (page, clinic) => {
      await page.click('[data-event=accept_baseline]');
      await page.waitForSelector('[data-block=baseline] [data-testid=waive]');
      const seen = await page.locator('[data-testid=waive] .care-buttons').evaluate((one) => {
        const block = one.closest('.care-block').getBoundingClientRect();
        return one.getBoundingClientRect().bottom <= block.bottom;
      });
      assert.ok(seen, 'the way out of it is in sight');
      await page.waitForSelector('.wrong:has-text("one more")');
      await show(clinic, 'ready');
      await page.waitForSelector('[data-testid=waive]', { state: 'detached' });
      await page.waitForSelector('.wrong:has-text("one more")', { state: 'detached' });
    });
  });

  it('asks the prescriber who has looked at a yes who they are, and keeps the answers', async () => {
    const answers = { 'POST identify': prescribes };
    await at('screening', { answers }, async (page, clinic) => {
      await page.click('[data-form=screening]');
      await page.click('[data-answer="food yes"]');
      await page.click('[data-all-no]');
      await page.check('input[name=reviewed]');
      await page.click('.care-form [type=submit]');
      await page.waitForSelector('[data-testid=pad-why]:has-text("A prescriber first says")');
      assert.deepEqual(recorded(clinic), []);
      await identifyByPassword(page);
      const { type, answers, reviewed } = await last(clinic);
      assert.deepEqual([type, answers.food, reviewed], ['screening', true, true]);
    });
  });

  it('names what a form was refused for once, and no field', async () => {
    const item = 'Food in the last 2 hours: yes: a prescriber looks at it';
    const may = 'A prescriber may go on all the same, with a reason';
    const detail = `${item}. ${may} (override).`;
    const answers = { [POST]: { status: 409, title: 'not possible now', detail, unmet: [item] } };
    await at('screening', { answers }, async (page) => {
      await page.click('[data-form=screening]');
      await page.click('[data-all-no]');
      await page.click('.care-form [type=submit]');
      await page.waitForSelector('.care-form .wrong:has-text("Food")');
      assert.equal(await textOf(page, '.care-form .wrong'), `Not recorded. ${item}. ${may}.`);
    });
  });

  it('refuses GO without a baseline and names what it waits for (33)', async () => {
    await at('baseline', {}, async (page) => {
      const needs = page.locator('[data-go=no]');
      await needs.waitFor();
      assert.equal(await needs.isDisabled(), true);
      assert.equal(await needs.textContent(), 'GO needs 2 Order, 4 Baseline, 5 Checklist');
      assert.equal(await page.locator('[data-event=start]').count(), 0);
      const open = await page.$$eval('[data-open-item]', (all) =>
        all.map((one) => one.dataset.openItem),
      );
      assert.deepEqual(open, ['second_check', 'baseline', 'call_button']);
      assert.equal(
        await page.locator('[data-waive]').count(),
        0,
        'nobody starts without a baseline',
      );
    });
  });

  it('starts with one tap on GO, and says what it does not do', async () => {
    await at('ready', {}, async (page, clinic) => {
      const go = page.locator('[data-event=start]');
      await go.waitFor();
      assert.match(
        await textOf(page, '[data-event=start]'),
        /^GOStart the pump at 75 mL\/h, then tap/,
      );
      await go.click();
      assert.deepEqual(await last(clinic), { type: 'start' });
      await page.waitForSelector('.notice:has-text("Start the pump at the pump.")');
      await show(clinic, 'infusing');
      await page.waitForSelector('[data-testid=before]', { state: 'detached' });
      await page.waitForSelector('[data-testid=given]');
    });
  });

  it('holds with the reason, and counts to the next measurement', async () => {
    await at('held', {}, async (page) => {
      await page.waitForSelector('[data-testid=hold]');
      assert.match(
        await textOf(page, '[data-testid=hold]'),
        /^HOLD152\/94Hold: BP above 140\/90.*3:1\d to re-measure, \d\d:\d\d$/,
      );
      assert.equal(await page.locator('[data-event=start]').count(), 0);
    });
  });

  it('asks for a name and a reason before anybody starts all the same', async () => {
    const answers = { 'POST identify': prescribes };
    await at('waits', { answers }, async (page, clinic) => {
      await page.waitForSelector('[data-testid=may]');
      assert.match(
        await textOf(page, '[data-testid=may]'),
        /^A prescriber may start without: .*Prescriber signs…$/,
      );
      await page.click('[data-waive]');
      await page.fill('[data-testid=waive] input[name=reason]', 'usual for him');
      await page.press('[data-testid=waive] input[name=reason]', 'Enter');
      assert.equal(recorded(clinic).length, 0, 'nothing is recorded before there is a name');
      await page.waitForSelector('[data-testid=pad-why]:has-text("A PIN is not enough")');
      await identifyByPassword(page);
      await page.click('[data-testid=waive] [type=submit]');
      assert.deepEqual(await last(clinic), {
        type: 'start',
        override: { reason: 'usual for him' },
      });
    });
  });

  it('lets no nurse sign what a prescriber has to', async () => {
    await at('waits', { answers: { 'POST identify': acts } }, async (page, clinic) => {
      await page.click('[data-acting], .room-live button');
      await identify(page);
      await page.click('[data-waive]');
      await page.fill('[data-testid=waive] input[name=reason]', 'usual for him');
      assert.equal(await page.locator('[data-testid=waive] [type=submit]').count(), 0);
      await page.waitForSelector('[data-testid=waive]:has-text("A prescriber first says who")');
      assert.deepEqual(recorded(clinic), []);
    });
  });

  it('shows what the gate that refuses says, in its words', async () => {
    const unmet = ['Escort: name and phone: name and phone'];
    const answers = {
      [POST]: { status: 409, title: 'not possible now', detail: '1 item is open.', unmet },
    };
    await at('arrived', { answers }, async (page, clinic) => {
      await page.click('[data-form=patient]');
      await page.check('input[name=name]');
      await page.check('input[name=birth_date]');
      await page.fill('input[name=weight_kg]', '70,5');
      await page.click('[data-testid=care-form] [type=submit]');
      assert.deepEqual(await last(clinic), {
        type: 'check_in',
        identifiers: ['name', 'birth_date'],
        weight_kg: 70.5,
      });
      await page.waitForSelector(`[data-testid=care-form]:has-text("${unmet[0]}")`);
      await page.fill('input[name=override]', 'taxi is ordered');
      await page.press('input[name=override]', 'Enter');
      const { override } = await last(clinic, 2);
      assert.deepEqual(override, { reason: 'taxi is ordered' });
    });
  });

  it('asks every question of the screening, and answers none by itself', async () => {
    await at('screening', {}, async (page, clinic) => {
      await page.click('[data-form=screening]');
      assert.equal(await page.locator('[data-answer][aria-pressed=true]').count(), 0);
      await page.click('[data-answer="heart yes"]');
      await page.click('[data-all-no]');
      assert.equal(await page.locator('[data-answer="heart yes"][aria-pressed=true]').count(), 1);
      await page.click('[data-testid=care-form] [type=submit]');
      const { type, answers, reviewed } = await last(clinic);
      assert.deepEqual([type, reviewed], ['screening', undefined]);
      assert.equal(answers.heart, true);
      assert.equal(Object.values(answers).filter((answer) => !answer).length, 12);
    });
  });

  it('ticks an item with one tap, and cannot tick what is measured', async () => {
    await at('baseline', { answers: { 'POST identify': acts } }, async (page, clinic) => {
      await page.click('[data-item=call_button]');
      assert.deepEqual(await last(clinic), { type: 'check', item: 'call_button' });
      assert.equal(await page.locator('button[data-item=two_pressures]').count(), 0);
      assert.equal(await page.locator('button[data-item=no_hold]').count(), 0);
      await page.click('[data-check=second_check]');
      await page.waitForSelector('[data-testid=pad-why]:has-text("somebody else checks it")');
      await identify(page);
      assert.deepEqual(await last(clinic, 2), { type: 'check', item: 'second_check' });
    });
  });

  it('is not ready for the baseline while another block waits, and a lead may go on', async () => {
    const unmet = ['HR and SpO2 good for 2 min'];
    const answers = {
      'POST identify': () => acts({ initials: 'LB', role: 'lead' }),
      [POST]: (event) =>
        event.override === undefined
          ? { status: 409, title: 'not possible now', detail: '1 item is open.', unmet }
          : {},
    };
    await at('unmeasured', { answers }, async (page, clinic) => {
      const accept = page.locator('[data-event=accept_baseline]');
      await accept.waitFor();
      assert.doesNotMatch(await accept.getAttribute('class'), /go/);
      await accept.click();
      await page.waitForSelector('[data-testid=waive]');
      assert.match(
        await textOf(page, '[data-testid=waive]'),
        /Accept the baseline without: HR and SpO₂ good for 2 min\..*nurse lead/,
      );
      await page.fill('[data-testid=waive] input[name=reason]', 'the clip comes with the pump');
      await page.click('[data-testid=waive] .go');
      await identify(page, 'LB');
      await page.click('[data-testid=waive] [type=submit]');
      assert.deepEqual(await last(clinic, 2), {
        type: 'accept_baseline',
        override: { reason: 'the clip comes with the pump' },
      });
    });
  });

  it('lets nobody check what they have entered themselves', async () => {
    const answers = { 'POST identify': () => acts({ name: 'K. Maier', initials: 'KM' }) };
    await at('baseline', { answers }, async (page, clinic) => {
      await page.click('[data-check=second_check]');
      await identify(page, 'KM');
      await page.waitForSelector('.care-before .wrong:has-text("KM entered the order")');
      assert.deepEqual(recorded(clinic), []);
    });
  });

  it('computes an order while it is typed', async () => {
    await at('baseline', {}, async (page) => {
      await page.click('[data-form=order]');
      assert.equal(await textOf(page, '[data-testid=follows]'), '35 mg, 75 mL/h at the pump');
      await page.fill('input[name=minutes]', '50');
      assert.equal(await textOf(page, '[data-testid=follows]'), '35 mg, 60 mL/h at the pump');
    });
  });

  it('says what was recorded without moving a block or GO', async () => {
    await at('baseline', {}, async (page) => {
      const kept = '[data-block], .numeral, .care-side > :not(.care-scroll), .actions';
      const before = await boxes(page, kept);
      await page.click('[data-block=checklist] button:has-text("Call button shown")');
      await page.waitForSelector('.notice:has-text("recorded")');
      assert.deepEqual(await boxes(page, kept), before);
    });
  });

  it('orders devices of a spray by one tap', async () => {
    const nasal = (now) => {
      const shown = rooms.baseline(now);
      const profile = 'esketamine-nasal-adult';
      return { ...shown, session: { ...shown.session, profile, order: null } };
    };
    await at(nasal, {}, async (page, clinic) => {
      await page.click('[data-form=order]');
      assert.match(await textOf(page, '[data-devices="2"][aria-pressed=true]'), /56 mg: 2 devices/);
      await page.click('[data-devices="3"]');
      assert.match(await textOf(page, '[data-devices="3"]'), /84 mg: 3 devices.*5 min between/);
      await page.fill('input[name=ordered_by]', 'Dr D.P.');
      await page.click('.care-form [type=submit]');
      const order = { type: 'order', mg: 84, ordered_by: 'Dr D.P.' };
      assert.deepEqual(await last(clinic), order);
    });
  });

  it('ends a session that does not take place, with a reason', async () => {
    await at('held', {}, async (page, clinic) => {
      await page.click('.care-buttons [data-event=abort]');
      await page.fill('.care-waive input[name=reason]', 'BP stays high');
      await page.click('.care-waive [type=submit]');
      assert.deepEqual(await last(clinic), { type: 'abort', reason: 'BP stays high' });
    });
  });

  it('asks a session whose paperwork is kept elsewhere only what the room measures', async () => {
    await at('elsewhere', {}, async (page) => {
      await page.waitForSelector('[data-event=start]');
      assert.match(await textOf(page, '[data-event=start]'), /2 of 2 ready/);
      assert.match(await textOf(page, '[data-block=patient]'), /kept elsewhere/);
    });
  });
});

describe('while the drug runs', { concurrency: false }, () => {
  it('says what was given by now, and what was gone on without', async () => {
    await at('infusing', {}, async (page) => {
      await page.waitForSelector('[data-testid=given]');
      assert.match(
        await textOf(page, '[data-testid=given]'),
        /15\.8 mg 0\.23 mg\/kg22\.5 mL45 % of the order75 mL\/hbag empty \d\d:\d\d/,
      );
      assert.match(
        await textOf(page, '[data-waived=start]'),
        /SN \d\d:\d\d went on without: Call button shown — sits beside her/,
      );
    });
  });

  it('opens the rate with the present one', async () => {
    await at('infusing', {}, async (page) => {
      await page.click('[data-event=record]');
      await page.click('[data-page=rate]');
      assert.equal(await page.inputValue('[data-testid=rate-change] input[name=from]'), '75');
    });
  });

  it('says at a pause that the pump is not touched', async () => {
    await at('infusing', {}, async (page, clinic) => {
      await page.click('[data-event=pause]');
      assert.deepEqual(await last(clinic), { type: 'pause' });
      await page.waitForSelector('.notice:has-text("recorded. Pause the pump at the pump.")');
    });
  });

  it('lets the next spray wait for its five minutes', async () => {
    await at('spraying', {}, async (page) => {
      const spray = page.locator('[data-event=spray]');
      await spray.waitFor();
      assert.equal(await spray.isDisabled(), true);
      assert.match(await textOf(page, '[data-testid=given]'), /Device 2 of 3in [12]:\d\d/);
    });
  });
});

describe('the sheet', { concurrency: false }, () => {
  const medicate = async (page) => {
    await page.click('[data-event=record]');
    await page.click('[data-page=medication]');
    await page.waitForSelector('[data-dose="ondansetron 4"]');
  };

  it('records a medicine in two taps, after a PIN, and takes it back (32)', async () => {
    const n = 7;
    const event = { n, at: Date.now(), type: 'medication', by: 'TJ', text: 'Ondansetron 4 mg IV' };
    const answers = {
      'POST identify': acts,
      [POST]: () => ({ id: 's-3', recorded: true, events: [event] }),
    };
    await at('infusing', { answers }, async (page, clinic) => {
      await medicate(page);
      assert.match(await textOf(page, '.medications'), /Allergy: penicillin/);
      await page.click('[data-dose="ondansetron 4"]');
      assert.equal(recorded(clinic).length, 0);
      await identify(page);
      assert.deepEqual(await last(clinic), {
        type: 'medication',
        drug: 'ondansetron',
        dose: 4,
        unit: 'mg',
        route: 'iv',
      });
      await page.click(`[data-undo="${n}"]`);
      assert.deepEqual(await last(clinic, 2), { type: 'correct', event: n });
      await page.click('[data-dose="midazolam 1"]');
      assert.equal((await last(clinic, 3)).drug, 'midazolam', 'no PIN again within two minutes');
    });
  });

  it('records nothing when the pad is closed without a name', async () => {
    await at('infusing', {}, async (page, clinic) => {
      await medicate(page);
      await page.click('[data-dose="ondansetron 4"]');
      await page.waitForSelector('[data-testid=pad]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
      await page.click('[data-page=care]');
      await page.click('[data-oxygen="2"]');
      assert.deepEqual(await last(clinic), { type: 'oxygen', flow_l_min: 2, device: 'nasal' });
      assert.equal(recorded(clinic).length, 1);
    });
  });

  it('dates an entry by a chip, and the next one is now again', async () => {
    await at('infusing', {}, async (page, clinic) => {
      await page.click('[data-event=record]');
      await page.click('[data-when="5"]');
      await page.click('[data-symptom=nausea]');
      const { occurred_at } = await last(clinic);
      const ago_s = (Date.now() - occurred_at) / 1_000;
      assert.ok(ago_s > 290 && ago_s < 330, `${ago_s} s ago`);
      await page.waitForSelector('[data-when="0"][aria-pressed=true]');
    });
  });

  it('covers none of the numerals, at any size (52)', async () => {
    for (const [name, size] of Object.entries(SIZES))
      await at('infusing', { size }, async (page) => {
        await medicate(page);
        const [sheet] = await boxes(page, '.record');
        const numerals = await boxes(page, '.numeral');
        assert.equal(numerals.length, 3);
        for (const numeral of numerals) assert.ok(apart(sheet, numeral), name);
      });
  });

  it('keeps what is typed while the line is down, and sends it once', async () => {
    await at('infusing', {}, async (page, clinic) => {
      await page.click('[data-event=record]');
      await page.waitForSelector('[data-symptom=nausea]');
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]', { timeout: 15_000 });
      await page.click('[data-symptom=nausea]');
      await page.waitForSelector('[data-testid=kept]:has-text("1 entry is kept on this device")');
      assert.equal(recorded(clinic).length, 0);
      clinic.silent = false;
      await page.waitForSelector('.app[data-link=live]', { timeout: 30_000 });
      const sent = await last(clinic);
      assert.deepEqual([sent.type, sent.symptom], ['symptom', 'nausea']);
      assert.ok(Date.now() - sent.occurred_at > 0, 'with the time at which it was typed');
      await page.waitForSelector('[data-testid=kept]', { state: 'detached' });
      assert.equal(await page.evaluate(() => localStorage.getItem('dripwatch.kept')), '[]');
      assert.equal(recorded(clinic).length, 1);
    });
  });

  it('sends an entry whose answer was lost under the same key again', async () => {
    let isThere = false;
    const answers = { [POST]: () => (isThere ? {} : { status: 503, title: 'busy' }) };
    await at('infusing', { answers }, async (page, clinic) => {
      await page.evaluate(() =>
        localStorage.setItem(
          'dripwatch.kept',
          JSON.stringify([
            {
              key: 'k-1',
              session: 's-3',
              by: 'KM',
              what: 'Nausea',
              at: Date.now(),
              event: { type: 'symptom', symptom: 'nausea', over: false },
            },
          ]),
        ),
      );
      await page.reload();
      await until(() => clinic.keys.filter((key) => key === 'k-1').length >= 1);
      isThere = true;
      clinic.restart('again');
      await page.waitForFunction(() => localStorage.getItem('dripwatch.kept') === '[]');
      const keys = new Set(clinic.keys.filter((_, n) => clinic.sent[n].path === EVENTS));
      assert.deepEqual([...keys], ['k-1']);
    });
  });
});

describe('before the patient leaves', { concurrency: false }, () => {
  it('blocks the discharge with what is missing, by name (34)', async () => {
    await at('recovery', {}, async (page, clinic) => {
      const leave = page.locator('[data-event=discharge]');
      await leave.waitFor();
      assert.equal(await leave.isDisabled(), true);
      assert.match(
        await textOf(page, '[data-testid=leave-open]'),
        /^3 open: Stay of 30 min 7:[45]\d · Walks steadily · Escort here$/,
      );
      assert.equal(await page.locator('button[data-item=stay]').count(), 0);
      await page.click('[data-list=seen] button[data-item=walks]');
      assert.deepEqual(await last(clinic), { type: 'check', item: 'walks' });
      assert.match(await textOf(page, '[data-list=seen] [data-item=oriented]'), /KM \d\d:\d\d/);
      await page.click('[data-untick=oriented]');
      assert.deepEqual(await last(clinic, 2), { type: 'check', item: 'oriented', over: true });
    });
  });

  it('lets the patient leave with items open by name and reason alone', async () => {
    await at('recovery', { answers: { 'POST identify': prescribes } }, async (page, clinic) => {
      await page.click('[data-leave-open]');
      assert.match(
        await textOf(page, '[data-testid=waive]'),
        /Leaves without: Stay of 30 min, Walks steadily, Escort here\./,
      );
      await page.fill('[data-testid=waive] input[name=reason]', 'goes on to the ward');
      await page.click('[data-testid=waive] .go');
      await identifyByPassword(page);
      await page.click('[data-testid=waive] [type=submit]');
      assert.deepEqual(await last(clinic), {
        type: 'discharge',
        override: { reason: 'goes on to the ward' },
      });
    });
  });

  it('is on a laptop as high as its window, with an alert above it too', async () => {
    for (const alerts of [[], ['systolic_high'], ['systolic_high', 'bp_overdue']]) {
      const alarmed = (now) => ({
        ...rooms.recovery(now),
        alerts: alerts.map((condition) => alert(now, '3', { id: condition, condition })),
      });
      await at(alarmed, {}, async (page) => {
        await page.waitForSelector('[data-testid=leave]');
        await page.waitForSelector('.trend canvas');
        const over = await page.evaluate(
          () => document.documentElement.scrollHeight - document.documentElement.clientHeight,
        );
        assert.equal(over, 0, `${alerts.length} alerts`);
        await page.click('[data-more]');
        for (const way of await boxes(page, '[data-testid=ways] button'))
          assert.ok(way.bottom <= STATION.height, 'the ways out are in the window');
        assert.equal((await boxes(page, '.care-end')).length, 0);
        await page.click('[data-back]');
        assert.equal((await boxes(page, '.care-end')).length, 1);
      });
    }
  });

  it('keeps what decides in the window, however much is open', async () => {
    const allOpen = (now) => {
      const room = rooms.recovery(now);
      for (const { items } of room.session.gates)
        for (const one of items)
          Object.assign(one, { met: false, detail: 'not yet, and why that is in some words' });
      const tasks = [{ kind: 'bp_due', text: 'BP due', since: now, due: now, alert: null }];
      return { ...room, session: { ...room.session, tasks }, alerts: [alert(now, '3')] };
    };
    for (const size of [STATION, { width: 768, height: 1024 }, SIZES.wall])
      await at(allOpen, { size }, async (page) => {
        await page.click('[data-leave-open]');
        for (const one of await boxes(page, '.care-waive :is(input, button)'))
          assert.ok(one.top >= 0 && one.bottom <= size.height, `${size.width}: ${one.bottom}`);
      });
  });

  it('folds the ticks of the checklist into one row, and marks no paperwork', async () => {
    const entered = (now) => {
      const room = rooms.recovery(now);
      const kinds = ['start', 'stop', 'check', 'check', 'check', 'note'];
      room.session.events = kinds.map((type, n) => ({
        n: n + 1,
        at: now - (10 - n) * 60_000,
        type,
        by: 'KM',
        text: `${type} ${n + 1}`,
      }));
      return room;
    };
    await at(entered, {}, async (page) => {
      await page.waitForSelector('.events [data-folded="3"]');
      assert.equal(await textOf(page, '.events summary'), '3 checklist entries · KM');
      const marked = await page.$$eval('.events [data-marked]', (all) =>
        all.map((one) => one.textContent.trim()),
      );
      assert.deepEqual(marked, ['6', '2', '1']);
      await page.click('.events summary');
      await page.waitForSelector('.events details [data-withdraw="4"]');
    });
  });

  it('discharges with one tap when nothing is open', async () => {
    await at('leaving', {}, async (page, clinic) => {
      await page.click('[data-event=discharge]');
      assert.deepEqual(await last(clinic), { type: 'discharge' });
    });
  });

  it('lists on a phone what is open first, and each item once', async () => {
    await at('recovery', { size: PHONE }, async (page) => {
      await page.waitForSelector('[data-list=open]');
      const shown = await page.$$eval('.care-leave [data-item]', (all) =>
        all.filter((one) => one.checkVisibility()).map((one) => one.dataset.item),
      );
      assert.deepEqual(shown.slice(0, 3), ['stay', 'walks', 'escort_here']);
      assert.equal(new Set(shown).size, shown.length);
      assert.equal(shown.length, 15);
      const [bar] = await boxes(page, '.care-end');
      for (const numeral of await boxes(page, '.numeral')) assert.ok(apart(bar, numeral));
    });
  });
});

describe('every page of the day', { concurrency: false }, () => {
  const STEPS = ['arrived', 'screening', 'held', 'ready', 'infusing', 'spraying', 'recovery'];
  for (const [name, size] of Object.entries(SIZES))
    it(`is large enough to tap, and no wider than its window: ${name}`, async () => {
      for (const step of STEPS)
        await at(step, { size }, async (page) => {
          await page.waitForSelector('.care-block, [data-testid=given]');
          assert.deepEqual(await tooSmall(page), [], step);
          assert.equal(await overflow(page), 0, step);
        });
    });

  for (const theme of ['dim', 'light'])
    it(`has nothing that axe finds wrong: ${theme}`, async () => {
      for (const step of STEPS)
        for (const size of [STATION, PHONE])
          await at(step, { size, theme }, async (page) => {
            await page.waitForSelector('.care-block, [data-testid=given]');
            assert.deepEqual(await violations(page), [], `${step} ${size.width}`);
          });
    });

  it('keeps what saves a form in the window, and why it was not saved', async () => {
    const unmet = Array.from({ length: 13 }, (_, n) => `Question ${n} about health: not asked yet`);
    const answers = {
      [POST]: { status: 409, title: 'not possible now', detail: '13 items are open.', unmet },
    };
    for (const [name, size] of Object.entries({ ...SIZES, portrait: { width: 768, height: 1024 } }))
      await at('screening', { size, answers }, async (page) => {
        await page.click('[data-form=screening]');
        await page.click('[data-testid=care-form] [type=submit]');
        await page.waitForSelector('[data-testid=care-form] .wrong:not(:empty)');
        await page.locator('[data-answer="suicidal no"]').scrollIntoViewIfNeeded();
        const seen = '.care-form > header :is(button, .wrong)';
        for (const one of await boxes(page, seen))
          assert.ok(one.top >= 0 && one.bottom <= size.height, `${name}: ${one.top}`);
        await page.click('[data-answer="suicidal no"]');
      });
  });

  it('can be done by keyboard: a form opens, closes by Escape, and GO is a button', async () => {
    await at('screening', {}, async (page) => {
      await page.focus('[data-form=screening]');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-testid=care-form]');
      await page.focus('[data-answer="heart no"]');
      await page.keyboard.press('Space');
      await page.waitForSelector('[data-answer="heart no"][aria-pressed=true]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=before]');
    });
    await at('ready', {}, async (page, clinic) => {
      await page.focus('[data-event=start]');
      await page.keyboard.press('Enter');
      assert.deepEqual(await last(clinic), { type: 'start' });
    });
  });

  it('records nothing while the server is lost, and shows no amount as given now', async () => {
    await at('ready', {}, async (page, clinic) => {
      await page.waitForSelector('[data-event=start]');
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]', { timeout: 15_000 });
      assert.equal(await page.locator('[data-event=start]').isDisabled(), true);
    });
    await at('infusing', {}, async (page, clinic) => {
      await page.waitForSelector('.care-mg');
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]', { timeout: 15_000 });
      assert.equal(await page.locator('.care-mg').count(), 0);
    });
  });
});
