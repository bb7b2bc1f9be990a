// One room at every step of a day, as the server sends it: gates, order, what was given.

import { answers, MIN, PROFILE, room, session } from './fixture.mjs';

const by = (at, rest = {}) => ({ by: 'KM', at, ...rest });

export const item = (name, text, rest = {}) => ({
  name,
  text,
  met: false,
  measured: false,
  detail: 'not ticked yet',
  until: null,
  by: null,
  at: null,
  ...rest,
});
const met = (name, text, rest = {}) => item(name, text, { met: true, detail: '', ...rest });
const measured = (name, text, rest = {}) => met(name, text, { measured: true, ...rest });

const QUESTIONS = [
  ['high_pressure', 'Uncontrolled high blood pressure'],
  ['heart', 'Chest pain or unstable heart disease'],
  ['aneurysm', 'Aneurysm, AV malformation or brain bleed'],
  ['psychosis', 'Active psychosis or mania'],
  ['substances', 'Alcohol or drugs today, or misuse'],
  ['pregnancy', 'Pregnant or breastfeeding'],
  ['allergy', 'Allergy to ketamine'],
  ['inner_pressure', 'Raised brain or eye pressure'],
  ['liver', 'Severe liver disease'],
  ['medicines', 'New medicine, or a sedative, opioid, stimulant, MAOI or BP drug today'],
  ['food', 'Food in the last 2 hours'],
  ['drink', 'Drink in the last 30 minutes'],
  ['suicidal', 'New suicidal thoughts'],
];

const two = (now, first, second) => [
  { at: now - 7 * MIN, text: first },
  ...(second === undefined ? [] : [{ at: now - 2 * MIN, text: second }]),
];

function before(now, { open = [], values = two(now, '128/78', '126/80'), hold = null } = {}) {
  const is = (name, text, rest) =>
    open.includes(name) ? item(name, text, rest.open) : met(name, text, rest.met);
  const signed = (minutes, detail = '') => by(now - minutes * MIN, { detail });
  return [
    {
      step: 'check_in',
      items: [
        is('identifiers', 'Name and birth date match', {
          met: signed(15, 'both match'),
          open: { detail: 'name and birth date, both' },
        }),
        is('consent', 'Consent on file', { met: signed(15), open: { detail: 'not on file' } }),
        is('series', 'Number in the series', {
          met: signed(15, '3 of 6'),
          open: { detail: 'number in the series is missing' },
        }),
        is('escort', 'Escort: name and phone', {
          met: signed(15, 'D. Brandt'),
          open: { detail: 'name and phone' },
        }),
      ],
    },
    {
      step: 'screening',
      items: QUESTIONS.map(([name, text]) =>
        is(open.includes('screening') ? 'screening' : name, text, {
          met: signed(12, 'no'),
          open: { detail: 'not asked yet' },
        }),
      ).map((one, index) => ({ ...one, name: QUESTIONS[index][0] })),
    },
    {
      step: 'baseline',
      items: [
        is('weight', 'Weight of the last 30 days', {
          met: signed(13, '70 kg'),
          open: { detail: 'none of the last 30 days' },
        }),
        is('two_pressures', 'Two BPs at least 2 min apart', {
          met: { measured: true, values },
          open: {
            measured: true,
            values,
            detail: 'one more, 2 min after the first',
            until: now + 95_000,
          },
        }),
        is('signal', 'HR and SpO2 good for 2 min', {
          met: { measured: true, detail: '118 of 120 s good' },
          open: { measured: true, detail: '40 of 120 s good' },
        }),
        is('awake', 'MOAA/S 5', { met: signed(5, '5'), open: { detail: 'not scored yet' } }),
      ],
    },
    {
      step: 'start',
      items: [
        is('baseline', 'Baseline with a BP', {
          met: { measured: true, detail: '127/79' },
          open: { measured: true, detail: 'not accepted yet' },
        }),
        hold === null
          ? measured('no_hold', 'No reason to hold')
          : item('no_hold', 'No reason to hold', { measured: true, detail: hold }),
        is('order', 'Order: dose, volume, minutes', {
          met: signed(6, '35 mg in 50 mL over 40 min'),
          open: { detail: 'no order yet' },
        }),
        is('second_check', 'Second check of dose and rate', {
          met: by(now - 5 * MIN, { by: 'TJ', detail: '' }),
          open: { detail: 'by another person than who entered the order' },
        }),
        is('kit', 'Emergency kit and oxygen ready', { met: signed(8), open: {} }),
        is('call_button', 'Call button shown', { met: signed(9), open: {} }),
      ],
    },
  ];
}

function leaving(now, open = []) {
  const is = (name, text, rest = {}) =>
    open.includes(name) ? item(name, text) : met(name, text, by(now - 4 * MIN, rest));
  return [
    {
      step: 'discharge',
      items: [
        open.includes('stay')
          ? item('stay', 'Stay of 30 min', {
              measured: true,
              detail: '22 of 30 min',
              until: now + 470_000,
            })
          : measured('stay', 'Stay of 30 min', { detail: '31 of 30 min' }),
        measured('two_pressures', 'Two BPs in range, not rising', {
          values: [
            { at: now - 12 * MIN, text: '138/84' },
            { at: now - 2 * MIN, text: '134/82' },
          ],
        }),
        measured('spo2', 'SpO2 at least 94 on air', { detail: 'lowest of 5 min: 95' }),
        measured('heart_rate', 'HR 50 to 110', { detail: '5 min: 74 to 80' }),
        measured('no_vomiting', 'No vomiting for 15 min', { detail: 'none this session' }),
        measured('none_active', 'No urgent alert active'),
        measured('alerts_closed', 'Alerts closed, each with an outcome', { detail: '1 of 1' }),
        is('awake', 'Awake: MOAA/S 5', { detail: '5' }),
        is('oriented', 'Oriented: person, place, time'),
        is('dissociation', 'Dissociation 0 to 1', { detail: '1' }),
        is('aldrete', 'Aldrete at least 9', { detail: '10' }),
        is('walks', 'Walks steadily'),
        is('iv_removed', 'IV removed'),
        is('instructions', 'Instructions given: no driving until tomorrow'),
        is('escort_here', 'Escort here'),
      ],
    },
  ];
}

const ORDER = (now) => ({
  drug: 'Ketamine',
  mg_per_kg: 0.5,
  weight_kg: 70,
  mg: 35,
  ml: 50,
  minutes: 40,
  ordered_by: 'Dr S.N.',
  rate_ml_h: 75,
  by: 'KM',
  at: now - 6 * MIN,
});

const STATED = {
  series: { number: 3, of: 6 },
  escort: { name: 'D. Brandt', phone: '0170 555 01' },
  allergies: 'penicillin',
  weight_kg: 70,
};

const NONE = {
  stated: null,
  order: null,
  given: null,
  doses: [],
  medications: [],
  oxygen: null,
  adverse_events: [],
  waived: [],
  scores: [],
};

const HOLD = 'Hold: BP above 140/90, measure again after 5 minutes of rest';
const EARLY = { started_at: null, phase_since: 0, events: [], next_nibp_due: null };

const at = (now, phase, rest, of = {}) =>
  room(now, '3', {
    nibp: { systolic: 126, diastolic: 80, taken_at: now - 2 * MIN, received_at: now - 2 * MIN },
    ...of,
    session: session(now, '3', {
      initials: 'R.B.',
      ...(phase === 'infusing' ? {} : EARLY),
      phase,
      phase_since: now - 4 * MIN,
      baseline: { systolic: 127, diastolic: 79, heart_rate: 72, spo2: 97 },
      ...NONE,
      stated: STATED,
      order: ORDER(now),
      patient: { initials: 'R.B.', id: 'p-1', course: 'c-1', number: 3 },
      ...rest,
    }),
  });

const EVERYTHING = [
  ...['identifiers', 'consent', 'series', 'escort', 'screening', 'weight', 'awake', 'order'],
  ...['second_check', 'kit', 'call_button', 'two_pressures', 'signal', 'baseline'],
];

/** By step: what a room is then. */
export const rooms = {
  arrived: (now) =>
    at(now, 'checked_in', {
      baseline: null,
      stated: null,
      order: null,
      gates: before(now, { open: EVERYTHING, values: [] }),
    }),
  screening: (now) =>
    at(now, 'screening', {
      baseline: null,
      order: null,
      gates: before(now, { open: EVERYTHING.slice(4), values: two(now, '128/78') }),
    }),
  baseline: (now) =>
    at(now, 'baseline', {
      baseline: null,
      gates: before(now, { open: ['baseline', 'second_check', 'call_button'] }),
    }),
  /** All of the baseline's own block is there; what the monitor gives is not. */
  unmeasured: (now) =>
    at(now, 'baseline', { baseline: null, gates: before(now, { open: ['signal', 'baseline'] }) }),
  ready: (now) => at(now, 'ready', { gates: before(now) }),
  elsewhere: (now) =>
    at(now, 'ready', {
      stated: null,
      order: null,
      gates: [
        {
          step: 'start',
          items: [
            measured('baseline', 'Baseline with a BP', { detail: '127/79' }),
            measured('no_hold', 'No reason to hold'),
          ],
        },
      ],
    }),
  held: (now) =>
    at(
      now,
      'held',
      {
        gates: before(now, {
          open: ['second_check', 'two_pressures', 'baseline'],
          values: [{ at: now - 108_000, text: '152/94' }],
          hold: HOLD,
        }),
      },
      {
        hr: 81,
        nibp: {
          systolic: 152,
          diastolic: 94,
          taken_at: now - 108_000,
          received_at: now - 108_000,
        },
      },
    ),
  waits: (now) => at(now, 'ready', { gates: before(now, { open: ['kit', 'call_button'] }) }),
  infusing: (now) =>
    at(now, 'infusing', {
      phase_since: now - 18 * MIN,
      started_at: now - 18 * MIN,
      gates: [],
      given: {
        at: now - 2_000,
        mg: 15.75,
        ml: 22.5,
        mg_per_kg: 0.225,
        percent: 45,
        mg_min: 0.875,
        rate_ml_h: 75,
        ends_at: now + 22 * MIN,
        emptied_at: null,
      },
      medications: [
        {
          n: 3,
          at: now - 6 * MIN,
          by: 'KM',
          drug: 'ondansetron',
          dose: 4,
          unit: 'mg',
          route: 'iv',
        },
      ],
      waived: [
        {
          step: 'start',
          items: ['Call button shown'],
          reason: 'sits beside her',
          by: 'SN',
          at: now - 18 * MIN,
        },
      ],
    }),
  spraying: (now) =>
    at(now, 'infusing', {
      profile: 'esketamine-nasal-adult',
      title: 'Esketamine nasal, adult',
      planned_s: 7_200,
      phase_since: now - 3 * MIN,
      started_at: now - 3 * MIN,
      gates: [],
      order: {
        ...ORDER(now),
        drug: 'Esketamine',
        mg: 84,
        ml: null,
        minutes: null,
        rate_ml_h: null,
      },
      given: { at: now - 2_000, mg: 28, percent: 33.3, mg_min: null, ml: null },
      doses: [{ at: now - 3 * MIN, mg: 28 }],
    }),
  recovery: (now) =>
    at(now, 'recovery', {
      started_at: now - 62 * MIN,
      phase_since: now - 22 * MIN,
      next_nibp_due: now + 440_000,
      gates: leaving(now, ['stay', 'walks', 'escort_here']),
      given: { at: now, mg: 35, ml: 50, mg_per_kg: 0.5, percent: 100, emptied_at: null },
    }),
  leaving: (now) =>
    at(now, 'ready_to_leave', {
      started_at: now - 72 * MIN,
      phase_since: now - 32 * MIN,
      gates: leaving(now),
    }),
};

const waits = (name, waived_by, met_by) => ({ name, text: name, waived_by, met_by });
const GATES = [
  {
    step: 'check_in',
    items: [
      waits('identifiers', 'nobody', { stated: { what: 'identifiers' } }),
      waits('consent', 'prescriber', { stated: { what: 'consent' } }),
      waits('series', 'nurse', { stated: { what: 'series' } }),
      waits('escort', 'nurse', { stated: { what: 'escort' } }),
    ],
  },
  {
    step: 'screening',
    items: QUESTIONS.map(([name]) => waits(name, 'prescriber', { question: {} })),
  },
  {
    step: 'baseline',
    items: [
      waits('weight', 'prescriber', { stated: { what: 'weight' } }),
      waits('two_pressures', 'prescriber', { pressures: {} }),
      waits('signal', 'lead', { signal: {} }),
      waits('awake', 'prescriber', { scored: { score: 'moaa_s' } }),
    ],
  },
  {
    step: 'start',
    items: [
      waits('baseline', 'nobody', { baseline: {} }),
      waits('no_hold', 'prescriber', { no_hold: {} }),
      waits('order', 'prescriber', { stated: { what: 'order' } }),
      waits('second_check', 'prescriber', { stated: { what: 'second_check' } }),
      waits('kit', 'prescriber', { ticked: {} }),
      waits('call_button', 'nurse', { ticked: {} }),
    ],
  },
  {
    step: 'discharge',
    items: [
      waits('stay', 'prescriber', { stay: {} }),
      waits('awake', 'prescriber', { scored: { score: 'moaa_s' } }),
      waits('dissociation', 'prescriber', { scored: { score: 'dissociation' } }),
      waits('aldrete', 'prescriber', { scored: { score: 'aldrete' } }),
      ...['oriented', 'walks', 'iv_removed', 'instructions', 'escort_here'].map((name) =>
        waits(name, 'lead', { ticked: {} }),
      ),
    ],
  },
];

export const KETAMINE = {
  ...PROFILE,
  gates: GATES,
  dose: {
    drug: 'Ketamine',
    route: 'iv',
    mg_per_kg: { least: 0.1, usual: 0.5, most: 1 },
    mg: { least: 5, most: 150 },
    ml: { least: 10, usual: 50, most: 500 },
    minutes: { least: 20, usual: 40, most: 120 },
  },
};

export const ESKETAMINE = {
  ...KETAMINE,
  name: 'esketamine-nasal-adult',
  cadence: { fixed: [{ at_s: 2_400, early_s: 300 }] },
  dose: {
    drug: 'Esketamine',
    route: 'nasal',
    mg: { least: 28, usual: 56, most: 84 },
    sprays: { device_mg: 28, apart_s: 300 },
  },
};

/** The clinic's own list, most used first. */
export const MEDICATIONS = {
  items: [
    { drug: 'ondansetron', unit: 'mg', route: 'iv', doses: [4, 8], usual: 4 },
    { drug: 'midazolam', unit: 'mg', route: 'iv', doses: [1, 2], usual: 1 },
    { drug: 'labetalol', unit: 'mg', route: 'iv', doses: [5, 10, 20], usual: 10 },
    { drug: 'glycopyrrolate', unit: 'mg', route: 'iv', doses: [0.1, 0.2], usual: 0.2 },
  ],
};

const DAY = 24 * 60 * MIN;

const past = (id, number, days, rest) => ({
  id,
  room: '2',
  profile: 'ketamine-iv-adult',
  phase: 'discharged',
  course: 'c-1',
  number,
  opened_at: Date.now() - days * DAY - 20 * MIN,
  started_at: Date.now() - days * DAY,
  baseline: { systolic: 124, diastolic: 78, heart_rate: 70, spo2: 97 },
  peak: { systolic: 148, diastolic: 88, heart_rate: 86, spo2: 95 },
  given: { at: Date.now() - days * DAY, mg: 35, percent: 100 },
  remarks: [],
  ...rest,
});

/** The course of the patient in room 3: two treatments before this one. */
export const COURSE = () => ({
  id: 'c-1',
  patient: 'p-1',
  profile: 'ketamine-iv-adult',
  planned: 6,
  opened_at: Date.now() - 20 * DAY,
  by: 'KM',
  begun: 3,
  suggested_baseline: {
    session: 's-2',
    at: Date.now() - 3 * DAY,
    baseline: { systolic: 124, diastolic: 78, heart_rate: 70, spo2: 97, temp: null },
  },
  sessions: [
    past('s-2', 2, 3, {
      remarks: [{ at: Date.now() - 3 * DAY, by: 'KM', text: 'Nausea after 20 min' }],
    }),
    past('s-1', 1, 7, { peak: { systolic: 152, diastolic: 91, heart_rate: 88, spo2: 94 } }),
  ],
});

/** What was stored of an earlier session: higher and slower than today. */
function pastReadings(start) {
  const readings = [];
  const one = (at, rest) => ({ quality: 'good', taken_at: at, received_at: at, ...rest });
  for (let at = start - 10 * MIN; at < start + 45 * MIN; at += 15_000) {
    readings.push(one(at, { vital: 'pulse_rate', value: 66 + Math.round((at - start) / 400_000) }));
    readings.push(one(at, { vital: 'spo2', value: 95 }));
  }
  for (let at = start - 8 * MIN; at < start + 45 * MIN; at += 5 * MIN)
    readings.push(one(at, { vital: 'nibp', systolic: 134, diastolic: 82 }));
  return { readings: readings.sort((a, b) => a.received_at - b.received_at), next: null };
}

export const given = () => ({
  ...answers(),
  'GET courses/c-1': COURSE,
  'GET sessions/s-2/readings': () => pastReadings(COURSE().sessions[0].started_at),
  'GET sessions/s-1/readings': () => pastReadings(COURSE().sessions[1].started_at),
  'GET lists/medications': MEDICATIONS,
  'GET profiles/ketamine-iv-adult': KETAMINE,
  'GET profiles/esketamine-nasal-adult': ESKETAMINE,
});
