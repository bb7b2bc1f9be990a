// What a session's pages do beyond the usual way: they ask who it is, lead to another room, show
// what was before and when what is due, and keep their times over midnight and a change of clocks.
// The numbers are those of the list in the specification of the screens.
//
//   node --test treatment.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  acts,
  bedside,
  identify,
  identifyByPassword,
  keys,
  last,
  POST,
  prescribes,
  recorded,
  SIZES,
  textOf,
} from './bedside.mjs';
import { COURSE, rooms } from './course.mjs';
import { MIN, room } from './fixture.mjs';
import { apart, boxes, launch, overflow, tooSmall, until, violations } from './screen.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const at = (step, given, use) => bedside(browser, step, given, use);
const free = (id, rest = {}) => ({
  id,
  name: `Room ${id}`,
  order: Number(id),
  vitals: {},
  devices: [],
  alerts: [],
  session: null,
  ...rest,
});

describe('who does it', { concurrency: false }, () => {
  const why = 'The rate is beyond the order. Say who you are with your PIN or your password.';
  /** Takes what is done by somebody whom `knows` knows. */
  const asking = (code, knows) => {
    let known = false;
    return {
      'POST identify': (body) => {
        known = knows(body);
        return acts();
      },
      [POST]: () => (known ? {} : { status: 403, title: 'who is it', code, detail: why }),
    };
  };

  it('is asked in place, and then it is done once without another tap', async () => {
    const answers = asking('needs_identity', () => true);
    await at('infusing', { answers }, async (page, clinic) => {
      await page.click('[data-event=pause]');
      await page.waitForSelector(`[data-testid=pad-why]:has-text("${why}")`);
      for (const numeral of await boxes(page, '.numeral'))
        for (const pad of await boxes(page, '[data-testid=pad]')) assert.ok(apart(pad, numeral));
      await identify(page);
      await page.waitForSelector('.notice:has-text("Pause the pump at the pump.")');
      assert.deepEqual(recorded(clinic), [{ type: 'pause' }, { type: 'pause' }]);
      const [first, second] = keys(clinic);
      assert.notEqual(first, second, 'under the first key the server would refuse again');
    });
  });

  it('is done by nobody when the pad is closed, and the reason is said', async () => {
    const answers = asking('needs_identity', () => true);
    await at('ready', { answers }, async (page, clinic) => {
      await page.click('[data-event=start]');
      await page.waitForSelector('[data-testid=pad-why]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
      assert.deepEqual(recorded(clinic), [{ type: 'start' }]);
      assert.equal(await page.locator('[data-event=start]').isDisabled(), false);
    });
  });

  it('is asked for a password where a PIN is not enough', async () => {
    const answers = asking('needs_password', ({ password }) => password === 'secret');
    await at('infusing', { answers }, async (page, clinic) => {
      await page.click('[data-event=pause]');
      await page.waitForSelector('[data-testid=pad-why]:has-text("A PIN is not enough")');
      assert.equal(await page.locator('[data-testid=pin]').count(), 0);
      await page.fill('[data-testid=pad] input[name=initials]', 'SN');
      await page.fill('[data-testid=pad] input[name=password]', 'secret');
      await page.press('[data-testid=pad] input[name=password]', 'Enter');
      await last(clinic, 2);
      await page.waitForSelector('.notice:has-text("recorded")');
    });
  });

  it('does nothing in a room that was left before somebody said who they are', async () => {
    const answers = asking('needs_identity', () => true);
    await at('infusing', { answers, others: () => [free('4')] }, async (page, clinic) => {
      await page.click('[data-event=pause]');
      await page.waitForSelector('[data-testid=pad-why]');
      await page.evaluate(() => (location.hash = '#/room/4'));
      await page.waitForSelector('[data-room="4"]');
      await identify(page);
      await page.evaluate(() => (location.hash = '#/room/3'));
      await page.waitForSelector('[data-event=pause]');
      assert.deepEqual(recorded(clinic), [{ type: 'pause' }]);
    });
  });

  it('leaves after what it came for: the next tap is of whoever works here', async () => {
    const told = (clinic) => clinic.sent.filter(({ path }) => path === 'identify').length;
    const isFree = (page) =>
      page.waitForFunction(() => document.querySelector('[data-event=abort]:enabled') !== null);
    // The second check.
    await at('baseline', { answers: { 'POST identify': acts } }, async (page, clinic) => {
      await page.click('[data-check=second_check]');
      await identify(page);
      await last(clinic);
      await isFree(page);
      assert.equal(told(clinic), 2, 'TJ came, and left');
      await page.waitForSelector('.room-live:not(:has-text("TJ acts"))');
    });
    // A prescriber, for what a nurse may not go on without.
    await at('waits', { answers: { 'POST identify': prescribes } }, async (page, clinic) => {
      await page.click('[data-waive]');
      await page.fill('[data-testid=waive] input[name=reason]', 'usual for him');
      await page.click('[data-testid=waive] .go');
      await identifyByPassword(page);
      await page.click('[data-testid=waive] [type=submit]');
      await last(clinic);
      await until(() => told(clinic) === 2);
    });
    // A prescriber, because the server asked for a password.
    const answers = asking('needs_password', () => true);
    await at('infusing', { answers }, async (page, clinic) => {
      await page.click('[data-event=pause]');
      await identifyByPassword(page);
      await last(clinic, 2);
      await until(() => told(clinic) === 2);
    });
    // Who only said with a PIN that they are here works here.
    const pin = asking('needs_identity', () => true);
    await at('infusing', { answers: pin }, async (page, clinic) => {
      await page.click('[data-event=pause]');
      await identify(page);
      await last(clinic, 2);
      await page.waitForSelector('.notice:has-text("Pause the pump at the pump.")');
      assert.equal(told(clinic), 1);
    });
  });

  it('is not asked of a prescriber at their own screen', async () => {
    const me = { name: 'S. Nolan', initials: 'SN', role: 'prescriber' };
    await at('waits', { me }, async (page, clinic) => {
      await page.click('[data-waive]');
      await page.fill('[data-testid=waive] input[name=reason]', 'usual for him');
      await page.click('[data-testid=waive] [type=submit]');
      assert.deepEqual(await last(clinic), {
        type: 'start',
        override: { reason: 'usual for him' },
      });
    });
  });

  it('sends a command again under its key until it is answered (29)', async () => {
    let tries = 0;
    const answers = { [POST]: () => ((tries += 1) < 3 ? { status: 503, title: 'busy' } : {}) };
    await at('infusing', { answers }, async (page, clinic) => {
      await page.click('[data-event=pause]');
      await page.waitForSelector('.notice:has-text("recorded")');
      assert.equal(tries, 3);
      assert.equal(new Set(keys(clinic)).size, 1);
    });
  });
});

describe('another way than the usual one', { concurrency: false }, () => {
  const others = () => [
    free('4', { devices: [{ id: 'mon-4', link: 'up', source: 'network' }] }),
    free('5'),
    room(Date.now(), '6'),
  ];
  const toMove = async (page) => {
    await page.click('[data-more]');
    await page.click('[data-testid=ways] [data-event=move]');
    await page.waitForSelector('[data-testid=move]');
  };

  it('leads to a room that is free, with the monitor where that room has none', async () => {
    await at('infusing', { others }, async (page, clinic) => {
      await toMove(page);
      const offered = await page.$$eval('[data-testid=move] option', (all) =>
        all.map(({ value }) => value).filter(Boolean),
      );
      assert.deepEqual(offered, ['4', '5']);
      await page.selectOption('[data-testid=move] select', '5');
      assert.equal(await page.isChecked('[name=with_monitor]'), true);
      await page.click('[data-testid=move] [type=submit]');
      assert.deepEqual(await last(clinic), { type: 'move', room: '5', with_monitor: true });
      await page.waitForFunction(() => location.hash === '#/room/5');
    });
  });

  it('says whose monitor takes over, or that there is none', async () => {
    await at('infusing', { others }, async (page, clinic) => {
      await toMove(page);
      await page.selectOption('[data-testid=move] select', '4');
      await page.waitForSelector('[data-testid=move]:has-text("mon-4 watches")');
      await page.selectOption('[data-testid=move] select', '5');
      await page.uncheck('[name=with_monitor]');
      await page.waitForSelector('[data-testid=move]:has-text("No monitor is in that room")');
      await page.selectOption('[data-testid=move] select', '4');
      await page.click('[data-testid=move] [type=submit]');
      assert.deepEqual(await last(clinic), { type: 'move', room: '4', with_monitor: false });
    });
  });

  it('says why the server did not move the patient, and stays', async () => {
    const detail = 'Room 5 has a session since 10:12.';
    const answers = { [POST]: { status: 409, title: 'not possible now', detail } };
    await at('infusing', { others, answers }, async (page) => {
      await toMove(page);
      await page.selectOption('[data-testid=move] select', '5');
      await page.click('[data-testid=move] [type=submit]');
      await page.waitForSelector(`[data-testid=ways] .wrong:has-text("${detail}")`);
      assert.equal(await page.evaluate(() => location.hash), '#/room/3');
    });
  });

  it('hands over, or aborts, with a reason only', async () => {
    for (const [way, step] of [
      ['transfer', 'recovery'],
      ['abort', 'infusing'],
    ])
      await at(step, {}, async (page, clinic) => {
        await page.click('[data-more]');
        await page.click(`[data-testid=ways] [data-event=${way}]`);
        await page.click('[data-testid=ways] [type=submit]');
        assert.equal(recorded(clinic).length, 0);
        await page.fill('[data-testid=ways] input[name=reason]', 'chest pain, ambulance');
        await page.click('[data-testid=ways] [type=submit]');
        assert.deepEqual(await last(clinic), { type: way, reason: 'chest pain, ambulance' });
      });
  });

  it('is left by Escape, one step at a time', async () => {
    await at('infusing', {}, async (page) => {
      await page.click('[data-more]');
      await page.click('[data-testid=ways] [data-event=abort]');
      await page.press('[data-testid=ways] input', 'Escape');
      await page.waitForSelector('[data-testid=ways] [data-event=move]');
      await page.press('[data-back]', 'Escape');
      await page.waitForSelector('[data-event=pause]');
    });
  });
});

describe('what was before', { concurrency: false }, () => {
  it('is beside the patient: dose, peak, baseline and remarks of the last time', async () => {
    await at('screening', {}, async (page) => {
      await page.waitForSelector('[data-testid=earlier]');
      const said = await textOf(page, '[data-testid=earlier]');
      assert.match(said, /^Last, \d+ \w+35 mg · peak 148\/88 · HR 86 · SpO₂ 95/);
      assert.match(said, /Baseline then124\/78 · 70 · 97/);
      assert.match(said, /Nausea after 20 min/);
    });
  });

  it('suggests what was normal, and takes nothing of it over', async () => {
    await at('screening', {}, async (page) => {
      await page.waitForSelector('[data-testid=suggested-baseline]');
      assert.match(
        await textOf(page, '[data-testid=suggested-baseline]'),
        /^Last time, .*124\/78 · 70 · 97 not carried over$/,
      );
      assert.match(await textOf(page, '.care-result'), /not yet/);
      assert.equal(await page.locator('[data-testid=suggested-baseline] button').count(), 0);
    });
  });

  it('lies in grey under the trend, and can be another time or none', async () => {
    await at('infusing', {}, async (page, clinic) => {
      const picked = page.locator('select[name=earlier]');
      await picked.waitFor();
      const options = await picked.locator('option').allTextContents();
      assert.equal(options[0], 'none');
      assert.match(options[1], /^2, \d+ \w+$/);
      assert.equal(await picked.inputValue(), 's-2');
      const asked = (id) => clinic.asked.some((path) => path === `sessions/${id}/readings`);
      await until(() => asked('s-2'));
      const inked = () =>
        page.$eval('.plots canvas', (canvas) => {
          const { width, height } = canvas;
          // Right of now there is nothing of today.
          const from = Math.round(width * 0.75);
          const { data } = canvas.getContext('2d').getImageData(from, 0, width - from, height);
          let lit = 0;
          for (let n = 0; n < data.length; n += 4) if (data[n + 1] > 90) lit += 1;
          return lit;
        });
      await until(async () => (await inked()) > 0);
      const withIt = await inked();
      await picked.selectOption('');
      await until(async () => (await inked()) < withIt);
      await picked.selectOption('s-1');
      await until(() => asked('s-1'));
    });
  });

  it('is nothing where the patient was never here, and is asked of nobody then', async () => {
    const unknown = (now) => {
      const shown = rooms.infusing(now);
      return { ...shown, session: { ...shown.session, patient: { initials: 'R.B.' } } };
    };
    await at(unknown, {}, async (page, clinic) => {
      await page.waitForSelector('[data-testid=given]');
      assert.equal(await page.locator('select[name=earlier]').count(), 0);
      assert.equal(clinic.asked.filter((path) => /courses|patients/.test(path)).length, 0);
    });
  });

  it('is not compared when it was another drug', async () => {
    const course = COURSE();
    const sessions = course.sessions.map((one) => ({ ...one, profile: 'infusion' }));
    const answers = { 'GET courses/c-1': { ...course, sessions } };
    await at('infusing', { answers }, async (page, clinic) => {
      await until(() => clinic.asked.includes('courses/c-1'));
      await page.waitForSelector('[data-testid=given]');
      assert.equal(await page.locator('select[name=earlier]').count(), 0);
    });
  });
});

describe('what is due', { concurrency: false }, () => {
  it('is urgent in the words of the rules, before anybody starts', async () => {
    await at('ready', {}, async (page) => {
      await page.waitForSelector('[data-limit=systolic] .care-urgent');
      assert.match(
        await textOf(page, '[data-limit=systolic]'),
        /≤ 95 ≥ 160.*180 or more, confirmed by the next reading within 180 s/,
      );
    });
  });

  it('says that nobody approved the limits before the start', async () => {
    await at('ready', {}, async (page) => {
      await page.waitForSelector('.care-side .unapproved');
    });
  });

  it('is oxygen as oxygen, also from the list of medicines', async () => {
    const list = [{ drug: 'oxygen', unit: 'L/min', route: 'nasal', doses: [2, 4] }];
    const running = (now) => {
      const shown = rooms.infusing(now);
      return { ...shown, session: { ...shown.session, oxygen: { flow_l_min: 2, at: now } } };
    };
    const answers = { 'GET lists/medications': { items: list }, 'POST identify': acts };
    await at(running, { answers }, async (page, clinic) => {
      await page.click('[data-event=record]');
      await page.click('[data-page=medication]');
      await page.click('[data-dose="oxygen 4"]');
      await identify(page);
      assert.deepEqual(await last(clinic), { type: 'oxygen', flow_l_min: 4, device: 'nasal' });
      assert.match(await textOf(page, '[data-drug=oxygen]'), /2 L\/min now/);
      await page.click('[data-dose="oxygen 0"]');
      assert.deepEqual(await last(clinic, 2), { type: 'oxygen', flow_l_min: 0 });
    });
  });

  it('counts the pauses, and the one of now', async () => {
    // Not just three minutes: the page's guess of the server's clock may be a moment off.
    const paused = (at) => {
      const now = at - 4_000;
      const shown = rooms.infusing(at);
      const event = (n, type, ago) => ({ n, at: now - ago * MIN, type, by: 'KM', text: type });
      const events = [
        event(1, 'start', 18),
        event(2, 'pause', 10),
        event(3, 'resume', 8),
        event(4, 'pause', 3),
      ];
      return {
        ...shown,
        session: { ...shown.session, phase: 'paused', phase_since: now - 3 * MIN, events },
      };
    };
    await at(paused, {}, async (page) => {
      await page.waitForSelector('[data-pauses="2"]');
      assert.match(await textOf(page, '[data-pauses]'), /^Paused for 3:0\d, pause 2$/);
    });
  });

  it('names the pressure of 40 minutes and the end of the two hours after a spray', async () => {
    await at('spraying', {}, async (page) => {
      await page.waitForSelector('[data-fixed-bp="40"]');
      assert.match(
        await textOf(page, '[data-testid=times]'),
        /^40-minute BP at \d\d:\d\d, in 3[67]:\d\d ?120 min are over at \d\d:\d\d$/,
      );
    });
  });

  it('asks no more for the pressure of 40 minutes when it was taken a little early', async () => {
    // The pressure is two minutes old.
    const early = (now) => {
      const shown = rooms.spraying(now);
      return { ...shown, session: { ...shown.session, started_at: now - 38 * MIN } };
    };
    await at(early, {}, async (page) => {
      await page.waitForSelector('[data-testid=times]');
      assert.equal(await page.$('[data-fixed-bp]'), null);
    });
  });

  it('is given in sprays no sooner than five minutes apart, and then by one tap', async () => {
    const later = (now) => {
      const shown = rooms.spraying(now);
      const doses = [{ at: now - 5 * MIN - 1_000, mg: 28 }];
      return { ...shown, session: { ...shown.session, doses } };
    };
    await at(later, {}, async (page, clinic) => {
      await page.click('[data-event=spray]');
      assert.deepEqual(await last(clinic), { type: 'spray' });
    });
  });
});

describe('the clock', { concurrency: false }, () => {
  const me = { name: 'KM', initials: 'KM', role: 'nurse', time_zone: 'Europe/Berlin' };
  /** A clinic whose clock began at `moment` when the page was opened. */
  const from = (moment) => {
    const ahead = Date.parse(moment) - Date.now();
    return () => Date.now() + ahead;
  };
  const running = (minutes) => (now) => {
    const shown = rooms.infusing(now);
    const since = now - minutes * MIN;
    const events = [{ n: 1, at: since, type: 'start', by: 'KM', text: 'Infusion started' }];
    return {
      ...shown,
      session: { ...shown.session, phase_since: since, started_at: since, events },
    };
  };

  it('counts what ran over midnight, and dates an entry to before it (50)', async () => {
    const now = from('2026-11-29T23:20:00Z');
    await at(running(30), { me, now }, async (page, clinic) => {
      assert.match(await textOf(page, '.room-head .elapsed'), /^30:0\d/);
      assert.match(await textOf(page, '.room-live'), /00:20:\d\d/);
      assert.match(await textOf(page, '.events'), /23:50/);
      await page.click('[data-event=record]');
      await page.click('[data-when=pick]');
      await page.fill('input[name=when]', '23:55');
      await page.click('[data-symptom=nausea]');
      const { occurred_at } = await last(clinic);
      assert.equal(new Date(occurred_at).toISOString(), '2026-11-29T22:55:00.000Z');
    });
  });

  it('counts an hour that a change of the clocks gives twice, and one that it takes (50)', async () => {
    // 03:00 becomes 02:00 at 01:00 UTC: from 02:30 to 02:30 is an hour.
    const autumn = from('2026-10-25T01:30:00Z');
    await at(running(60), { me, now: autumn }, async (page) => {
      assert.match(await textOf(page, '.room-head .elapsed'), /^60:0\d/);
      assert.match(await textOf(page, '.room-live'), /02:30:\d\d/);
    });
    // 02:00 becomes 03:00 at 01:00 UTC: from 01:50 to 03:10 are twenty minutes.
    const spring = from('2026-03-29T01:10:00Z');
    await at(running(20), { me, now: spring }, async (page) => {
      assert.match(await textOf(page, '.room-head .elapsed'), /^20:0\d/);
      assert.match(await textOf(page, '.room-live'), /03:10:\d\d/);
    });
  });
});

describe('at any size', { concurrency: false }, () => {
  for (const [name, size] of Object.entries(SIZES)) {
    it(`gives the trend a third of the height, and covers no number: ${name}`, async () => {
      for (const step of ['infusing', 'spraying', 'recovery'])
        await at(step, { size }, async (page) => {
          await page.waitForSelector('.trend canvas');
          const [trend] = await boxes(page, '.trend');
          if (size.width > 700)
            assert.ok(trend.height >= size.height / 3, `${step}: ${trend.height} px`);
          for (const numeral of await boxes(page, '.numeral'))
            for (const other of await boxes(page, '.care-given, .trend, .actions'))
              assert.ok(apart(numeral, other), step);
        });
    });

    it(`can be tapped and read on the other ways: ${name}`, async () => {
      await at('infusing', { size, others: () => [free('5')] }, async (page) => {
        await page.click('[data-more]');
        await page.waitForSelector('[data-testid=ways]');
        assert.deepEqual(await tooSmall(page), []);
        await page.click('[data-testid=ways] [data-event=move]');
        await page.selectOption('[data-testid=move] select', '5');
        assert.deepEqual(await tooSmall(page), []);
        assert.equal(await overflow(page), 0);
        for (const theme of ['dim', 'light']) {
          await page.evaluate((chosen) => (document.documentElement.dataset.theme = chosen), theme);
          assert.deepEqual(await violations(page), [], theme);
        }
      });
    });
  }

  it('moves nothing where motion is not wanted', async () => {
    for (const step of ['ready', 'held', 'infusing', 'recovery'])
      await at(step, { motion: 'reduce' }, async (page) => {
        await page.waitForSelector('.care-block, [data-testid=given]');
        const moving = await page.evaluate(() =>
          document.getAnimations().map(({ effect }) => effect.target?.className ?? ''),
        );
        assert.deepEqual(moving, [], step);
      });
  });
});
