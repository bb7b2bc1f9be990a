// The texts of the day, and of a session that is looked back at.

export const words = {
  room: 'Room',
  today: 'Today',
  before: 'Day before',
  after: 'Day after',
  inSession: 'in session',
  done: 'done',
  onHold: 'on hold',
  withAlert: 'with an alert',
  notSignedCount: 'not signed',
  nothing: 'No session ran on this day.',
  more: 'There were more sessions on this day than fit here: the first 1,000 are shown.',
  to: (from: string, to: string) => `${from} to ${to}`,
  since: (from: string) => `since ${from}`,
  ended: { discharged: 'Left', aborted: 'Aborted', transferred: 'Transferred' } as Readonly<
    Record<string, string>
  >,
  notSigned: 'Not signed',
  noneNotSigned: 'Nothing is open.',
  signed: 'nothing open',
  unsigned: {
    outcome_missing: 'outcome of an alert missing',
    gate_waived: 'something was gone on without',
    limits_not_approved: 'limits not approved',
    not_signed: 'not signed off',
  } as Readonly<Record<string, string>>,
  unapproved: (count: number) =>
    `${count === 1 ? '1 session' : `${count} sessions`} by limits that no medical director approved`,
  alerts: (all: number, high: number) =>
    all === 0
      ? 'no alert'
      : `${all === 1 ? '1 alert' : `${all} alerts`}${high > 0 ? `, ${high} high` : ''}`,
  of: (now: string, planned: string) => `${now}/${planned}`,
  endsAbout: (at: string) => `Ends about ${at}.`,
  bpDue: (at: string) => `BP due ${at}.`,

  handOver: 'Hand-over',
  handOverTitle: (from: string, to: string) =>
    `Handing over${from === '' ? '' : `, ${from}`}${to === '' ? '' : ` to ${to}`}`,
  gives: 'From',
  takes: 'To',
  initials: 'Initials',
  whichRooms: 'Rooms',
  noRooms: 'Choose at least one room.',
  roomsNamed: (rooms: string) => `Rooms ${rooms}`,
  nothingToTell: 'No patient is in these rooms.',
  print: 'Print',
  printedAt: (at: string) => `Printed ${at}. Numbers are those of that moment.`,
  signHere: 'Signature',
  tookIt: (who: string, at: string) => `${who} took it ${at}`,
  nobodyHas: 'nobody has it',

  expected: 'Expected',
  noneExpected: 'Nobody is announced.',
  arrived: (at: string) => `arrived ${at}`,

  lastBy: (who: string) => `${who} recorded there last`,
  hold: 'HOLD',

  session: 'Session',
  openRoom: 'Open its room',
  running: 'This session runs.',
  facts: 'Course',
  opened: 'Checked in',
  started: 'Infusion started',
  endedAt: 'Ended',
  by: 'Last recorded by',
  baseline: 'Baseline',
  peak: 'Furthest',
  given: 'Given',
  profile: 'Profile',
  patient: 'Patient',
  allOf: 'All sessions of this patient',
  alertsOf: 'Alerts',
  noAlerts: 'No alert was raised.',
  outcomeMissing: 'outcome missing',
  nobodyTook: 'nobody took it',
  took: (who: string, after: string) => `${who} took it after ${after}`,
  events: 'Recorded',
  recording: 'Recording (NDJSON)',
  notThere: 'There is no such session.',
} as const;
