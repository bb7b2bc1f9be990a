// The pages that are fetched when they are opened: the day with its hand-over, a session that is
// over, patients, and what an administrator looks after. In a real browser before a server that is
// not there.
//
//   node --test pages.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  ADMIN,
  answers,
  ARRIVED,
  DATE,
  day,
  EVIL,
  LIST,
  NOON,
  NURSE,
  past,
  PATIENTS,
  rooms,
} from './clinicday.mjs';
import { fake, FAKE_URL } from './fake.mjs';
import {
  boxes,
  collisions,
  launch,
  openPage,
  overflow,
  PHONE,
  STATION,
  tooSmall,
  until,
  violations,
} from './screen.mjs';

const SIZES = {
  wall: { width: 1920, height: 1080 },
  station: STATION,
  tablet: { width: 820, height: 1180 },
  phone: PHONE,
  narrow: { width: 320, height: 640 },
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `use` with one page at `hash` and the clinic behind it. The clinic's time is NOON. */
async function at(hash, { size = STATION, theme = 'dim', me = NURSE, ...rest }, use) {
  const context = await browser.newContext({ viewport: size });
  const page = await openPage(context, theme);
  // The device's clock is right: a wrong one is another test's.
  await page.clock.install({ time: NOON });
  await page.clock.resume();
  const began = Date.now();
  const clinic = await fake(page, {
    rooms: rest.rooms ?? rooms,
    me,
    answers: { ...answers(), ...rest.answers },
    steady: true,
    now: () => NOON + Date.now() - began,
  });
  try {
    await page.goto(`${FAKE_URL}/#/${hash}`);
    await page.waitForSelector('.app[data-link=live]');
    await use(page, clinic);
    assert.deepEqual(page.complaints, []);
  } finally {
    await context.close();
  }
}

const textOf = async (page, selector) =>
  (await page.textContent(selector)).replaceAll(/\s+/g, ' ').trim();
const sent = (clinic, path) => clinic.sent.filter((one) => one.path === path);
const block = (id) => `[data-session="${id}"].day-block`;

/** The colour of what is drawn, as far as it is one: the largest difference of its parts. */
const colourOf = (page, selector, property) =>
  page.$eval(
    selector,
    (one, name) => {
      const parts =
        getComputedStyle(one)
          [name].match(/\d+(\.\d+)?/g)
          ?.slice(0, 3)
          .map(Number) ?? [];
      return Math.max(...parts) - Math.min(...parts);
    },
    property,
  );
/** Greys of the design differ by less. */
const GREY = 24;

describe('the day', { concurrency: false }, () => {
  it('shows each room with its sessions, and now runs through all of them', async () => {
    await at('day', {}, async (page) => {
      await page.waitForSelector(block('d-1'));
      assert.equal(await textOf(page, 'h1'), 'Friday 27 November');
      assert.equal(
        await textOf(page, '.day-counts'),
        '6 in session7 done 1 with an alert1 on hold2 not signed',
      );
      const order = await page.$$eval('.day-row', (all) => all.map((one) => one.dataset.room));
      assert.deepEqual(order, ['1', '2', '3', '4', '5', '6', '7', '8']);
      const [now] = await boxes(page, '.day-now');
      const lines = await boxes(page, '.day-at');
      assert.equal(lines.length, 8);
      for (const line of lines)
        assert.ok(Math.abs(line.left + line.width / 2 - (now.left + now.right) / 2) < 3);
      // What ran before is left of now, what runs is on both sides or ends at it.
      const [before] = await boxes(page, block('d-1'));
      const [running] = await boxes(page, block('s-5'));
      assert.ok(before.right < now.left && running.left < now.left && running.right > now.right);
      assert.match(await textOf(page, block('s-1')), /D\.L\. Ketamine IV.*20:1\d\/40/);
      assert.match(await textOf(page, block('s-4')), /HOLD/);
      assert.match(await textOf(page, '.day-row[data-room="5"] .day-room'), /5TJ/);
    });
  });

  it('gives colour to what is live and needs a person, and to nothing else', async () => {
    for (const theme of ['dim', 'light']) {
      await at('day', { theme }, async (page) => {
        await page.waitForSelector(`${block('s-3')}[data-priority=medium]`);
        assert.ok((await colourOf(page, block('s-3'), 'borderTopColor')) > GREY);
        const shapes = await page.$$eval('.day-alerts .glyph .shape', (all) =>
          all.map((one) => getComputedStyle(one).fill),
        );
        assert.equal(shapes.length, 3);
        for (const fill of shapes) {
          const parts = fill.match(/\d+/g).map(Number);
          assert.ok(Math.max(...parts) - Math.min(...parts) < GREY, fill);
        }
        for (const id of ['d-1', 'd-3', 'd-5', 's-1', 's-4'])
          for (const property of ['borderTopColor', 'backgroundColor', 'color'])
            assert.ok((await colourOf(page, block(id), property)) < GREY, `${id} ${property}`);
      });
    }
  });

  it('opens what runs in its room, and what is over by itself', async () => {
    await at('day', {}, async (page) => {
      await page.waitForSelector(block('d-3'));
      assert.equal(await page.getAttribute(block('s-3'), 'href'), '#/room/3');
      await page.focus(block('d-3'));
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-testid=past]');
      await page.waitForSelector('.past-facts');
      assert.equal(await textOf(page, 'h1'), 'M.R., Ketamine IV');
      assert.equal(await textOf(page, '.past-is'), 'Past, not live');
      assert.match(await textOf(page, '.past-head'), /Left 10:24/);
      const facts = await textOf(page, '.past-facts');
      for (const fact of ['35.5 mg, 71 mL', '118/74, HR 75, SpO₂ 97', '184/104, HR 101, SpO₂ 93'])
        assert.ok(facts.includes(fact), facts);
      await page.waitForSelector('[data-alert="d-3-a1"]');
      assert.match(
        await textOf(page, '[data-alert="d-3-a1"]'),
        /KM took it after 0:21, outcome missing/,
      );
      assert.ok((await textOf(page, '.past-list:last-of-type del')).includes('withdrawn'));
      assert.notEqual(await page.title(), '1', 'what staff wrote is text');
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=central]');
    });
  });

  it('leads to its record in every form, and to the REMS form for esketamine alone', async () => {
    const links = async (page) => {
      await page.waitForSelector('[data-testid=record-files] a');
      return page.$$eval('[data-testid=record-files] a', (all) =>
        all.map((link) => [link.getAttribute('href'), link.target, link.download]),
      );
    };
    const base = '/api/v1/sessions/d-3/';
    const forms = ['record.html', 'record.pdf', 'record.svg', 'record.png', 'record.csv'];
    const others = ['record.csv?table=alerts', 'record.json', 'fhir', 'recording.ndjson'];
    await at('session/d-3', {}, async (page) => {
      const all = await links(page);
      assert.deepEqual(
        all.map(([href]) => href),
        [...forms, ...others].map((form) => base + form),
      );
      // What is shown has a window of its own, so that this one goes on watching.
      for (const [href, target, save] of all)
        assert.ok(target === '_blank' || save.startsWith('d-3'), href);
    });
    const order = { drug: 'esketamine', devices: 3, by: 'LV', at: NOON };
    const answers = { 'GET sessions/d-3': () => ({ ...past(), order }) };
    await at('session/d-3', { answers }, async (page) => {
      const all = await links(page);
      assert.ok(all.some(([href]) => href === `${base}rems.html`));
    });
  });

  it('is signed off by whoever says who they are, with what is open named', async () => {
    let signed_off = null;
    const addenda = [];
    const answers = {
      'GET sessions/d-3': () => ({ ...past(), signed_off, addenda }),
      'POST sessions/d-3/events': (event) => {
        if (event.type === 'sign_off') signed_off = { by: 'KM', name: 'Karla Maier', at: NOON };
        else addenda.push({ n: 9, at: NOON, by: 'KM', text: event.text, after_sign_off: true });
        return {};
      },
    };
    await at('session/d-3', { answers }, async (page, clinic) => {
      await page.waitForSelector('[data-sign]');
      await until(async () =>
        /outcome of an alert missing/.test(await textOf(page, '[data-testid=signing]')),
      );
      await page.click('[data-sign]');
      await page.waitForSelector('[data-sign]', { state: 'detached' });
      assert.match(await textOf(page, '[data-testid=signing]'), /✓ Signed off by KM, 11:4\d/);
      assert.deepEqual(sent(clinic, 'sessions/d-3/events')[0].body, { type: 'sign_off' });
      await page.fill('input[name=note]', 'Called at home: well');
      await page.keyboard.press('Enter');
      await until(async () =>
        /Called at home: well \(after the sign-off\)/.test(
          await textOf(page, '.past-list:not(:has(.past-alert))'),
        ),
      );
    });
  });

  it('is signed off in place once somebody has said who they are, and its record is a tap away', async () => {
    let known = false;
    let signed_off = null;
    const why = 'Say who you are with your PIN or your password.';
    const answers = {
      'GET sessions/d-3': () => ({ ...past(), signed_off }),
      'POST identify': () => {
        known = true;
        return { name: 'Tove Jansson', initials: 'TJ', role: 'nurse', until: NOON + 120_000 };
      },
      'POST sessions/d-3/events': () => {
        if (!known) return { status: 403, title: 'who is it', code: 'needs_identity', detail: why };
        signed_off = { by: 'TJ', name: 'Tove Jansson', at: NOON };
        return {};
      },
    };
    await at('session/d-3', { answers }, async (page, clinic) => {
      await page.waitForSelector('a[href="/api/v1/sessions/d-3/record.html"]');
      await page.click('[data-sign]');
      await page.waitForSelector(`[data-testid=pad-why]:has-text("${why}")`);
      await page.fill('[data-testid=pad] input[name=initials]', 'TJ');
      for (const digit of '4711') await page.click(`[data-digit="${digit}"]`);
      await page.click('[data-digit=Enter]');
      await page.waitForSelector('[data-testid=signing]:has-text("Signed off by TJ")');
      assert.equal(sent(clinic, 'sessions/d-3/events').length, 2);
    });
  });

  it('names whose signature it will be, where somebody else acts', async () => {
    const acting = { name: 'Tove Jansson', initials: 'TJ', role: 'nurse', until: NOON + 120_000 };
    const answers = { 'GET sessions/d-3': { ...past(), signed_off: null } };
    await at('session/d-3', { me: { ...NURSE, acting }, answers }, async (page) => {
      await page.waitForSelector('[data-sign]:has-text("Sign off as TJ")');
    });
  });

  it('of another day shows what was, and no present time', async () => {
    await at('day', {}, async (page) => {
      await page.waitForSelector(block('d-1'));
      await page.click('[aria-label="Day before"]');
      await page.waitForFunction(() => location.hash === '#/day/2026-11-26');
      await page.waitForSelector('[data-today=false]');
      assert.equal(await textOf(page, 'h1'), 'Thursday 26 November');
      assert.equal(await page.locator('.day-now, .day-at').count(), 0);
      assert.match(await textOf(page, '.day-table'), /No session ran on this day/);
      await page.click('.day-nav a:has-text("Today")');
      await page.waitForSelector('[data-today=true]');
    });
  });

  it('never calls another day today, not even while the server has not answered', async () => {
    let answer = () => {};
    const late = new Promise((resolve) => (answer = resolve));
    const answers = { 'GET days/2026-11-26': () => late.then(() => day('2026-11-26')) };
    await at('day/2026-11-26', { answers }, async (page) => {
      await page.waitForSelector('[data-testid=day]');
      assert.equal(await textOf(page, 'h1'), 'Thursday 26 November');
      assert.equal(await page.getAttribute('[data-testid=day]', 'data-today'), null);
      answer();
      await page.waitForSelector('[data-today=false]');
      assert.equal(await textOf(page, 'h1'), 'Thursday 26 November');
    });
  });

  it('says what is not signed, and the missing approval once', async () => {
    await at('day', {}, async (page) => {
      await page.waitForSelector('[data-testid=not-signed] li');
      const lines = await page.$$eval('[data-testid=not-signed] li', (all) =>
        all.map((one) => one.textContent.replaceAll(/\s+/g, ' ').trim()),
      );
      assert.deepEqual(lines, [
        'M.R., Room 3, 10:24TJoutcome of an alert missing',
        'L.G., Room 5, 10:00TJa gate passed with something missing',
      ]);
      assert.match(
        await textOf(page, '.day-unapproved'),
        /1 session with limits that no medical director approved/,
      );
      const href = await page.getAttribute('[data-testid=not-signed] a', 'href');
      assert.equal(href, '#/session/d-3');
    });
  });

  it('is asked for again when a session begins', async () => {
    let asked = 0;
    const counted = { 'GET days/today': () => ((asked += 1), day()) };
    await at('day', { answers: counted }, async (page, clinic) => {
      await page.waitForSelector(block('d-1'));
      const before = asked;
      clinic.show((now) =>
        rooms(now).map((room) =>
          room.id === '6'
            ? {
                ...rooms(now)[0],
                id: '6',
                name: 'Room 6',
                order: 6,
                session: { ...rooms(now)[0].session, id: 's-6' },
              }
            : room,
        ),
      );
      await until(() => asked > before);
    });
  });

  it('says so when it cannot be had, and alerts are still to be seen', async () => {
    const answers = { 'GET days/today': { status: 503, title: 'the disk does not answer' } };
    await at('day', { answers }, async (page) => {
      await page.waitForSelector('.day .notice-bad');
      assert.match(await textOf(page, '.day .notice-bad'), /the disk does not answer/);
      assert.match(await textOf(page, '.elsewhere'), /Needs a person: 1/);
    });
  });
});

describe('the hand-over', { concurrency: false }, () => {
  const told = (page) =>
    page.$$eval('.handover ol > li', (all) => all.map((one) => one.dataset.session));

  it('names giver, receiver and rooms, with what is so at this moment', async () => {
    await at('day', {}, async (page, clinic) => {
      await page.waitForSelector('.handover li');
      await page.fill('input[name=takes]', 'SN');
      assert.equal(await textOf(page, '.handover h2'), 'Handing over, KM to SN');
      assert.equal(await textOf(page, '.handover h2 + p'), 'Rooms 1, 2, 3, 4, 5, 7');
      assert.deepEqual(await told(page), ['s-3', 's-1', 's-2', 'd-3', 's-4', 's-5', 's-7']);
      const three = await textOf(page, '.handover li[data-session=s-3]');
      assert.match(three, /J\.T\. Infusion: 171\/99 \(11:4\d\), HR 75, SpO₂ 97/);
      assert.match(three, /SYS high 171 > 160, 11:4\d, nobody has it/);
      assert.match(
        await textOf(page, '.handover li[data-session=s-2]'),
        /11:20 KM: Escort comes at 12:30/,
      );
      for (const room of ['4', '5', '7']) await page.click(`[data-give="${room}"]`);
      assert.equal(await textOf(page, '.handover h2 + p'), 'Rooms 1, 2, 3');
      assert.deepEqual(await told(page), ['s-3', 's-1', 's-2', 'd-3']);
      // What is told follows the room.
      clinic.show((now) => rooms(now).map((room) => ({ ...room, alerts: [] })));
      await page.waitForSelector('.handover-alert', { state: 'detached' });
    });
  });

  it('is recorded: who has which room from then on', async () => {
    const done = { at: NOON - 600_000, by: 'TJ', to: 'SN', rooms: [{ room: '5', session: 's-5' }] };
    const hand_overs = [done];
    let refuses = true;
    const answers = {
      'GET days/today': () => ({ ...day(), hand_overs }),
      'POST handovers': ({ rooms: given, to }) => {
        if (refuses) return { status: 403, title: 'say who you are', code: 'needs_identity' };
        hand_overs.push({ at: NOON, by: 'KM', to, rooms: given.map((room) => ({ room })) });
        return hand_overs.at(-1);
      },
    };
    await at('day', { answers }, async (page, clinic) => {
      await page.waitForSelector('.handover-done');
      assert.equal(await textOf(page, '.handover-done'), '11:32 TJ to SN: 5');
      // Somebody has had it since, and nobody did anything there after that.
      assert.match(await textOf(page, '.day-row[data-room="5"] .day-room'), /5SN/);
      assert.equal(await page.locator('[data-take]').count(), 0, 'nobody takes it yet');
      await page.fill('input[name=takes]', 'BO');
      for (const room of ['3', '4', '5', '7']) await page.click(`[data-give="${room}"]`);
      assert.equal(await textOf(page, '[data-take]'), 'BO takes 1, 2');
      await page.click('[data-take]');
      await page.waitForSelector('[data-testid=pad]');
      await page.keyboard.press('Escape');
      refuses = false;
      await page.click('[data-take]');
      await until(() => sent(clinic, 'handovers').length === 2);
      assert.deepEqual(sent(clinic, 'handovers')[1].body, { rooms: ['1', '2'], to: 'BO' });
      await page.waitForFunction(() => document.querySelectorAll('.handover-done').length === 2);
      assert.match(await textOf(page, '.day-row[data-room="1"] .day-room'), /1BO/);
    });
  });

  it('is printed alone, with its rooms, its people and its time', async () => {
    await at('day', {}, async (page) => {
      await page.waitForSelector('.handover li');
      await page.fill('input[name=takes]', 'SN');
      let printed = false;
      await page.exposeFunction('printed', () => (printed = true));
      await page.evaluate(() => (globalThis.print = () => globalThis.printed()));
      await page.click('.handover button:has-text("Print")');
      await until(() => printed);
      await page.emulateMedia({ media: 'print' });
      for (const gone of [
        '.day-head',
        '.day-table',
        '.bottom',
        '.handover-ask',
        '[data-testid=not-signed]',
      ])
        assert.equal(await page.isVisible(gone), false, gone);
      assert.equal(await page.isVisible('.handover ol'), true);
      assert.match(
        await textOf(page, '.handover'),
        /Printed 11:4\d\. The numbers are from that moment/,
      );
      const ink = await page.$eval('.handover li p', (one) => getComputedStyle(one).color);
      assert.equal(ink, 'rgb(0, 0, 0)');
    });
  });

  it('hands over no number of before the connection was lost', async () => {
    await at('day', {}, async (page, clinic) => {
      await page.waitForSelector('.handover li');
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]', { timeout: 15_000 });
      const line = await textOf(page, '.handover li[data-session=s-1] p');
      assert.doesNotMatch(line, /122|75|97/);
      assert.match(line, /––/);
    });
  });
});

describe('patients', { concurrency: false }, () => {
  const lists = {
    'GET patients': { patients: PATIENTS },
  };

  it('are found by what is typed, and text of others stays text', async () => {
    await at('patients', { answers: lists }, async (page) => {
      await page.waitForSelector('[data-testid=found] li');
      const first = page.locator('[data-testid=found] li').first();
      assert.match(
        await first.textContent(),
        /M\.R\. Roth, Marlene.*born 1981-04-05 · 4711 · last here 27 November 2026/,
      );
      assert.match(await textOf(page, '[data-testid=found] li >> nth=1'), /<img src=x/);
      const asked = page.waitForRequest(/\/patients\?query=roth%201981$/);
      await page.fill('input[name=query]', 'roth 1981');
      await asked;
      assert.equal(await overflow(page), 0);
      assert.ok(EVIL.includes('\u202e') && !(await page.textContent('.people')).includes('\u202e'));
    });
  });

  it('show their course and what the earlier sessions were like', async () => {
    await at('patients/p-1', {}, async (page) => {
      await page.waitForSelector('.past-table');
      assert.match(
        await textOf(page, '.courses'),
        /Ketamine IV, adult: 3 of 6 since 13 November 2026, KM/,
      );
      const rows = await page.$$eval('tbody tr', (all) =>
        all.map((one) => [...one.querySelectorAll('td')].map((cell) => cell.textContent.trim())),
      );
      assert.equal(rows.length, 3);
      assert.deepEqual(rows[0], [
        '3',
        '121/76, HR 72, SpO₂ 97',
        '158/91, HR 88, SpO₂ 94',
        '35.5 mg, 71 mL',
        '09:40 KM: Slept through',
      ]);
      assert.match(
        await textOf(page, '.patient-parts'),
        /Baseline of the last session.*For comparison/,
      );
      assert.equal(await page.getAttribute('tbody a', 'href'), '#/session/d-3');
    });
  });

  it('who are announced are checked in to a free room, and to no other', async () => {
    const answers = {
      // The path is the same; what is asked for is in its query.
      'GET patients': { patients: ARRIVED },
      'POST rooms/6/sessions': { status: 201, id: 's-6' },
    };
    await at('patients', { answers }, async (page, clinic) => {
      const announced = page.locator('[data-testid=announced] li').first();
      await announced.waitFor();
      assert.match(
        await announced.textContent(),
        /B\.C\. Conrad, Bea.*arrived 11:20 · at Waiting room/,
      );
      await announced.locator('[data-check-in]').click();
      const form = page.locator('[data-testid=check-in]');
      const offered = await form.locator('select[name=room] option').allTextContents();
      assert.deepEqual(offered, ['Choose…', 'Room 6', 'Room 8']);
      await form.locator('select[name=room]').selectOption('6');
      await form.locator('select[name=profile]').selectOption('ketamine-iv-adult');
      assert.equal(await form.locator('input[name=minutes]').inputValue(), '40');
      assert.match(await form.textContent(), /Limits not approved/, 'what is missing is visible');
      await form.locator('.go').click();
      await page.waitForFunction(() => location.hash === '#/room/6');
      assert.deepEqual(sent(clinic, 'rooms/6/sessions')[0].body, {
        patient: { identity: ARRIVED[0].identity },
        profile: 'ketamine-iv-adult',
        planned_s: 2_400,
      });
    });
  });

  it('who are announced are offered in a free room: for this one first, and by one tap', async () => {
    const [bea] = ARRIVED;
    const of = (given, rest) => ({ ...bea, identity: { ...bea.identity, given }, ...rest });
    const patients = [
      bea,
      of('Cora', { id: 'p-7', initials: 'C.C.', offered_room: '8' }),
      of('Dora', { session: { id: 's-2', room: '2' } }),
      of(EVIL, { initials: 'E.C.' }),
    ];
    const answers = {
      'GET patients': { patients },
      'POST rooms/8/sessions': { status: 201, id: 's-8' },
    };
    await at('room/8', { answers }, async (page, clinic) => {
      const offered = page.locator('[data-testid=start-session] [data-expected]');
      await offered.first().waitFor();
      const names = (await offered.allTextContents()).map((text) => text.slice(0, 17));
      assert.deepEqual(names.slice(0, 2), ['C.C. Conrad, Cora', 'B.C. Conrad, Beab']);
      assert.equal(names.length, 3, 'whoever is in a room is not offered in another');
      await offered.first().click();
      await page.waitForSelector('[data-expected][aria-pressed=true]:has-text("Cora")');
      assert.equal(await page.locator('input[name=initials]').count(), 0);
      await page.selectOption('select[name=profile]', 'ketamine-iv-adult');
      await page.click('[data-testid=start-session] [type=submit]');
      await until(() => sent(clinic, 'rooms/8/sessions').length === 1);
      assert.deepEqual(sent(clinic, 'rooms/8/sessions')[0].body, {
        patient: { id: 'p-7' },
        profile: 'ketamine-iv-adult',
        planned_s: 2_400,
      });
      // A second tap takes it back: then it is somebody by initials alone.
      await offered.first().click();
      await page.waitForSelector('input[name=initials]');
    });
  });

  it('may be planned for as long in a room as on their own page', async () => {
    const answers = { 'GET patients': { patients: ARRIVED } };
    const most = '[name=minutes][max="1440"]';
    await at('room/8', { answers }, (page) => page.waitForSelector(most));
    await at('patients', { answers }, async (page) => {
      await page.click('[data-testid=announced] [data-check-in]');
      await page.waitForSelector(most);
    });
  });

  it('who are in a room lead there, and are not checked in twice', async () => {
    const here = (now) =>
      rooms(now).map((room) =>
        room.id === '3' ? { ...room, session: { ...room.session, patient: { id: 'p-1' } } } : room,
      );
    await at('patients/p-1', { rooms: here }, async (page) => {
      await page.waitForSelector('.patient-head a');
      assert.match(await textOf(page, '.patient-head a'), /has a session in Room 3/);
      assert.equal(await page.locator('[data-check-in]').count(), 0);
    });
  });
});

describe('the administration', { concurrency: false }, () => {
  const admin = (page, use, rest = {}) => at(`admin/${page}`, { me: ADMIN, ...rest }, use);
  const ids = (page) =>
    page.$$eval('.admin-list > li', (all) => all.map((one) => one.dataset.room));

  it('is in the menu of an administrator, and of nobody else', async () => {
    for (const [me, count] of [
      [ADMIN, 1],
      [NURSE, 0],
    ]) {
      await at('central', { me }, async (page) => {
        await page.click('.menu > summary');
        await page.waitForSelector('.menu-items a[href="#/day"]');
        assert.equal(await page.locator('.menu-items a[href="#/admin"]').count(), count);
      });
    }
    await at('admin', { me: NURSE }, async (page) => {
      await page.waitForSelector('.admin .notice-bad');
      assert.match(await textOf(page, '.admin .notice-bad'), /for administrators/);
      assert.equal(await page.locator('.admin-pages').count(), 0);
    });
  });

  it('moves a room by the keyboard, with as few changes as can be, and the focus stays', async () => {
    await admin('rooms', async (page, clinic) => {
      await page.waitForSelector('.admin-list > li');
      await page.focus('[data-room="2"] [data-move=down]');
      await page.keyboard.press('Enter');
      await until(() => clinic.sent.length >= 2);
      assert.deepEqual(clinic.sent, [
        { path: 'rooms/3', body: { order: 2 } },
        { path: 'rooms/2', body: { order: 3 } },
      ]);
      clinic.show((now) =>
        rooms(now).map((room) => ({
          ...room,
          order: { 2: 3, 3: 2 }[room.id] ?? room.order,
        })),
      );
      await until(async () => (await ids(page)).join() === '1,3,2,4,5,6,7,8');
      const focused = await page.evaluate(() =>
        document.activeElement?.closest('[data-room]')?.getAttribute('data-room'),
      );
      assert.equal(focused, '2');
    });
  });

  it('moves a room by dragging it', async () => {
    await admin('rooms', async (page, clinic) => {
      await page.waitForSelector('.admin-list > li');
      await page.dragAndDrop('[data-room="1"] .grip', '[data-room="3"] .grip');
      await until(() => clinic.sent.length >= 3);
      assert.deepEqual(
        clinic.sent.map(({ path, body }) => [path, body.order]),
        [
          ['rooms/2', 1],
          ['rooms/3', 2],
          ['rooms/1', 3],
        ],
      );
    });
  });

  it('renames, adds and removes rooms, and removes none in which something is', async () => {
    await admin('rooms', async (page, clinic) => {
      await page.waitForSelector('.admin-list > li');
      await page.click('[data-room="6"] [data-rename]');
      await page.fill('[data-room="6"] input[name=name]', 'Blue room');
      await page.keyboard.press('Enter');
      await until(() => clinic.sent.length === 1);
      assert.deepEqual(clinic.sent[0], { path: 'rooms/6', body: { name: 'Blue room' } });
      assert.equal(
        await page.isDisabled('[data-room="3"] .admin-acts button:has-text("Remove")'),
        true,
      );
      await page.click('[data-room="6"] .admin-acts button:has-text("Remove")');
      assert.equal(clinic.sent.length, 1, 'it asks first');
      await page.click('[data-room="6"] .sure .go');
      await until(() => clinic.sent.length === 2);
      assert.equal(clinic.keys.length, 2);
      await page.fill('[data-testid=add-room] input[name=id]', '3');
      await page.click('[data-testid=add-room] .go');
      await page.waitForSelector('[data-testid=add-room] .wrong');
      await page.fill('[data-testid=add-room] input[name=id]', '9');
      await page.click('[data-testid=add-room] .go');
      await until(() => clinic.sent.length === 3);
      assert.deepEqual(clinic.sent[2], { path: 'rooms/9', body: {} });
    });
  });

  it('says why a room stays', async () => {
    const answers = {
      'DELETE rooms/6': {
        status: 409,
        title: 'not possible now',
        detail: 'Room 6 is in the configuration: remove it from [[rooms]] there and restart.',
      },
    };
    await admin(
      'rooms',
      async (page) => {
        await page.waitForSelector('.admin-list > li');
        await page.click('[data-room="6"] .admin-acts button:has-text("Remove")');
        await page.click('[data-room="6"] .sure .go');
        await page.waitForSelector('.notice-bad');
        assert.match(await textOf(page, '.notice-bad'), /Room 6 is in the configuration/);
      },
      { answers },
    );
  });

  it('removes a monitor that is in no room', async () => {
    await admin('devices', async (page, clinic) => {
      await page.waitForSelector('[data-device="old-mon"]');
      assert.match(
        await textOf(page, '[data-device="old-mon"]'),
        /hl7-mllp · Disconnected · heard/,
      );
      assert.equal(await page.locator('[data-device="mon-3"] button').count(), 0);
      await page.click('[data-device="old-mon"] button:has-text("Remove")');
      await page.click('[data-device="old-mon"] .sure .go');
      await until(() => sent(clinic, 'devices/old-mon').length === 1);
    });
  });

  it('changes who may sign in, asks before it disables, and keeps no secret on screen', async () => {
    await admin('staff', async (page, clinic) => {
      const karla = '[data-person="Karla Maier"]';
      await page.waitForSelector(karla);
      assert.match(await textOf(page, karla), /KM Karla Maier.*Nurse · PIN/);
      assert.match(await textOf(page, '[data-person="Old Hand"]'), /may not sign in/);
      await page.click(`${karla} [data-change]`);
      assert.equal(await page.isDisabled(`${karla} .go`), true, 'nothing is different yet');
      await page.selectOption(`${karla} select[name=role]`, 'lead');
      await page.fill(`${karla} input[name=pin]`, '9753');
      assert.equal(await page.getAttribute(`${karla} input[name=pin]`, 'type'), 'password');
      await page.click(`${karla} .go`);
      await until(() => clinic.sent.length === 1);
      assert.deepEqual(clinic.sent[0], {
        path: 'staff/Karla%20Maier',
        body: { role: 'lead', pin: '9753' },
      });
      await page.waitForSelector(`${karla} input[name=pin]`, { state: 'detached' });
      await page.click(`${karla} .admin-acts button:has-text("Disable")`);
      assert.equal(clinic.sent.length, 1);
      await page.click(`${karla} .sure .go`);
      await until(() => clinic.sent.length === 2);
      await page.click('[data-person="Old Hand"] [data-enable]');
      await until(() => clinic.sent.length === 3);
      assert.deepEqual(clinic.sent[2].body, { active: true });
      const add = '[data-testid=add-person]';
      await page.fill(`${add} input[name=name]`, 'Eva Nowak');
      await page.fill(`${add} input[name=password]`, 'snow in the garden');
      await page.click(`${add} .go`);
      await until(() => clinic.sent.length === 4);
      assert.deepEqual(clinic.sent[3].body, {
        name: 'Eva Nowak',
        role: 'nurse',
        password: 'snow in the garden',
      });
      await until(async () => (await page.inputValue(`${add} input[name=password]`)) === '');
      await page.click('[data-program=pager] button');
      await page.click('[data-program=pager] .sure .go');
      await until(() => sent(clinic, 'tokens/pager').length === 1);
    });
  });

  it('keeps what was typed when it is refused, and says which rule', async () => {
    const answers = {
      'POST staff': {
        status: 422,
        title: 'a password has at least 10 characters',
        field: 'password',
      },
    };
    await admin(
      'staff',
      async (page) => {
        const add = '[data-testid=add-person]';
        await page.waitForSelector(add);
        await page.fill(`${add} input[name=name]`, 'Eva Nowak');
        await page.fill(`${add} input[name=password]`, 'short');
        await page.click(`${add} .go`);
        await page.waitForSelector('.notice-bad');
        assert.match(await textOf(page, '.notice-bad'), /at least 10 characters/);
        assert.equal(await page.inputValue(`${add} input[name=name]`), 'Eva Nowak');
      },
      { answers },
    );
  });

  it('shows what the hospital did not take, why, and sends it again', async () => {
    await admin('sent', async (page, clinic) => {
      await page.waitForSelector('[data-destination="Archive"]');
      const archive = '[data-destination="Archive"]';
      assert.match(await textOf(page, archive), /3 sessions are waiting/);
      assert.match(await textOf(page, `${archive} .notice-bad`), /Not reached since .*10:02/);
      const record = '[data-destination="Ward record"]';
      assert.match(await textOf(page, record), /Nothing is waiting.*arrived .*11:40/s);
      assert.match(
        await textOf(page, '[data-message="17"]'),
        /no patient.*tried 5 times · a correc/s,
      );
      assert.equal(await page.getAttribute('[data-message="17"] a', 'href'), '#/session/d-3');
      await page.click('[data-message="17"] button');
      await until(() => sent(clinic, 'outbound/17/again').length === 1);
    });
    await admin('sent', (page) => page.waitForSelector('text=Nothing is sent anywhere yet'), {
      answers: { 'GET outbound': { outbound: [] } },
    });
  });

  it('edits, orders, adds and removes the lines of a list, and saves them as one', async () => {
    const answers = {
      'PUT lists/medications': (body) => ({ ...LIST, version: 5, items: body.items }),
    };
    await admin(
      'lists',
      async (page, clinic) => {
        await page.waitForSelector('[data-line="2"]');
        assert.equal(await page.isDisabled('.admin-save .go'), true);
        await page.focus('[data-line="2"] [data-move=up]');
        await page.keyboard.press('Enter');
        assert.equal(await page.inputValue('[data-line="1"] input[name=drug]'), 'oxygen');
        await page.click('[data-line="2"] [data-remove]');
        await page.click('[data-add]');
        await page.fill('[data-line="2"] input[name=drug]', 'labetalol');
        await page.fill('[data-line="2"] input[name=doses]', '5, x');
        await page.click('.admin-save .go');
        await page.waitForSelector('[data-line="2"][data-wrong] .wrong');
        assert.match(await textOf(page, '.wrong'), /“x” is not a dose/);
        assert.equal(clinic.sent.length, 0);
        await page.fill('[data-line="2"] input[name=doses]', '5, 10');
        await page.click('.admin-save .go');
        await until(() => clinic.sent.length === 1);
        assert.deepEqual(clinic.sent[0].body, {
          version: 4,
          items: [
            LIST.items[0],
            LIST.items[2],
            { drug: 'labetalol', doses: [5, 10], unit: 'mg', route: 'iv' },
          ],
        });
        await page.waitForSelector('.admin-save .go:disabled');
        await page.click('[data-list=checklist]');
        await page.waitForSelector('.admin-text input');
        assert.equal(
          await page.inputValue('[data-line="0"] input[name=text]'),
          'Call bell in reach',
        );
      },
      { answers },
    );
  });

  it('says who changed a list meanwhile, and at which line a bound is', async () => {
    let answer = {
      status: 422,
      title: 'items[1].unit must have at most 20 characters',
      field: 'items[1].unit',
    };
    await admin(
      'lists',
      async (page) => {
        await page.waitForSelector('[data-line="2"]');
        await page.fill('[data-line="1"] input[name=unit]', 'spoonfuls');
        await page.click('.admin-save .go');
        await page.waitForSelector('[data-line="1"][data-wrong]');
        assert.match(await textOf(page, '[data-line="1"] .wrong'), /at most 20 characters/);
        answer = {
          status: 409,
          title: 'not possible now',
          detail:
            'The list is at version 5 by Bo Olsen, not 4: read it again and make your change there.',
        };
        await page.fill('[data-line="1"] input[name=unit]', 'mL');
        await page.click('.admin-save .go');
        await page.waitForSelector('.admin-lines .notice-bad');
        assert.match(await textOf(page, '.admin-lines .notice-bad'), /version 5 by Bo Olsen/);
        assert.equal(await page.inputValue('[data-line="1"] input[name=unit]'), 'mL', 'kept');
        await page.click('.admin-lines .notice-bad button');
        await page.waitForSelector('.admin-lines .notice-bad', { state: 'detached' });
        assert.equal(await page.inputValue('[data-line="1"] input[name=unit]'), 'mg');
      },
      { answers: { 'PUT lists/medications': () => answer } },
    );
  });
});

describe('the station', { concurrency: false }, () => {
  it('names the rooms that run by limits which nobody approved, and leads to the rules', async () => {
    const some = (now) =>
      rooms(now).map((room) =>
        ['2', '3'].includes(room.id)
          ? { ...room, session: { ...room.session, approved: null } }
          : room,
      );
    await at('central', { rooms: some }, async (page) => {
      await page.waitForSelector('[data-testid=not-approved]');
      const said = 'Limits not approved by a medical director: rooms 2, 3';
      assert.equal(await textOf(page, '[data-testid=not-approved]'), said);
      const href = await page.getAttribute('[data-testid=not-approved]', 'href');
      assert.equal(href, '#/rules/ketamine-iv-adult');
      assert.deepEqual(await tooSmall(page), []);
    });
    await at('central', {}, async (page) => {
      await page.waitForSelector('.tile');
      assert.equal(await page.locator('[data-testid=not-approved]').count(), 0);
    });
  });
});

describe('each of these pages', { concurrency: false }, () => {
  const PAGES = ['day', 'session/d-3', 'patients', 'patients/p-1', 'away'];
  const ADMINS = [
    'admin/rooms',
    'admin/devices',
    'admin/staff',
    'admin/lists',
    'admin/sent',
    'admin/channels',
  ];

  for (const hash of [...PAGES, ...ADMINS]) {
    it(`${hash} is whole from a phone to a wall, and axe finds nothing`, async () => {
      const me = ADMINS.includes(hash) ? ADMIN : NURSE;
      for (const [name, size] of Object.entries(SIZES)) {
        for (const theme of ['dim', 'light']) {
          await at(hash, { size, theme, me }, async (page) => {
            await page.waitForSelector(
              '.day-block, .past-facts, .people li, .past-table, .admin-list li, .device, [data-told]',
            );
            const where = `${hash} ${name} ${theme}`;
            assert.equal(await overflow(page), 0, where);
            assert.deepEqual(await tooSmall(page), [], where);
            assert.deepEqual(await collisions(page), [], where);
            if (name !== 'wall') assert.deepEqual(await violations(page), [], where);
          });
        }
      }
    });
  }

  it('is reached by keys from anywhere', async () => {
    await at('room/1', {}, async (page) => {
      await page.waitForSelector('.room-numbers');
      await page.keyboard.press('d');
      await page.waitForSelector('[data-testid=day]');
      await page.keyboard.press('c');
      await page.waitForSelector('[data-testid=central]');
      // Not while somebody types.
      await page.goto(`${FAKE_URL}/#/patients`);
      await page.waitForSelector('input[name=query]');
      await page.fill('input[name=query]', '');
      await page.type('input[name=query]', 'dc');
      assert.equal(await page.evaluate(() => location.hash), '#/patients');
    });
  });

  it('is fetched when the first of them is opened, and not before', async () => {
    await at('central', {}, async (page) => {
      await page.waitForSelector('.tile');
      const asked = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      const isPart = (path) => /\/pages-[^/]*\.js$/.test(path);
      await page.keyboard.press('d');
      await page.waitForSelector('[data-testid=day]');
      assert.equal(asked.filter(isPart).length, 1);
      await page.keyboard.press('c');
      await page.waitForSelector('[data-testid=central]');
      await page.keyboard.press('d');
      await page.waitForSelector('[data-testid=day]');
      assert.equal(asked.filter(isPart).length, 1);
    });
  });
});
