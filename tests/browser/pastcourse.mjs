// The record of a session that is over, as the server makes it, and of the one before it.

import { past } from './clinicday.mjs';
import { alert, MIN } from './fixture.mjs';

export const DAY = Date.parse('2026-11-27T00:00:00Z');
export const at = (time) => {
  const [hours, minutes, seconds = 0] = time.split(':').map(Number);
  return DAY + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
};

/** The same numbers on every machine. */
function noise(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff - 0.5;
  };
}

const isIn = (time, gaps) => gaps.some(([from, to]) => time >= at(from) && time < at(to));

function trend(vital, unit, [from, to], gaps, value) {
  const [times, values] = [[], []];
  for (let time = from; time < to; time += 1_000) {
    if (isIn(time, gaps)) continue;
    times.push(time);
    values.push(value(time));
  }
  const absences = gaps.map(([begin, end, text]) => ({ from: at(begin), to: at(end), text }));
  return { vital, unit, at: times, values, absences };
}

const GAPS = [
  ['09:15:08', '09:15:40', 'SpO2 sensor off'],
  ['09:31:10', '09:31:55', 'No value: searching'],
  ['09:40:05', '09:40:35', 'SpO2 sensor off'],
];

function vitals(span, gaps, seed, dip = true) {
  const random = noise(seed);
  let drift = 0;
  const walk = () => (drift = drift * 0.995 + random() * 0.35);
  const rise = (time) => Math.max(0, Math.min(1, (time - at('09:08')) / (25 * MIN)));
  const back = (time) => Math.max(0, Math.min(1, (time - at('09:50')) / (20 * MIN)));
  const fall = (time) => {
    const from = Math.abs(time - at('09:22:26')) / 1_000;
    return !dip || from > 40 ? 0 : 9 * (1 - from / 40);
  };
  const hr = (time) => 75 + 15 * (rise(time) - back(time)) + fall(time) / 2 + walk() * 1.4;
  const spo2 = (time) => Math.min(99, 96.4 + walk() * 0.3 - fall(time));
  return [
    trend('pulse_rate', '1/min', span, gaps, (time) => Math.round(hr(time))),
    trend('spo2', '%', span, gaps, (time) => Math.round(spo2(time))),
  ];
}

const monitor = { is: 'monitor', device: 'mon-3' };
const pressure = (time, systolic, diastolic, source = monitor) => ({
  at: at(time),
  heard_at: at(time),
  systolic,
  diastolic,
  mean: null,
  source,
});
const PRESSURES = [
  ['08:50', 128, 78],
  ['08:56', 126, 77],
  ['09:10', 131, 80],
  ['09:15', 136, 86],
  ['09:20', 141, 88],
  ['09:23:30', 148, 90],
  ['09:25', 143, 88],
  ['09:30', 149, 92],
  ['09:35', 172, 98],
  ['09:37', 164, 95, { is: 'by_hand', by: 'KM', n: 9 }],
  ['09:40', 155, 90],
  ['09:45', 152, 89],
  ['09:55', 141, 86],
  ['10:05', 134, 82],
  ['10:15', 130, 80],
].map((one) => pressure(...one));

const EVENTS = [
  [1, '08:48', 'open', '', 'Session opened'],
  [2, '08:49', 'check_in', 'KM', 'Checked in'],
  [3, '08:57', 'accept_baseline', 'KM', 'Baseline accepted: BP 126/77, HR 73, SpO2 96'],
  [4, '09:05', 'start', 'KM', 'Infusion started'],
  [5, '09:18', 'note', 'KM', 'Music on, eyes closed'],
  [6, '09:20', 'score', 'KM', 'MOAA/S 4'],
  [7, '09:23', 'pause', 'KM', 'Infusion paused: SpO2 87'],
  [8, '09:26', 'resume', 'KM', 'Infusion resumed'],
  [
    9,
    '09:29',
    'note',
    'TJ',
    'Cuff moved to the other arm',
    { by: 'TJ', at: at('09:30'), reason: null },
  ],
  [10, '09:37', 'manual_vitals', 'KM', 'BP 164/95', null, { systolic: 164, diastolic: 95 }],
  [11, '09:38', 'medication', 'TJ', 'Ondansetron 4 mg IV'],
  [12, '09:48', 'stop', 'KM', 'Infusion ended, recovery'],
  [13, '10:24', 'discharge', 'TJ', 'Left with escort'],
].map(([n, time, type, by, text, withdrawn = null, values]) => ({
  n,
  at: at(time),
  entered_at: at(time),
  type,
  by,
  text,
  withdrawn,
  ...(values === undefined ? {} : { values }),
}));

const raised = (id, priority, condition, text, unit, times, worst_at, taken, outcome) => ({
  id,
  condition,
  kind: 'physiological',
  priority,
  text,
  unit,
  value: null,
  limit: null,
  worst: null,
  worst_bound: null,
  worst_at: worst_at === null ? null : at(worst_at),
  raised_at: at(times[0]),
  shown_at: at(times[0]),
  taken: taken === null ? [] : [{ by: taken[0], at: at(times[0]) + taken[1], after_ms: taken[1] }],
  ended_at: times[1] === null ? null : at(times[1]),
  state: 'resolved',
  outcome:
    outcome === null ? null : { outcome, by: taken?.[0] ?? '', at: at(times[0]) + MIN, note: null },
  silences: [],
  log: [],
});
const ALERTS = [
  raised(
    'a1',
    'high',
    'spo2_low',
    'SpO2 low, worst 87 (limit 89)',
    '%',
    ['09:22:29', '09:23:30'],
    '09:22:26',
    ['KM', 17_000],
    'clinician_called',
  ),
  raised(
    'a2',
    'medium',
    'systolic_high',
    'Systolic high 172 (limit 170)',
    'mmHg',
    ['09:35:34', '09:40:33'],
    '09:35',
    ['KM', 38_000],
    'expected_effect',
  ),
  raised(
    'a3',
    'low',
    'spo2_no_value',
    'SpO2 sensor off',
    null,
    ['09:52:20', '09:53:52'],
    null,
    null,
    null,
  ),
];

const limits = (systolic, hr, spo2) => ({
  systolic: { low: systolic[0], high: systolic[1] },
  heart_rate: { low: hr[0], high: hr[1] },
  spo2: { low: spo2 },
});
const extremes = (value, time) => ({ value, at: at(time), change: null });

const median = ({ at: times, values }, until) => {
  const sorted = values.filter((_, n) => times[n] > until - 30_000 && times[n] <= until);
  sorted.sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[sorted.length >> 1];
};
const line =
  ([hr, spo2]) =>
  ({ at: time, ...one }) => ({
    at: time,
    pressure: { at: time, ...one },
    heart_rate: median(hr, time),
    spo2: median(spo2, time),
    resp_rate: null,
    scores: [],
    by_hand: [],
    notes: time === at('09:35') ? ['highest systolic'] : [],
  });

/** The record of the session `d-3` of the clinic's day. */
export function record(more = {}) {
  const trends = vitals([at('08:49'), at('10:20')], GAPS, 7);
  return {
    format: 1,
    header: {
      clinic: 'Clinic',
      session: 'd-3',
      room: '3',
      rooms: [{ room: '3', from: at('08:48'), to: null, by: '' }],
      time_zone: 'UTC',
      opened_at: at('08:48'),
      started_at: at('09:05'),
      ended_at: at('10:24'),
      phase: 'discharged',
      planned_s: 2_400,
      patient: { initials: 'M.R.', number: 3, course: 'c-1', id: 'p-1' },
    },
    lacks: [],
    stated: { series: { number: 3, of: 6 } },
    order: { drug: 'Ketamine', mg: 35, minutes: 40, ml: 50, rate_ml_h: 75 },
    given: { mg: 33.8, ml: 48.3, mg_per_kg: 0.48, percent: 96.6, not_given_mg: 1.2 },
    infusion: {
      started_at: at('09:05'),
      ended_at: at('09:48'),
      end_reason: null,
      running_ms: 40 * MIN,
      runs: [
        { from: at('09:05'), to: at('09:23'), rate_ml_h: 75, mg_at_end: 15.8 },
        { from: at('09:26'), to: at('09:48'), rate_ml_h: 75, mg_at_end: 33.8 },
      ],
      pauses: [{ from: at('09:23'), to: at('09:26'), by: 'KM', reason: 'SpO2 87' }],
      rate_changes: [],
      doses: [],
    },
    phases: [
      ['checked_in', '08:48', '08:49'],
      ['baseline', '08:49', '08:57'],
      ['ready', '08:57', '09:05'],
      ['infusing', '09:05', '09:23'],
      ['paused', '09:23', '09:26'],
      ['infusing', '09:26', '09:48'],
      ['recovery', '09:48', '10:24'],
    ]
      .map(([phase, from, to]) => ({ phase, from: at(from), to: at(to), by: 'KM' }))
      .concat({ phase: 'discharged', from: at('10:24'), to: null, by: 'TJ' }),
    events: EVENTS,
    corrections: [
      {
        at: at('09:38'),
        by: 'mon-3',
        of: at('09:30'),
        original: 'BP 199/120',
        now: 'BP 149/92',
        reason: null,
      },
    ],
    pressures: PRESSURES,
    trends,
    by_hand: [{ at: at('09:31:30'), vital: 'spo2', value: 95, by: 'KM', n: 20 }],
    table: PRESSURES.map(line(trends)),
    summary: {
      baseline: { systolic: 126, diastolic: 77, heart_rate: 73, spo2: 96 },
      systolic: { highest: extremes(172, '09:35') },
    },
    alerts: ALERTS,
    limits: [
      {
        from: at('08:48'),
        caution: limits([95, 160], [50, 110], 92),
        urgent: limits([85, 180], [40, 130], 89),
        extreme: limits([0, 200], [0, 250], 85),
      },
      {
        from: at('08:57'),
        caution: limits([95, 170], [50, 110], 92),
        urgent: limits([85, 180], [40, 130], 89),
        extreme: limits([0, 200], [0, 250], 85),
      },
    ],
    ...more,
  };
}

/** The session `e-2`, four days before: it started 20 min after it was opened. */
export function before() {
  const by = -4 * 24 * 60 * MIN + 15 * MIN;
  const whole = record();
  const move = (all) => all.map((one) => ({ ...one, at: one.at + by }));
  return {
    ...whole,
    header: {
      ...whole.header,
      session: 'e-2',
      opened_at: at('08:45') + by,
      started_at: at('09:05') + by,
      ended_at: at('10:20') + by,
      patient: { ...whole.header.patient, number: 2 },
    },
    infusion: {
      ...whole.infusion,
      started_at: at('09:05') + by,
      runs: [{ from: at('09:05') + by, to: at('09:45') + by, rate_ml_h: 75, mg_at_end: 35 }],
    },
    alerts: [],
    corrections: [],
    by_hand: [],
    pressures: move(
      PRESSURES.map((one) => ({ ...one, systolic: one.systolic - 6, source: monitor })),
    ),
    trends: vitals([at('08:49'), at('10:15')], [], 23, false).map((one) => ({
      ...one,
      at: one.at.map((time) => time + by),
    })),
  };
}

/** Three hours at one value a second, and as many events as an anxious shift records. */
export function long(hours = 3) {
  const whole = record();
  const span = [at('08:49'), at('08:49') + hours * 60 * MIN];
  return {
    ...whole,
    header: { ...whole.header, ended_at: span[1] },
    phases: whole.phases.map((one) => (one.phase === 'recovery' ? { ...one, to: span[1] } : one)),
    trends: vitals(span, GAPS, 5),
  };
}

/** `GET sessions/d-3` of that session. */
export const session = (more = {}) => ({
  ...past(),
  patient: { initials: 'M.R.', id: 'p-1', course: 'c-1', number: 3 },
  stated: { series: { number: 3, of: 6 } },
  signed_off: null,
  addenda: [],
  ...more,
});
export const raisedAlerts = () => [
  alert(at('09:22:29'), '3', {
    id: 'd-3-a1',
    state: 'resolved',
    raised_at: at('09:22:29'),
    ended_at: at('09:23:30'),
  }),
];
