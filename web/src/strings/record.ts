// The texts of the sheet on which staff record; apart from the others because they come later.

export const words = {
  recordAt: (at: string) => `Record at ${at}`,
  pages: {
    happened: ['Symptoms', ', scores'],
    medication: ['Medication', ''],
    care: ['Care', ''],
    vitals: ['Vitals', ' by hand'],
    rate: ['Rate', ''],
    limits: ['Limits', ''],
  } as Readonly<
    Record<
      'happened' | 'medication' | 'care' | 'vitals' | 'rate' | 'limits',
      readonly [string, string]
    >
  >,
  vitalsByHand: 'Vitals by hand',
  symptoms: 'Symptoms',
  scores: 'Scores',
  gone: (what: string) => `${what} gone`,
  tapWhenGone: (span: string) => `${span} · tap when gone`,
  choicesFailed: 'The lists of this profile could not be loaded.',
  nothingToChoose: 'This profile has no symptoms and no scores.',
  scored: (what: string, value: number) => `${what} ${value}`,
  lastScored: (value: string, at: string) => `last ${value}, at ${at}`,
  range: (lowest: number, highest: number) => `${lowest} to ${highest}`,

  vitals: {
    systolic: ['Systolic', 'mmHg'],
    diastolic: ['Diastolic', 'mmHg'],
    heart_rate: ['Heart rate', '/min'],
    spo2: ['SpO₂', '%'],
    resp_rate: ['Breathing rate', '/min'],
    temp: ['Temperature', '°C'],
  } as Readonly<Record<string, readonly [string, string]>>,
  saveVitals: 'Save vitals',
  vitalsHint: 'Fill in what you measured; leave the rest empty.',

  from: 'From',
  to: 'To',
  unit: 'Unit',
  saveRate: 'Save rate',
  rateChanged: (from: number | undefined, to: number, unit: string) =>
    `Rate ${from === undefined ? '' : `${from} `}→ ${to} ${unit}`,

  condition: 'Alert',
  choose: 'Choose…',
  stages: { caution: 'Caution at', urgent: 'Urgent at', extreme: 'Extreme at' },
  reason: 'Reason',
  sayWho: 'Prescriber: say who you are',
  decides: (name: string) => `${name} decides this.`,
  looser: 'This loosens a limit: only a prescriber may, with their password.',
  saveLimits: 'Save limits',
  takeAway: 'Remove these limits',
  takenAway: (what: string) => `Own limits of ${what} removed`,
  ownLimitsOf: (what: string) => `Own limits of ${what}`,
  now: (limit: string) => `No alert now: ${limit}.`,
  limitsHint: 'Shown on every screen with your reason.',

  notANumber: (what: string) => `${what} is not a number.`,
  noReason: 'Say why: a reason is needed.',
  fillIn: 'Nothing is filled in yet.',
  failed: (why: string) => `Not recorded. ${why}`,
} as const;
