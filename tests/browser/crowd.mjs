// Wards that are as full as they get: many rooms, long names, several alerts in one room.

import { alert, MIN, reading, room, session, task } from './fixture.mjs';

const PRIORITIES = ['high', 'medium', 'low'];

/** Three alerts of one room, as a bad minute brings them. */
export const three = (now, id) => [
  alert(now, id, { text: 'SpO2 low, worst 72 (limit 89)', worst: 72, active_since: now - 25_000 }),
  alert(now, id, {
    id: `s-${id}-a2`,
    condition: 'systolic_high',
    priority: 'high',
    text: 'Systolic high, worst 187 (limit 180)',
    raised_at: now - 95_000,
  }),
  alert(now, id, {
    id: `s-${id}-a3`,
    condition: 'hr_high',
    priority: 'medium',
    text: 'Heart rate high, worst 131 (limit 110)',
    raised_at: now - 60_000,
  }),
];

const NAMES = ['A.-M.v.d.B.', 'J.T.', 'M.R.', 'ØØ.ÅÅ.', 'W.W.W.'];
const SOURCES = ['simulator', 'monitor', 'demo'];
const PHASES = ['held', 'infusing', 'paused', 'recovery'];

/** `count` rooms; the first has three alerts, some more have one, and badges of every kind. */
export const crowd =
  (count, { alerts = 6, name = (n) => `Room ${n}` } = {}) =>
  (now) =>
    Array.from({ length: count }, (_, index) => {
      const id = String(index + 1);
      const own = { condition: 'systolic_high', caution: 170, by: 'KM', at: now - MIN };
      return room(now, id, {
        name: name(id),
        spo2: index === 0 ? 84 : 97,
        nibp: { systolic: 183, diastolic: 112, ...(index % 4 === 1 ? { source: 'manual' } : {}) },
        devices: [{ id: `mon-${id}`, link: 'up', source: SOURCES[index % 3] }],
        session: session(now, id, {
          initials: NAMES[index % NAMES.length],
          phase: PHASES[index % PHASES.length],
          personal_limits: index % 5 === 2 ? [own] : [],
          tasks: index % 6 === 4 ? [task(now, 'bp_due', 'BP due', { due: now - 9_000 })] : [],
        }),
        alerts:
          index === 0
            ? three(now, id)
            : index < alerts
              ? [alert(now, id, { priority: PRIORITIES[index % 3] })]
              : [],
      });
    });

/** One room with everything at once. */
export const bedside = (alerts) => (now) => [
  room(now, '3', {
    name: 'Infusion suite north 3',
    spo2: 84,
    nibp: { systolic: 183, diastolic: 112, source: 'manual' },
    devices: [{ id: 'mon-3', link: 'up', source: 'simulator' }],
    more: {
      resp_rate: reading(now, { value: 14 }),
      temp: { ...reading(now - 12.5 * MIN, { value: 36.8 }), source: 'manual' },
    },
    session: session(now, '3', {
      initials: 'A.-M.v.d.B.',
      title: 'Ketamine IV, adult, with a long name of its own',
      tasks: [
        task(now, 'repeat_cuff', 'Repeat the cuff: 183/112 is not confirmed'),
        task(now, 'bp_due', 'BP due', { due: now + 90_000 }),
        task(now, 'outcome_missing', 'Say what it was: SpO2 low 88', { alert: 's-3-a0' }),
        task(now, 'suggestion', 'Suggest: ask about headache, chest pain and vision'),
      ],
      personal_limits: [
        {
          condition: 'systolic_high',
          caution: 170,
          reason: 'treated hypertension, usual 150/90',
          prescriber: 'N. Weber',
          by: 'KM',
          at: now - 20 * MIN,
        },
      ],
      events: [
        { n: 1, at: now - 21 * MIN, type: 'accept_baseline', by: 'KM', text: 'Baseline accepted' },
        { n: 2, at: now - 19 * MIN, type: 'start', by: 'KM', text: 'Ketamine started' },
        {
          n: 3,
          at: now - 80_000,
          type: 'manual_vitals',
          by: 'KM',
          text: 'Measured by hand: BP 183/112',
          values: { systolic: 183, diastolic: 112 },
        },
      ],
    }),
    alerts: three(now, '3').slice(0, alerts),
  }),
  room(now, '4', { alerts: [alert(now, '4')] }),
];
