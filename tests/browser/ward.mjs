// A ward with one room in every state that a room can have. Each room is named by its state.

import { alert, MIN, reading, room, session } from './fixture.mjs';

const S = 1_000;

const told = (now, id, rest) => ({
  ...alert(now, id, rest),
  id: `a-${id}`,
  session: `s-${id}`,
});

const high = (now, id, rest = {}) => told(now, id, { raised_at: now - 15_500, ...rest });
const medium = (now, id, rest = {}) =>
  told(now, id, {
    priority: 'medium',
    condition: 'systolic_high',
    text: 'Systolic high 178 (limit 165)',
    raised_at: now - 96_500,
    ...rest,
  });
const by = (who, at) => ({ by: who, at });

/** As of half a second past its second: no rounding of a clock makes it another second. */
const since = (now, seconds) => now - seconds * S - S / 2;

const ROOMS = {
  normal: () => ({}),
  late: (now) => ({ seen: since(now, 6) }),
  stale: (now) => ({ seen: since(now, 25), cuff_at: since(now, 8 * 60) }),
  'sensor-off': (now, id) => ({
    spo2: { absent: 'sensor_off', since: since(now, 34) },
    alerts: [
      told(now, id, {
        kind: 'technical',
        priority: 'low',
        condition: 'spo2_no_value',
        text: 'SpO2 sensor off',
        value: null,
        limit: null,
        raised_at: since(now, 24),
      }),
    ],
  }),
  'monitor-lost': (now, id) => ({
    hr: { absent: 'disconnected', since: since(now, 55), last: { value: 78, taken_at: now } },
    spo2: { absent: 'disconnected', since: since(now, 55), last: { value: 97, taken_at: now } },
    cuff_at: since(now, 8 * 60),
    devices: [{ id: `mon-${id}`, link: 'down', source: 'monitor' }],
    alerts: [
      told(now, id, {
        kind: 'technical',
        priority: 'medium',
        condition: 'monitor_lost',
        text: 'Monitor disconnected',
        value: null,
        limit: null,
        raised_at: since(now, 45),
      }),
    ],
  }),
  'no-session': () => ({ session: null }),
  'no-session-high': (now, id) => ({
    session: null,
    spo2: 84,
    alerts: [high(now, id, { session: null })],
  }),
  high: (now, id) => ({ spo2: 84, hr: 98, alerts: [high(now, id)] }),
  medium: (now, id) => ({ bp: [178, 104], hr: 97, alerts: [medium(now, id)] }),
  low: (now, id) => ({
    alerts: [
      told(now, id, {
        kind: 'technical',
        priority: 'low',
        condition: 'nibp_overdue',
        text: 'BP overdue',
        value: null,
        limit: null,
        raised_at: since(now, 70),
      }),
    ],
  }),
  'high-claimed': (now, id) => ({
    spo2: 84,
    alerts: [high(now, id, { acknowledged: by('TJ', now - 9 * S) })],
  }),
  'medium-claimed': (now, id) => ({
    bp: [178, 104],
    alerts: [medium(now, id, { acknowledged: by('KM', now - 30 * S) })],
  }),
  latched: (now, id) => ({
    alerts: [
      high(now, id, {
        state: 'latched',
        value: 88,
        text: 'SpO2 low 88 (limit 89)',
        raised_at: since(now, 190),
        ended_at: since(now, 100),
      }),
    ],
  }),
  replay: (_, id) => ({ devices: [{ id: `mon-${id}`, link: 'up', source: 'replay' }] }),
  simulator: (_, id) => ({ devices: [{ id: `mon-${id}`, link: 'up', source: 'simulator' }] }),
  cuff: (now) => ({
    hr: { absent: 'no_pulse', since: since(now, 9) },
    spo2: { absent: 'no_pulse', since: since(now, 9) },
    cuff: { state: 'measuring', since: since(now, 12) },
  }),
  held: () => ({ phase: 'held' }),
  paused: () => ({ phase: 'paused' }),
  empty: () => ({ session: null, devices: [], bare: true }),
};

export const STATES = Object.keys(ROOMS);

function built(now, id, order) {
  const {
    seen = since(now, 1),
    cuff_at = since(now, 80),
    hr = 75,
    spo2 = 97,
    bp = [122, 74],
    phase = 'infusing',
    bare = false,
    ...rest
  } = ROOMS[id](now, id);
  const one = (value) => reading(seen, typeof value === 'number' ? { value } : value);
  return {
    ...room(now, id, {
      session: session(now, id, {
        phase,
        phase_since: since(now, 19 * 60),
        opened_at: now - 34 * MIN,
        next_nibp_due: now + 131.5 * S,
      }),
      ...rest,
    }),
    name: `Room ${order}`,
    order,
    vitals: bare
      ? {}
      : {
          pulse_rate: one(hr),
          spo2: one(spo2),
          nibp: reading(cuff_at, { systolic: bp[0], diastolic: bp[1] }),
        },
  };
}

/** Every room, in the order of `STATES`. */
export const ward = (now) => STATES.map((id, index) => built(now, id, index + 1));

/** Some of them only. */
export const only =
  (...ids) =>
  (now) =>
    ward(now).filter(({ id }) => ids.includes(id));

/** Rooms 1 to `count`, all of them calm. */
export const many = (count) => (now) =>
  Array.from({ length: count }, (_, index) => ({
    ...built(now, 'normal', index + 1),
    id: `${index + 1}`,
    session: session(now, `${index + 1}`),
    devices: [{ id: `mon-${index + 1}`, link: 'up', source: 'monitor' }],
  }));
