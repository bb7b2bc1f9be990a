// The record of a session, as far as its page draws it: nothing of it is believed before it is read.

import { get, type Answer } from '../api';
import { fields, label, list, number, readAll, text } from '../stream/fields';
import type { Priority, Wire } from '../stream/shapes';

/** A period without a good value, and why. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** A vital that monitors gave: `values[i]` was heard at `at[i]`, the oldest first. */
export interface Curve {
  readonly at: readonly number[];
  readonly values: readonly number[];
  readonly gaps: readonly Gap[];
}

export interface Pressure {
  readonly at: number;
  readonly systolic: number;
  readonly diastolic: number;
  /** Who measured it; null where a monitor did. */
  readonly hand: string | null;
}

export type Vital = 'hr' | 'spo2';

/** A value of one moment that a person measured. */
export interface HandValue {
  readonly vital: Vital;
  readonly at: number;
  readonly value: number;
  readonly by: string;
}

/** What came too late to be judged, by when it was taken; nothing is read off it. */
export interface Late {
  readonly hr: Curve;
  readonly spo2: Curve;
  readonly pressures: readonly Pressure[];
  /** When the last of it came; null where nothing did. */
  readonly came_at: number | null;
}

/** Something that was changed after it was written. */
export interface Correction {
  readonly of: number;
  readonly at: number;
  readonly by: string;
  readonly original: string;
  /** Null where it was taken back. */
  readonly now: string | null;
  readonly reason: string;
}

export interface Event {
  readonly n: number;
  /** As on the printed record; null for what has no number on the chart. */
  readonly number: number | null;
  readonly at: number;
  readonly type: string;
  readonly by: string;
  readonly text: string;
  readonly withdrawn: { readonly by: string; readonly at: number } | null;
  readonly values: Readonly<Record<string, number>>;
}

export interface PastAlert {
  readonly id: string;
  readonly condition: string;
  readonly priority: Priority;
  readonly text: string;
  readonly raised_at: number;
  readonly ended_at: number | null;
  /** When its worst value was taken; when it was raised where it has none. */
  readonly worst_at: number;
  readonly taken: readonly { readonly by: string; readonly after_ms: number }[];
  readonly outcome: string | null;
}

export interface Phase {
  readonly phase: string;
  readonly from: number;
  readonly to: number;
}

export interface Range {
  readonly low?: number;
  readonly high?: number;
}
export type Limits = Readonly<Record<string, Range>>;

/** The limits in force from a time on: the first values that alert. */
export interface LimitSet {
  readonly from: number;
  readonly caution: Limits;
  readonly urgent: Limits;
  readonly extreme: Limits;
}

export interface Run {
  readonly from: number;
  readonly to: number;
  /** Null where the rate is not known. */
  readonly rate: number | null;
  readonly mg_at_end: number | null;
}

/** The vitals at cadence, as the printed record has them. */
export interface Line {
  readonly at: number;
  readonly pressure: Pressure | null;
  readonly hr: number | null;
  readonly spo2: number | null;
  readonly by_hand: readonly string[];
  readonly notes: readonly string[];
}

export interface Course {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly started_at: number | null;
  readonly phases: readonly Phase[];
  readonly hr: Curve;
  readonly spo2: Curve;
  readonly pressures: readonly Pressure[];
  readonly hand: readonly HandValue[];
  readonly late: Late;
  readonly corrections: readonly Correction[];
  readonly events: readonly Event[];
  readonly alerts: readonly PastAlert[];
  readonly limits: readonly LimitSet[];
  readonly baseline: Readonly<Record<string, number>>;
  readonly runs: readonly Run[];
  readonly doses: readonly { readonly at: number; readonly mg: number }[];
  readonly lines: readonly Line[];
  /** In words, what is missing or doubtful, the gravest first. */
  readonly lacks: readonly string[];
  readonly drug: string;
  readonly ordered_mg: number | null;
  readonly given_mg: number | null;
  readonly number: number | null;
  readonly of: number | null;
}

export async function askForCourse(id: string): Promise<Answer<Course | null>> {
  const answer = await get(`/sessions/${encodeURIComponent(id)}/record.json`);
  return answer.ok ? { ...answer, value: readCourse(answer.value) } : answer;
}

/** A session of a minute is drawn as if it were ten. */
const SHORTEST_MS = 600_000;
const LONGEST_TEXT = 600;

/** Null for what is no record. */
export function readCourse(raw: unknown): Course | null {
  const from = fields<Wire['SessionRecord']>(raw);
  const header = fields<Wire['RecordHeader']>(from.header);
  const opened = number(header.opened_at);
  const id = text(header.session);
  if (opened === null || id === '') return null;

  const curves = list(from.trends).map((one) => fields<Wire['Trend']>(one));
  const curve = (vital: string) => readCurve(curves.find((one) => one.vital === vital));
  const hr = merged(curve('heart_rate'), curve('pulse_rate'));
  const spo2 = curve('spo2');
  const events = readEvents(from.events);
  const ends = [hr.at.at(-1), spo2.at.at(-1), events.at(-1)?.at].map((at) => at ?? opened);
  const end = number(header.ended_at) ?? Math.max(...ends);
  const to = Math.max(end, opened + SHORTEST_MS);
  const infusion = fields<Wire['Infusion']>(from.infusion);
  const order = fields<Wire['Ordered']>(from.order);
  const series = fields<Wire['Series']>(fields<Wire['CheckIn']>(from.stated).series);
  return {
    id,
    from: opened,
    to,
    started_at: number(infusion.started_at) ?? number(header.started_at),
    phases: readPhases(from.phases, end),
    hr,
    spo2,
    pressures: readAll(from.pressures, readPressure).sort((a, b) => a.at - b.at),
    hand: readAll(from.by_hand, readHand),
    late: readLate(from.late),
    corrections: readAll(from.corrections, readCorrection),
    events,
    alerts: readAll(from.alerts, readAlert).sort((a, b) => a.raised_at - b.raised_at),
    limits: readAll(from.limits, readLimitSet).sort((a, b) => a.from - b.from),
    baseline: numbersOf(fields<Wire['Summary']>(from.summary).baseline),
    runs: readAll(infusion.runs, (one) => readRun(one, end)),
    doses: readAll(infusion.doses, readDose),
    lines: readAll(from.table, readLine),
    lacks: readAll(from.lacks, (one) => label(fields(one)['text'], LONGEST_TEXT) || null),
    drug: label(order.drug, 60),
    ordered_mg: number(order.mg),
    given_mg: number(fields<Wire['GivenTotal']>(from.given).mg),
    number: number(fields<Wire['RecordedPatient']>(header.patient).number) ?? number(series.number),
    of: number(series.of),
  };
}

const NOTHING: Curve = { at: [], values: [], gaps: [] };

function readCurve(
  trend: { at?: unknown; values?: unknown; absences?: unknown } | undefined,
): Curve {
  if (trend === undefined) return NOTHING;
  const times = list(trend.at);
  const at: number[] = [];
  const values: number[] = [];
  let last = -Infinity;
  list(trend.values).forEach((raw, index) => {
    const time = number(times[index]);
    const value = number(raw);
    if (time === null || value === null || time < last) return;
    at.push((last = time));
    values.push(value);
  });
  return { at, values, gaps: readAll(trend.absences, readGap) };
}

function readGap(raw: unknown): Gap | null {
  const from = fields<Wire['Absence']>(raw);
  const [begin, end] = [number(from.from), number(from.to)];
  if (begin === null || end === null || end <= begin) return null;
  return { from: begin, to: end, why: label(from.text, 120) };
}

/** The rate of the ECG, and that of the finger clip where the ECG gave none. */
export function merged(ecg: Curve, pulse: Curve): Curve {
  if (ecg.at.length === 0) return pulse;
  if (pulse.at.length === 0) return ecg;
  const [first, last] = [ecg.at[0] ?? 0, ecg.at.at(-1) ?? 0];
  const isLacking = (at: number) =>
    at < first || at > last || ecg.gaps.some(({ from, to }) => at > from && at < to);
  const all = [
    ...ecg.at.map((at, index) => ({ at, value: ecg.values[index] ?? 0 })),
    ...pulse.at
      .map((at, index) => ({ at, value: pulse.values[index] ?? 0 }))
      .filter(({ at }) => isLacking(at)),
  ].sort((a, b) => a.at - b.at);
  return {
    at: all.map(({ at }) => at),
    values: all.map(({ value }) => value),
    gaps: ecg.gaps.flatMap((gap) =>
      pulse.gaps
        .map(({ from, to, why }) => ({
          from: Math.max(from, gap.from),
          to: Math.min(to, gap.to),
          why,
        }))
        .filter(({ from, to }) => to > from),
    ),
  };
}

/** What the printed record gives no number to: scores, ticks and paperwork have tables of their own. */
const WITHOUT_NUMBER: ReadonlySet<string> = new Set([
  'open',
  'task',
  'check',
  'check_in',
  'order',
  'score',
  'screening',
  'manual_vitals',
]);

function readEvents(raw: unknown): Event[] {
  let last = 0;
  return readAll(raw, (one) => {
    const from = fields<Wire['RecordedEvent']>(one);
    const at = number(from.at);
    const type = text(from.type);
    if (at === null || type === '') return null;
    const undone = fields<Wire['WithdrawnEntry']>(from.withdrawn);
    const undone_at = number(undone.at);
    return {
      n: number(from.n) ?? 0,
      number: WITHOUT_NUMBER.has(type) ? null : (last += 1),
      at,
      type,
      by: label(from.by, 40),
      text: label(from.text, LONGEST_TEXT),
      withdrawn: undone_at === null ? null : { by: label(undone.by, 40), at: undone_at },
      values: numbersOf(from.values),
    };
  });
}

/** Without those that end a session: nothing is in them. Baseline until the drug runs. */
function readPhases(raw: unknown, end: number): Phase[] {
  const found: Phase[] = [];
  for (const one of list(raw)) {
    const from = fields<Wire['PhaseSpan']>(one);
    const begin = number(from.from);
    const to = number(from.to) ?? end;
    const is = text(from.phase);
    const phase = BEFORE.has(is) ? 'baseline' : is;
    if (begin === null || OVER.has(is) || to <= begin) continue;
    const last = found.at(-1);
    if (last?.phase === phase) found[found.length - 1] = { ...last, to };
    else found.push({ phase, from: begin, to });
  }
  return found;
}
const BEFORE: ReadonlySet<string> = new Set(['checked_in', 'screening', 'ready', 'held']);
const OVER: ReadonlySet<string> = new Set(['discharged', 'aborted', 'transferred']);

function readPressure(raw: unknown): Pressure | null {
  const from = fields<Wire['RecordedPressure']>(raw);
  const [at, systolic, diastolic] = [from.at, from.systolic, from.diastolic].map(number);
  if (at == null || systolic == null || diastolic == null) return null;
  const source = fields(from.source);
  return { at, systolic, diastolic, hand: source['is'] === 'by_hand' ? text(source['by']) : null };
}

const VITALS: Readonly<Record<string, Vital>> = {
  heart_rate: 'hr',
  pulse_rate: 'hr',
  spo2: 'spo2',
};

function readHand(raw: unknown): HandValue | null {
  const from = fields<Wire['Measured']>(raw);
  const [at, value] = [number(from.at), number(from.value)];
  const vital = VITALS[text(from.vital)];
  return at === null || value === null || vital === undefined
    ? null
    : { vital, at, value, by: label(from.by, 40) };
}

function readLate(raw: unknown): Late {
  const of = (vital: Vital): Curve => {
    const points = readAll(raw, (one) => {
      const from = fields<Wire['LateReading']>(one);
      const [at, value] = [number(from.at), number(from.value)];
      const isIt = at !== null && value !== null && VITALS[text(from.vital)] === vital;
      return isIt ? { at, value } : null;
    }).sort((a, b) => a.at - b.at);
    return { at: points.map(({ at }) => at), values: points.map(({ value }) => value), gaps: [] };
  };
  const came = readAll(raw, (one) => number(fields<Wire['LateReading']>(one).heard_at));
  return {
    hr: of('hr'),
    spo2: of('spo2'),
    pressures: readAll(raw, readPressure),
    came_at: came.reduce<number | null>((last, at) => Math.max(last ?? at, at), null),
  };
}

function readCorrection(raw: unknown): Correction | null {
  const from = fields<Wire['Correction']>(raw);
  const [of, at] = [number(from.of), number(from.at)];
  if (of === null || at === null) return null;
  return {
    of,
    at,
    by: label(from.by, 80),
    original: label(from.original, LONGEST_TEXT),
    now: label(from.now, LONGEST_TEXT) || null,
    reason: label(from.reason, LONGEST_TEXT),
  };
}

const PRIORITIES: readonly string[] = ['high', 'medium', 'low'] satisfies Priority[];

function readAlert(raw: unknown): PastAlert | null {
  const from = fields<Wire['RecordedAlert']>(raw);
  const raised_at = number(from.raised_at);
  const priority = text(from.priority);
  if (raised_at === null || !PRIORITIES.includes(priority)) return null;
  return {
    id: text(from.id),
    condition: text(from.condition),
    priority: priority as Priority,
    text: label(from.text, LONGEST_TEXT),
    raised_at,
    ended_at: number(from.ended_at),
    worst_at: number(from.worst_at) ?? raised_at,
    taken: readAll(from.taken, (one) => {
      const had = fields<Wire['Taken']>(one);
      return { by: label(had.by, 40), after_ms: number(had.after_ms) ?? 0 };
    }),
    outcome: text(fields<Wire['AlertOutcome']>(from.outcome).outcome) || null,
  };
}

function readLimitSet(raw: unknown): LimitSet | null {
  const from = fields<Wire['LimitSet']>(raw);
  const since = number(from.from);
  if (since === null) return null;
  const read = (limits: unknown): Limits =>
    Object.fromEntries(
      Object.entries(fields(limits)).map(([vital, range]) => {
        const { low, high } = numbersOf(range);
        return [
          vital,
          { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) },
        ];
      }),
    );
  const [caution, urgent, extreme] = [from.caution, from.urgent, from.extreme].map(read);
  return { from: since, caution: caution ?? {}, urgent: urgent ?? {}, extreme: extreme ?? {} };
}

function readRun(raw: unknown, end: number): Run | null {
  const from = fields<Wire['Run']>(raw);
  const begin = number(from.from);
  if (begin === null) return null;
  return {
    from: begin,
    to: number(from.to) ?? end,
    rate: number(from.rate_ml_h),
    mg_at_end: number(from.mg_at_end),
  };
}

function readDose(raw: unknown): { at: number; mg: number } | null {
  const from = fields<Wire['DoseAtOnce']>(raw);
  const [at, mg] = [number(from.at), number(from.mg)];
  return at === null || mg === null ? null : { at, mg };
}

function readLine(raw: unknown): Line | null {
  const from = fields<Wire['TableRow']>(raw);
  const at = number(from.at);
  if (at === null) return null;
  return {
    at,
    pressure: from.pressure === null ? null : readPressure(from.pressure),
    hr: number(from.heart_rate),
    spo2: number(from.spo2),
    by_hand: readAll(from.by_hand, (one) => text(one) || null),
    notes: readAll(from.notes, (one) => label(one, 200) || null),
  };
}

function numbersOf(raw: unknown): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(fields(raw))) {
    const one = number(value);
    if (one !== null) found[name] = one;
  }
  return found;
}
