// A clinic day for the pages that are fetched when they are opened: who was here, who is, who comes.

import { alert, MIN, room, session, task } from './fixture.mjs';

const HOUR = 60 * MIN;
const ZONE = 'UTC';
export const DATE = '2026-11-27';
/** 11:42:16 on that day. */
export const NOON = Date.parse(`${DATE}T11:42:16Z`);
const FROM = Date.parse(`${DATE}T00:00:00Z`);
const at = (time) => {
  const [hours, minutes] = time.split(':').map(Number);
  return FROM + hours * HOUR + minutes * MIN;
};

const of = (id, initials, room, title, opened, started, ended, rest = {}) => ({
  id,
  room,
  profile: title.toLowerCase().replaceAll(/[ ,]+/g, '-'),
  title,
  phase: ended === null ? 'infusing' : 'discharged',
  initials,
  by: 'KM',
  patient: null,
  opened_at: at(opened),
  started_at: started === null ? null : at(started),
  ended_at: ended === null ? null : at(ended),
  planned_s: 2_400,
  alerts: { all: 0, high: 0, open: 0, with_outcome: 0, without_outcome: 0 },
  unsigned: [],
  ...rest,
});
const alerts = (all, high = 0) => ({
  all,
  high,
  open: 0,
  with_outcome: all,
  without_outcome: 0,
});

export function day(date = DATE) {
  const sessions = [
    of('d-1', 'A.K.', '1', 'Ketamine IV', '08:20', '08:40', '09:55'),
    of('d-2', 'P.N.', '2', 'Ketamine IV', '08:10', '08:30', '09:40'),
    of('d-3', 'M.R.', '3', 'Ketamine IV', '08:48', '09:05', '10:24', {
      by: 'TJ',
      alerts: alerts(2, 1),
      unsigned: ['outcome_missing', 'limits_not_approved'],
    }),
    of('d-4', 'S.O.', '4', 'Esketamine, nasal', '08:30', '08:40', '10:50', { alerts: alerts(1) }),
    of('d-5', 'L.G.', '5', 'Iron IV', '09:00', '09:10', '10:00', {
      by: 'TJ',
      unsigned: ['gate_waived'],
    }),
    of('d-6', 'N.B.', '6', 'Ketamine IV', '08:40', '08:55', '10:15', { alerts: alerts(1) }),
    of('d-8', 'W.I.', '8', 'Ketamine IV', '09:10', '09:25', '10:45', { phase: 'aborted' }),
    of('s-1', 'D.L.', '1', 'Ketamine IV', '11:08', '11:22', null),
    of('s-2', 'E.F.', '2', 'Ketamine IV', '10:40', '10:55', null, { phase: 'recovery' }),
    of('s-3', 'J.T.', '3', 'Ketamine IV', '11:00', '11:16', null),
    of('s-4', 'H.V.', '4', 'Ketamine IV', '11:30', null, null, { phase: 'held', by: 'TJ' }),
    of('s-5', 'R.W.', '5', 'Infliximab', '10:20', '10:32', null, { planned_s: 7_200, by: 'TJ' }),
    of('s-7', 'V.E.', '7', 'IVIG', '08:15', '08:30', null, { planned_s: 13_500, by: 'BO' }),
  ];
  const isThis = date === DATE;
  return {
    date,
    from: isThis ? FROM : Date.parse(`${date}T00:00:00Z`),
    to: (isThis ? FROM : Date.parse(`${date}T00:00:00Z`)) + 24 * HOUR,
    sessions: isThis ? sessions : [],
    more: false,
    hand_over: isThis
      ? sessions
          .filter(
            ({ ended_at, unsigned }) => ended_at === null || unsigned.includes('outcome_missing'),
          )
          .map(({ id, room, initials, phase, unsigned }) => ({
            session: id,
            room,
            initials,
            phase,
            open_alerts: 0,
            tasks: [],
            remarks:
              id === 's-2' ? [{ at: at('11:20'), by: 'KM', text: 'Escort comes at 12:30' }] : [],
            unsigned,
          }))
      : [],
  };
}

/** The rooms as they are at that time. */
export function rooms(now) {
  const running = (id, initials, rest) =>
    session(now, id, {
      initials,
      phase_since: now - 20 * MIN - 16_000,
      opened_at: now - 34 * MIN,
      ...rest,
    });
  // What the room asks for comes after what people did, and is by nobody.
  const event = (by) => [
    { n: 1, at: now - 20 * MIN, type: 'start', by, text: 'Infusion started' },
    { n: 1, at: now - 10 * MIN, type: 'task', by: '', text: 'BP due' },
  ];
  return [
    room(now, '1', { session: running('1', 'D.L.', { events: event('KM') }) }),
    room(now, '2', {
      nibp: { systolic: 131, diastolic: 82 },
      session: running('2', 'E.F.', {
        phase: 'recovery',
        events: event('KM'),
        phase_since: now - 7 * MIN - 16_000,
      }),
    }),
    room(now, '3', {
      nibp: { systolic: 171, diastolic: 99 },
      session: running('3', 'J.T.', {
        events: event('KM'),
        phase_since: now - 26 * MIN - 16_000,
        tasks: [task(now, 'bp_due', 'BP due', { due: now + 90_000 })],
      }),
      alerts: [
        alert(now, '3', {
          condition: 'systolic_high',
          priority: 'medium',
          text: 'Systolic high 171 (limit 160)',
        }),
      ],
    }),
    room(now, '4', {
      nibp: { systolic: 148, diastolic: 92 },
      session: running('4', 'H.V.', {
        phase: 'held',
        started_at: null,
        events: event('TJ'),
        phase_since: now - 4 * MIN,
      }),
    }),
    room(now, '5', { session: running('5', 'R.W.', { planned_s: 7_200, events: event('TJ') }) }),
    { id: '6', name: 'Room 6', order: 6, vitals: {}, devices: [], alerts: [], session: null },
    room(now, '7', { session: running('7', 'V.E.', { planned_s: 13_500, events: event('BO') }) }),
    { id: '8', name: 'Room 8', order: 8, vitals: {}, devices: [], alerts: [], session: null },
  ];
}

export const EVIL = '<img src=x onerror="document.title=1"> "\u202eevil';

const person = (family, given, rest = {}) => ({
  family,
  given,
  birth_date: '1981-04-05',
  ids: [{ number: '4711', authority: 'KIS' }],
  ...rest,
});
export const PATIENTS = [
  {
    id: 'p-1',
    initials: 'M.R.',
    identity: person('Roth', 'Marlene'),
    place: null,
    arrived_at: null,
    seen_at: at('10:24'),
  },
  {
    id: 'p-2',
    initials: 'X.Y.',
    identity: person(EVIL, 'x'.repeat(200)),
    place: null,
    arrived_at: null,
    seen_at: at('09:00'),
  },
];
export const ARRIVED = [
  {
    id: null,
    initials: 'B.C.',
    identity: person('Conrad', 'Bea', { ids: [{ number: '99', authority: 'KIS' }] }),
    place: 'Waiting room',
    arrived_at: at('11:20'),
    seen_at: null,
  },
];

const baseline = { systolic: 121, diastolic: 76, heart_rate: 72, spo2: 97 };
const earlier = (id, number, days) => ({
  id,
  room: '3',
  profile: 'ketamine-iv-adult',
  phase: 'discharged',
  course: 'c-1',
  number,
  opened_at: at('09:00') - days * 24 * HOUR,
  started_at: at('09:20') - days * 24 * HOUR,
  baseline,
  peak: { systolic: 158, diastolic: 91, heart_rate: 88, spo2: 94 },
  given: { at: 0, mg: 35.5, ml: 71, mg_per_kg: 0.5, percent: 100 },
  remarks: [{ at: at('09:40') - days * 24 * HOUR, by: 'KM', text: 'Slept through' }],
});
export const PATIENT = {
  ...PATIENTS[0],
  courses: [
    {
      id: 'c-1',
      patient: 'p-1',
      profile: 'ketamine-iv-adult',
      planned: 6,
      opened_at: at('09:00') - 14 * 24 * HOUR,
      by: 'KM',
    },
  ],
  suggested_baseline: { session: 'd-3', at: at('08:48'), baseline },
  sessions: [earlier('d-3', 3, 0), earlier('e-2', 2, 4), earlier('e-1', 1, 7)],
};

export const STAFF = [
  ['Ada Bauer', 'AB', 'admin', true, true],
  ['Karla Maier', 'KM', 'nurse', true, true],
  ['Tove Jansson', 'TJ', 'nurse', false, true],
  ['Wall', 'WA', 'display', false, true],
  ['Old Hand', 'OH', 'lead', true, false],
].map(([name, initials, role, pin, active]) => ({ id: name, name, initials, role, pin, active }));
const TOKENS = [
  { id: 'pager', name: 'pager', role: 'nurse', created_at: 0, last_used: at('11:00') },
  { id: 'chart', name: 'chart', role: 'display', created_at: 0, last_used: null },
];
const DEVICES = [
  ['mon-3', '3', 'native', 'up'],
  ['old-mon', null, 'hl7-mllp', 'down'],
].map(([id, room, adapter, link]) => ({
  id,
  room,
  adapter,
  link,
  last_seen: NOON - 5_000,
  clock_offset_ms: 0,
  conflict: false,
  latest: [],
  not_understood: [],
}));
export const LIST = {
  name: 'medications',
  version: 4,
  changed: { by: 'Ada Bauer', at: at('08:00') },
  items: [
    { drug: 'ondansetron', doses: [4, 8], unit: 'mg', route: 'iv' },
    { drug: 'midazolam', doses: [1, 2], unit: 'mg', route: 'iv' },
    { drug: 'oxygen', doses: [2], unit: 'L/min', route: 'nasal' },
  ],
};
const texts = (name, lines) => ({
  name,
  version: 0,
  changed: null,
  items: lines.map((text) => ({ text })),
});

/** A session that is over, as `GET sessions/{id}` shows it. */
export function past() {
  return {
    ...session(at('08:48'), '3'),
    id: 'd-3',
    room: '3',
    initials: 'M.R.',
    title: 'Ketamine IV',
    phase: 'discharged',
    opened_at: at('08:48'),
    started_at: at('09:05'),
    phase_since: at('10:24'),
    patient: { initials: 'M.R.', id: 'p-1' },
    peak: { systolic: 184, diastolic: 104, heart_rate: 101, spo2: 93 },
    given: { at: 0, mg: 35.5, ml: 71, mg_per_kg: 0.5, percent: 100 },
    events: [
      { n: 1, at: at('09:05'), type: 'start', by: 'KM', text: 'Infusion started' },
      {
        n: 2,
        at: at('09:30'),
        type: 'note',
        by: 'TJ',
        text: EVIL,
        withdrawn: { by: 'TJ', at: at('09:31') },
      },
      { n: 3, at: at('10:24'), type: 'discharge', by: 'TJ', text: 'Discharged' },
    ],
  };
}
const raised = () => [
  alert(at('09:20'), '3', {
    id: 'd-3-a1',
    condition: 'systolic_high',
    state: 'resolved',
    priority: 'high',
    text: 'Systolic high 184 (limit 180)',
    raised_at: at('09:20'),
    ended_at: at('09:31'),
    acknowledged: { by: 'KM', at: at('09:20') + 21_000 },
  }),
];

export const answers = () => ({
  'GET profiles': {
    profiles: [
      { name: 'ketamine-iv-adult', title: 'Ketamine IV, adult', planned_s: 2_400, approved: null },
    ],
  },
  'GET days/today': day(),
  [`GET days/${DATE}`]: day(),
  'GET days/2026-11-26': day('2026-11-26'),
  'GET patients': { patients: PATIENTS },
  'GET patients/p-1': PATIENT,
  'GET sessions/d-3': past(),
  'GET sessions/d-3/keeping': {
    session: 'd-3',
    state: 'sealed',
    ended_at: NOON,
    seal_due_at: null,
    sealed_at: NOON,
    delete_due_at: null,
    redacted: null,
    deleted: null,
  },
  'GET alerts': { alerts: raised() },
  'GET staff': { staff: STAFF },
  'GET tokens': { tokens: TOKENS },
  'GET devices': { devices: DEVICES },
  'GET rooms': { rooms: rooms(NOON) },
  'GET lists/medications': LIST,
  'GET lists/symptoms': texts('symptoms', ['Itching', 'Metallic taste']),
  'GET lists/checklist': texts('checklist', ['Call bell in reach']),
});
export const ADMIN = { name: 'Ada Bauer', initials: 'AB', role: 'admin', time_zone: ZONE };
export const NURSE = { name: 'Karla Maier', initials: 'KM', role: 'nurse', time_zone: ZONE };
