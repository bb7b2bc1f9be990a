// A clinic in the middle of an afternoon, with one of everything that the rules can bring.

export const MIN = 60_000;

export const reading = (at, rest) => ({
  quality: 'good',
  taken_at: at,
  received_at: at,
  device: 'mon',
  source: 'monitor',
  ...rest,
});

const LIMITS = {
  heart_rate: { low: 50, high: 110 },
  spo2: { low: 92 },
  systolic: { low: 95, high: 160 },
  diastolic: { high: 100 },
};

export function session(now, id, rest = {}) {
  return {
    id: `s-${id}`,
    initials: 'J.T.',
    profile: 'ketamine-iv-adult',
    title: 'Ketamine IV, adult',
    phase: 'infusing',
    phase_since: now - 19 * MIN,
    opened_at: now - 34 * MIN,
    started_at: now - 19 * MIN,
    infused_ms: 0,
    planned_s: 2_400,
    baseline: { systolic: 118, diastolic: 74, heart_rate: 75, spo2: 97 },
    limits: LIMITS,
    cadence_s: 300,
    next_nibp_due: now + 131_000,
    events: [
      { n: 1, at: now - 21 * MIN, type: 'accept_baseline', by: 'KM', text: 'Baseline accepted' },
      { n: 2, at: now - 19 * MIN, type: 'start', by: 'KM', text: 'Ketamine started' },
    ],
    tasks: [],
    personal_limits: [],
    known_low: false,
    symptoms: [],
    ...rest,
  };
}

export function room(now, id, rest = {}) {
  const { hr = 75, spo2 = 97, nibp = {}, more = {}, ...others } = rest;
  return {
    id,
    name: `Room ${id}`,
    order: Number(id),
    rev: 1,
    session: session(now, id),
    vitals: {
      pulse_rate: reading(now, typeof hr === 'number' ? { value: hr } : hr),
      spo2: reading(now, typeof spo2 === 'number' ? { value: spo2 } : spo2),
      nibp: reading(now - 80_000, { systolic: 122, diastolic: 74, ...nibp }),
      ...more,
    },
    devices: [{ id: `mon-${id}`, link: 'up', source: 'monitor' }],
    alerts: [],
    ...others,
  };
}

export const alert = (now, id, rest) => ({
  id: `s-${id}-a1`,
  room: id,
  session: `s-${id}`,
  condition: 'spo2_low',
  kind: 'physiological',
  priority: 'high',
  state: 'active',
  value: 84,
  limit: 89,
  unit: '%',
  raised_at: now - 25_000,
  ended_at: null,
  escalated: 0,
  acknowledged: null,
  outcome: null,
  silenced_until: null,
  reopened_at: null,
  text: 'SpO2 low 84 (limit 89)',
  receipts: 1,
  ...rest,
});

export const task = (now, kind, text, rest = {}) => ({
  kind,
  text,
  since: now - 65_000,
  due: null,
  alert: null,
  ...rest,
});

export const OWN = {
  condition: 'systolic_high',
  caution: 170,
  urgent: null,
  extreme: null,
  reason: 'treated hypertension, usual 150/90',
  prescriber: 'N. Weber',
  by: 'KM',
};

/** Room 3 has everything at once. */
export function rooms(now) {
  const tasks3 = [
    task(now, 'repeat_cuff', 'Repeat the cuff: 183/112 is not confirmed'),
    task(now, 'bp_due', 'BP due', { due: now + 90_000 }),
    task(now, 'outcome_missing', 'Say what it was: SpO2 low 88', { alert: 's-3-a0' }),
    task(now, 'suggestion', 'Suggest: ask about headache, chest pain and vision'),
  ];
  const own = [{ ...OWN, at: now - 20 * MIN }];
  return [
    room(now, '1', { session: session(now, '1', { initials: 'A.K.' }) }),
    room(now, '2', {
      spo2: 84,
      hr: 98,
      session: session(now, '2', { initials: 'M.R.' }),
      alerts: [alert(now, '2')],
    }),
    room(now, '3', {
      nibp: { systolic: 183, diastolic: 112 },
      session: session(now, '3', {
        tasks: tasks3,
        personal_limits: own,
        symptoms: [{ symptom: 'nausea', text: 'Nausea', since: now - 3 * MIN }],
      }),
      more: {
        resp_rate: reading(now, { value: 14 }),
        temp: { ...reading(now - 12.5 * MIN, { value: 36.8 }), source: 'manual' },
      },
      alerts: [
        alert(now, '3', {
          condition: 'systolic_high',
          priority: 'medium',
          text: 'Systolic high 183 (limit 170)',
          raised_at: now - 12 * MIN,
          reopened_at: now - 75_000,
        }),
        alert(now, '3', {
          id: 's-3-a2',
          condition: 'symptom',
          priority: 'medium',
          text: 'Severe anxiety',
        }),
      ],
    }),
    room(now, '4', {
      hr: 46,
      spo2: 93,
      session: session(now, '4', {
        initials: 'S.O.',
        known_low: true,
        baseline: { systolic: 118, diastolic: 74, heart_rate: 46, spo2: 93 },
        tasks: [task(now, 'bp_due', 'BP due', { due: now - 40_000 })],
        next_nibp_due: now - 40_000,
      }),
    }),
    room(now, '5', {
      hr: { absent: 'no_pulse', since: now - 9_000 },
      spo2: { absent: 'no_pulse', since: now - 9_000 },
      cuff: { state: 'measuring', since: now - 12_000 },
      session: session(now, '5', { initials: 'D.L.', personal_limits: own }),
    }),
    room(now, '6', {
      nibp: {
        absent: 'failed',
        systolic: undefined,
        diastolic: undefined,
        last: { systolic: 130, diastolic: 80, taken_at: now - 6 * MIN },
      },
      session: session(now, '6', {
        initials: 'P.N.',
        tasks: [task(now, 'repeat_cuff', 'The cuff failed: repeat the measurement')],
      }),
    }),
    room(now, '7', {
      session: session(now, '7', {
        initials: 'C.B.',
        phase: 'held',
        tasks: [task(now, 'hold', 'HOLD: SBP 152, measure again in 5 min')],
      }),
    }),
    room(now, '8', {
      session: session(now, '8', {
        initials: 'R.W.',
        tasks: [
          task(now, 'suggestion', 'Suggest: ask about headache, chest pain and vision'),
          task(now, 'outcome_missing', 'Say what it was', { alert: 's-8-a0' }),
        ],
      }),
    }),
    room(now, '9', {
      session: session(now, '9', { initials: 'E.F.' }),
      alerts: [
        alert(now, '9', {
          condition: 'of_tomorrow',
          kind: 'technical',
          priority: 'low',
          text: 'Something this page does not know',
        }),
      ],
    }),
    room(now, '10', { session: session(now, '10', { phase: 'baseline', initials: 'L.G.' }) }),
    room(now, '11', { session: session(now, '11', { phase: 'paused', initials: 'H.V.' }) }),
    { id: '12', name: 'Room 12', order: 12, vitals: {}, devices: [], alerts: [], session: null },
  ];
}

/** An hour of stored values, as the server gives them. */
export function stored(now) {
  const readings = [];
  for (let at = now - 33 * MIN; at < now; at += 5_000) {
    const wave = Math.sin(at / 47_000) * 2;
    readings.push(reading(at, { vital: 'pulse_rate', value: Math.round(76 + wave * 2) }));
    readings.push(reading(at, { vital: 'spo2', value: Math.round(96 + wave / 2) }));
  }
  for (let at = now - 31 * MIN, n = 0; at < now; at += 5 * MIN, n += 1)
    readings.push(reading(at, { vital: 'nibp', systolic: 120 + n * 9, diastolic: 74 + n * 5 }));
  return { readings: readings.sort((a, b) => a.received_at - b.received_at), next: null };
}

export const PROFILE = {
  name: 'ketamine-iv-adult',
  title: 'Ketamine IV, adult',
  version: 3,
  planned_s: 2_400,
  approved: null,
  symptoms: [
    ['nausea', 'Nausea'],
    ['vomiting', 'Vomiting'],
    ['severe_anxiety', 'Severe anxiety'],
    ['chest_pain', 'Chest pain'],
    ['breathlessness', 'Breathlessness'],
    ['severe_headache', 'Severe headache'],
    ['vision_loss', 'Vision loss'],
    ['seizure', 'Seizure'],
    ['fainting', 'Fainting'],
    ['unresponsive', 'Unresponsive'],
    ['unsafe_behaviour', 'Unsafe behaviour'],
    ['rash', 'Rash or flushing'],
  ].map(([name, text]) => ({ name, text })),
  scores: [
    {
      name: 'moaa_s',
      text: 'Sedation (MOAA/S)',
      lowest: 0,
      highest: 5,
      meanings: [
        'no response',
        'only to a painful squeeze',
        'only to prodding or shaking',
        'only when called loudly',
        'sluggish answer',
        'answers readily',
      ],
    },
    { name: 'distress', text: 'Distress', lowest: 0, highest: 10 },
    { name: 'cadss', text: 'CADSS', lowest: 0, highest: 108 },
  ],
  conditions: [
    ['spo2_low', 'SpO2 low'],
    ['spo2_falling', 'SpO2 falling'],
    ['hr_low', 'Heart rate low'],
    ['hr_high', 'Heart rate high'],
    ['systolic_high', 'Systolic high'],
    ['monitor_lost', 'Monitor lost'],
  ].map(([condition, text]) => ({ condition, text })),
};

const rule = (condition, title, kind, when, stages, clears, note = null) => ({
  condition,
  title,
  kind,
  when,
  stages: stages.map(([priority, name, text]) => ({ priority, name, text })),
  clears,
  note,
});

export const RULES = {
  name: 'ketamine-iv-adult',
  title: 'Ketamine IV, adult',
  version: 3,
  approved: null,
  cadence: [
    'BP every 5 minutes before and while infusing',
    'BP every 10 minutes in recovery',
    'BP again at once after a caution',
  ],
  sections: [
    rule(
      'spo2_low',
      'SpO2 low',
      'physiological',
      'In every phase, and without a session.',
      [
        [
          'medium',
          'caution',
          'SpO2 at or below 92 %, or 3 below the baseline if that is lower, for 30 s',
        ],
        [
          'high',
          'urgent',
          'SpO2 at or below 89 %, or 5 below the baseline if that is lower, for 15 s',
        ],
        ['high', 'extreme', 'SpO2 at or below 85 % for 5 s'],
      ],
      'SpO2 1 above the caution limit for 30 s.',
      'A bad signal neither raises nor clears it.',
    ),
    rule(
      'systolic_high',
      'Systolic high',
      'physiological',
      'In every phase, and without a session.',
      [
        ['medium', 'caution', 'One reading of 170 or more, or two of 160 or more'],
        ['high', 'urgent', '180 or more, confirmed by the next reading within 180 s'],
        ['high', 'extreme', 'One reading of 200 or more'],
      ],
      'One reading 5 below the caution limit.',
    ),
    rule(
      'symptom',
      'Symptom ticked',
      'physiological',
      'While a session is open.',
      [
        ['medium', 'caution', 'Vomiting, severe anxiety'],
        ['high', 'urgent', 'Chest pain, breathlessness, seizure, fainting, unresponsive'],
      ],
      'When staff say that it is gone.',
    ),
    rule(
      'spo2_no_value',
      'SpO2 missing',
      'technical',
      'In every phase.',
      [
        ['low', 'low', 'Sensor off for 10 s, or no value for 45 s'],
        ['medium', 'medium', 'No value for 180 s'],
        ['high', 'high', 'Sensor off for 60 s while infusing'],
      ],
      'When a good value comes.',
    ),
    rule(
      'disk_low',
      'Disk nearly full',
      'technical',
      'Always.',
      [['medium', 'medium', 'Less than 1 GB left']],
      'When there is room again.',
    ),
  ],
};

const APPROVED = { by: 'N. Weber', at: 1_763_726_400_000 };

/** What the server answers; a test replaces what it is about. */
export function answers() {
  const session = { readings: () => stored(Date.now()) };
  const found = {
    'GET alerts': { alerts: [] },
    'GET profiles': {
      profiles: [
        { name: PROFILE.name, title: PROFILE.title, version: 3, planned_s: 2_400, approved: null },
        {
          name: 'infusion',
          title: 'Infusion, other drugs',
          version: 1,
          planned_s: 7_200,
          approved: APPROVED,
        },
      ],
    },
    'GET profiles/ketamine-iv-adult': PROFILE,
    'GET profiles/ketamine-iv-adult/rules': RULES,
    'GET profiles/infusion/rules': {
      ...RULES,
      name: 'infusion',
      title: 'Infusion, other drugs',
      version: 1,
      approved: APPROVED,
    },
  };
  for (let id = 1; id <= 12; id += 1) found[`GET sessions/s-${id}/readings`] = session.readings;
  return found;
}
