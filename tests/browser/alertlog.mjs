// What an alert was, the log of alerts, and what each rule did in a week. In a real browser before a
// server that is not there.
//
//   node --test alertlog.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ADMIN, answers, NOON, NURSE, rooms } from './clinicday.mjs';
import { fake, FAKE_URL } from './fake.mjs';
import { alert, room } from './fixture.mjs';
import {
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
  laptop: STATION,
  portrait: { width: 820, height: 1180 },
  phone: PHONE,
};
const LEAD = { ...ADMIN, role: 'lead' };
const MIN = 60_000;

const logged = (n, rest = {}) => ({
  id: `s-${n}-a1`,
  room: String((n % 8) + 1),
  session: `d-${n}`,
  condition: 'spo2_low',
  profile: 'ketamine-iv-adult@4',
  priority: 'high',
  state: 'resolved',
  text: 'SpO2 low 84, worst 82 (limit 89)',
  value: 84,
  limit: 89,
  worst: 82,
  worst_at: NOON - n * MIN,
  unit: '%',
  raised_at: NOON - n * 61 * MIN,
  taken: { by: 'KM', after_ms: 21_500 },
  ended_at: NOON - n * 61 * MIN + 90_000,
  lasted_ms: 90_000,
  silenced: false,
  outcome: 'sensor_resited',
  said: [{ by: 'KM', at: NOON - n * 61 * MIN + 95_000, outcome: 'sensor_resited' }],
  ...rest,
});

const LOG = {
  alerts: [
    logged(1, {
      said: [
        { by: 'KM', at: NOON - 50 * MIN, outcome: 'false_alert' },
        { by: 'KM', at: NOON - 49 * MIN, outcome: null },
        { by: 'TJ', at: NOON - 48 * MIN, outcome: 'sensor_resited' },
      ],
    }),
    logged(2, { taken: null, outcome: null, said: [], silenced: true }),
    logged(3, {
      room: null,
      session: null,
      condition: 'disk_low',
      priority: 'low',
      text: 'Disk nearly full',
      ended_at: null,
      lasted_ms: null,
      outcome: null,
      said: [],
    }),
    ...Array.from({ length: 22 }, (_, n) => logged(n + 4)),
  ],
  next: '7.s-25-a1',
};

const rule = (condition, count, rest = {}) => ({
  condition,
  profile: 'ketamine-iv-adult',
  count,
  high: count,
  in_sessions: count,
  per_session: count / 20,
  outcomes: { false_alert: 3 },
  with_outcome: 3,
  outcome_missing: count - 3,
  actionable_rate: 0.333,
  taken: count,
  never_taken: 0,
  median_s: 21,
  centile_90_s: 95,
  ...rest,
});

const FIGURES = {
  from: NOON - 4 * 86_400_000,
  to: NOON + 3 * 86_400_000,
  sessions: 20,
  rules: [
    rule('systolic_high', 44),
    rule('spo2_low', 28, { actionable_rate: 0.5 }),
    rule('monitor_lost', 9, { median_s: null, centile_90_s: null, never_taken: 9, taken: 0 }),
    rule('disk_low', 3, { profile: null, actionable_rate: null, with_outcome: 0 }),
  ],
  deserving: [
    ['systolic_high', 29.333],
    ['spo2_low', 14],
    ['monitor_lost', 6],
  ].map(([condition, score]) => ({
    condition,
    profile: 'ketamine-iv-adult',
    count: 44,
    with_outcome: 6,
    not_actionable: 4,
    score,
  })),
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function at(hash, { size = STATION, theme = 'dim', me = NURSE, ...rest }, use) {
  const context = await browser.newContext({ viewport: size });
  const page = await openPage(context, theme);
  await page.clock.install({ time: NOON });
  await page.clock.resume();
  const began = Date.now();
  page.asked = [];
  page.on('request', (request) => page.asked.push(request.url().slice(FAKE_URL.length)));
  const clinic = await fake(page, {
    rooms: rest.rooms ?? rooms,
    me,
    answers: {
      ...answers(),
      'GET alerts/log': LOG,
      'GET alerts/figures': FIGURES,
      ...rest.answers,
    },
    steady: rest.steady ?? true,
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
/** What the log was last asked for. */
const wanted = (page) =>
  new URL(
    page.asked.filter((path) => path.startsWith('/api/v1/alerts/log?')).at(-1) ?? '/none',
    FAKE_URL,
  ).searchParams;

describe('the log of alerts', { concurrency: false }, () => {
  it('says of each who took it after how long, and what was said of it', () =>
    at('alerts-log', {}, async (page) => {
      await page.waitForSelector('[data-alert]');
      const first = await textOf(page, '[data-alert="s-1-a1"]');
      assert.match(first, /SpO₂ low 84, worst 82.*KM after 0:21.*1:30/);
      assert.match(first, /Sensor re-sited — TJ 10:54/);
      assert.match(first, /before: False alert — KM 10:52, taken back — KM 10:53/);
      assert.match(await textOf(page, '[data-alert="s-2-a1"]'), /nobody.*silenced.*not said/);
      assert.match(await textOf(page, '[data-alert="s-3-a1"]'), /Ward.*still there/);
      assert.equal(
        await page.getAttribute('[data-alert="s-4-a1"] a', 'href'),
        '#/session/d-4',
        'its session',
      );
    }));

  it('is narrowed by day, room, rule, outcome and person, and so is its table', () =>
    at('alerts-log', {}, async (page) => {
      await page.waitForSelector('[data-alert]');
      await page.selectOption('select[name=room]', '3');
      await page.selectOption('select[name=condition]', 'hr_high');
      await page.selectOption('select[name=outcome]', 'missing');
      await page.fill('input[name=person]', 'KM');
      await page.fill('input[name=day]', '2026-11-27');
      const expected = { room: '3', condition: 'hr_high', outcome: 'missing', person: 'KM' };
      await until(() => wanted(page).get('from') !== null);
      for (const [name, value] of Object.entries(expected))
        assert.equal(wanted(page).get(name), value);
      const from = Date.parse('2026-11-27T00:00:00Z');
      assert.equal(wanted(page).get('from'), String(from));
      assert.equal(wanted(page).get('to'), String(from + 86_400_000 - 1));
      const csv = new URL(await page.getAttribute('[data-csv]', 'href'), FAKE_URL);
      assert.equal(csv.pathname, '/api/v1/alerts/log.csv');
      for (const [name, value] of Object.entries(expected))
        assert.equal(csv.searchParams.get(name), value);
      assert.equal(csv.searchParams.get('limit'), null, 'all of it');
      await page.click('[data-clear]');
      await until(() => wanted(page).get('room') === null);
    }));

  it('is turned over page by page', () =>
    at('alerts-log', {}, async (page) => {
      await page.waitForSelector('[data-alert]');
      await page.click('[data-page=older]');
      await until(() => wanted(page).get('after') === LOG.next);
      await page.click('[data-page=newer]');
      await until(() => wanted(page).get('after') === null);
    }));

  it('says what is wrong when it cannot be read', () =>
    at(
      'alerts-log',
      { answers: { 'GET alerts/log': { alerts: [], next: null } } },
      async (page) => {
        await page.waitForSelector('text=No alert has been raised yet.');
        await page.selectOption('select[name=room]', '3');
        await page.waitForSelector('text=No alert is like that.');
      },
    ));
});

describe('the alerts of a week', { concurrency: false }, () => {
  it('name the three rules that most deserve another limit, with the way to it', () =>
    at('alerts-week', { me: LEAD }, async (page) => {
      await page.waitForSelector('[data-deserving]');
      const named = await page.$$eval('[data-deserving]', (all) =>
        all.map((one) => one.dataset.deserving),
      );
      assert.deepEqual(named, ['systolic_high', 'spo2_low', 'monitor_lost']);
      const first = '[data-deserving=systolic_high]';
      assert.match(
        await textOf(page, first),
        /About 29\.3 of 44 alerts needed nobody: 4 of the 6 whose outcome was said\./,
      );
      assert.equal(
        await page.getAttribute(`${first} [data-limits]`, 'href'),
        '#/rules/ketamine-iv-adult',
      );
      assert.match(
        await textOf(page, '[data-rule=spo2_low]'),
        /SpO₂ low281\.450 % of 3250:211:350/,
      );
      assert.match(await textOf(page, '[data-rule=disk_low]'), /––/);
      await page.click(`${first} [data-alerts]`);
      await page.waitForSelector('[data-testid=alert-log] [data-alert]');
      assert.equal(wanted(page).get('condition'), 'systolic_high');
      // NOON is a Friday: its week began on Monday the 23rd.
      assert.equal(wanted(page).get('from'), String(Date.parse('2026-11-23T00:00:00Z')));
      assert.equal(wanted(page).get('to'), String(Date.parse('2026-11-30T00:00:00Z') - 1));
    }));

  it('are of the week that is chosen, by its day or step by step', () =>
    at('alerts-week', { me: LEAD }, async (page) => {
      await page.waitForSelector('[data-deserving]');
      const last = () =>
        new URL(page.asked.filter((path) => path.includes('/figures?')).at(-1), FAKE_URL)
          .searchParams;
      const monday = Date.parse('2026-11-23T00:00:00Z');
      assert.equal(last().get('from'), String(monday));
      assert.equal(await page.locator('[data-week=after]').count(), 0, 'the present one is last');
      await page.click('[data-week=before]');
      await until(() => last().get('from') === String(monday - 7 * 86_400_000));
      assert.equal(last().get('to'), String(monday));
      await page.fill('input[name=week]', '2026-11-04');
      await page.dispatchEvent('input[name=week]', 'change');
      await until(() => last().get('from') === String(Date.parse('2026-11-02T00:00:00Z')));
      await page.click('[data-week=this]');
      await until(() => last().get('from') === String(monday));
    }));

  it('say so when nobody needs another limit, and when nothing was raised', async () => {
    const few = { ...FIGURES, deserving: [] };
    await at('alerts-week', { me: LEAD, answers: { 'GET alerts/figures': few } }, (page) =>
      page.waitForSelector('text=None yet: a rule is named here'),
    );
    const none = { ...few, rules: [] };
    await at('alerts-week', { me: LEAD, answers: { 'GET alerts/figures': none } }, (page) =>
      page.waitForSelector('text=No alert was raised in this week.'),
    );
  });

  it('are in the menu of a lead, and not in that of a nurse', async () => {
    for (const [me, count] of [
      [LEAD, 1],
      [NURSE, 0],
    ])
      await at('central', { me }, async (page) => {
        await page.click('.menu summary');
        await page.waitForSelector('.menu a[href="#/alerts-log"]');
        assert.equal(await page.locator('.menu a[href="#/alerts-week"]').count(), count);
      });
  });
});

describe('both pages', { concurrency: false }, () => {
  for (const hash of ['alerts-log', 'alerts-week'])
    it(`${hash} is whole from a phone to a wall, and axe finds nothing`, async () => {
      for (const [name, size] of Object.entries(SIZES))
        for (const theme of ['dim', 'light'])
          await at(hash, { size, theme, me: LEAD }, async (page) => {
            await page.waitForSelector('[data-alert], [data-rule]');
            const where = `${hash} ${name} ${theme}`;
            assert.equal(await overflow(page), 0, where);
            assert.deepEqual(await tooSmall(page), [], where);
            assert.deepEqual(await collisions(page), [], where);
            assert.deepEqual(await violations(page), [], where);
            if (process.env.SHOTS && theme === 'dim')
              await page.screenshot({ path: `${process.env.SHOTS}/${hash}-${name}.png` });
          });
    });
});

describe('what an alert was', { concurrency: false }, () => {
  const taken = (state) => (now) => [
    room(now, '3', {
      alerts:
        state === 'over'
          ? []
          : [alert(now, '3', { acknowledged: state === 'taken' ? { by: 'KM', at: now } : null })],
    }),
  ];
  const ask = (use, rest = {}) =>
    at('inbox', { size: PHONE, rooms: taken('raised'), ...rest }, async (page, clinic) => {
      await page.waitForSelector('.card[data-room="3"] [data-claim]');
      await page.clock.runFor(1_000);
      await page.click('.card[data-room="3"] [data-claim]');
      await until(() => clinic.sent.length === 1);
      clinic.show(taken('taken'));
      await page.waitForSelector('text=/is going/');
      assert.equal(await page.locator('[data-outcomes]').count(), 0, 'nobody knows yet');
      clinic.show(taken('over'));
      await page.waitForSelector('[data-outcomes="s-3-a1"]');
      await page.clock.runFor(1_000);
      await use(page, clinic);
    });
  const outcomes = (clinic) =>
    clinic.sent.filter(({ path }) => path.endsWith('/outcome')).map(({ body }) => body);

  it('is asked when it is over, said in one tap, and undone within ten seconds', () =>
    ask(async (page, clinic) => {
      await page.click('[data-outcome=false_alert]');
      await page.waitForSelector('[data-outcomes]', { state: 'detached' });
      await page.click('.notice [data-act]');
      await until(() => outcomes(clinic).length === 2);
      assert.deepEqual(outcomes(clinic), [{ outcome: 'false_alert' }, { outcome: null }]);
      // It is asked again.
      await page.waitForSelector('[data-outcomes="s-3-a1"]');
      await page.clock.runFor(1_000);
      await page.click('[data-outcome=sensor_resited]');
      await page.waitForSelector('.notice [data-act]');
      await page.clock.runFor(10_500);
      await page.waitForSelector('.notice [data-act]', { state: 'detached' });
    }));

  it('may be said in words, of what is none of these and of any', async () => {
    await ask(async (page, clinic) => {
      await page.click('[data-outcome=other]');
      await page.fill('input[name=note]', 'sat up to drink');
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(await tooSmall(page), []);
      await page.click('[data-say=other]');
      await until(() => outcomes(clinic).length === 1);
      assert.deepEqual(outcomes(clinic), [{ outcome: 'other', note: 'sat up to drink' }]);
    });
    await ask(async (page, clinic) => {
      await page.click('[data-note]');
      await page.fill('input[name=note]', 'cold finger');
      await page.click('[data-outcome=sensor_resited]');
      await until(() => outcomes(clinic).length === 1);
      assert.deepEqual(outcomes(clinic), [{ outcome: 'sensor_resited', note: 'cold finger' }]);
    });
  });

  it('is brought up once more ten minutes after it was over, and once', () => {
    const due = logged(1, { outcome: null, said: [], ended_at: NOON - 10 * MIN });
    const log = { alerts: [due, logged(2, { outcome: null, ended_at: NOON })], next: null };
    return at('central', { answers: { 'GET alerts/log': log } }, async (page) => {
      await page.waitForSelector('.tile');
      await page.waitForSelector('[data-outcomes="s-1-a1"]', { timeout: 12_000 });
      assert.equal(wanted(page).get('person'), NURSE.initials);
      assert.equal(wanted(page).get('outcome'), 'missing');
      assert.match(await textOf(page, '[data-outcomes]'), /over since 11:32/);
      await page.clock.runFor(1_000);
      await page.click('[data-later]');
      await page.waitForSelector('[data-outcomes]', { state: 'detached' });
      const asked = () => page.asked.filter((path) => path.includes('outcome=missing')).length;
      const before = asked();
      await page.reload();
      await until(() => asked() > before, 12_000);
      await page.waitForTimeout(500);
      assert.equal(await page.locator('[data-outcomes]').count(), 0);
    });
  });
});
