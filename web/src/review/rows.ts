// A session in words and numbers, for those who read rather than look. Pure.

import { gapIn, givenAt, pressureAt, spreadOf, valueAt, type Spread } from './at';
import type { Course, Curve, Event, PastAlert, Pressure, Correction } from './read';

/** Each reading, or one row for so many minutes. */
export type Step = 'readings' | 1 | 5;

const MINUTE_MS = 60_000;
/** Before a reading, as the printed record has it. */
const BEFORE_MS = 30_000;
/** A row of an earlier session is of the same time after the start, give or take this much. */
const NEAR_MS = 150_000;

export interface Cell {
  readonly value: number | null;
  /** Lowest and highest, where they differ. */
  readonly spread: Spread | null;
  readonly gap_ms: number;
  readonly isByHand: boolean;
}

export interface Row {
  /** What happened from here until `to` is in this row. */
  readonly at: number;
  readonly to: number;
  readonly pressures: readonly Pressure[];
  readonly hr: Cell;
  readonly spo2: Cell;
  readonly given: number | null;
  readonly events: readonly Event[];
  readonly alerts: readonly PastAlert[];
  readonly corrections: readonly Correction[];
  readonly notes: readonly string[];
}

/** The oldest first, as a chart is written. */
export function rowsOf(course: Course, step: Step): Row[] {
  return step === 'readings' ? readings(course) : minutes(course, step * MINUTE_MS);
}

/** A moment so soon after a row is in it. */
const SAME_ROW_MS = 30_000;
/** More of them are in the rows of the readings: a table is read, not searched. */
const OWN_ROWS = 200;

function readings(course: Course): Row[] {
  const lines = new Map(course.lines.map((line) => [line.at, line]));
  const times = [...lines.keys()];
  for (const at of moments(course)) {
    const before = times.findLast((time) => time <= at);
    if (before === undefined || at - before >= SAME_ROW_MS) times.push(at);
    times.sort((a, b) => a - b);
  }
  return times.map((at, index) => {
    const line = lines.get(at);
    // What came before the first reading is in its row.
    const from = index === 0 ? Math.min(course.from, at) : at;
    const cell = (curve: Curve, value: number | null, ...names: readonly string[]): Cell => ({
      value: line === undefined ? valueAt(curve, at).value : value,
      spread: null,
      gap_ms: 0,
      isByHand: names.some((name) => line?.by_hand.includes(name)),
    });
    return {
      ...happened(course, from, times[index + 1] ?? Infinity),
      at,
      pressures: line?.pressure == null ? [] : [line.pressure],
      hr: cell(course.hr, line?.hr ?? null, 'heart_rate', 'pulse_rate'),
      spo2: cell(course.spo2, line?.spo2 ?? null, 'spo2'),
      given: givenAt(course, at),
      notes: line?.notes ?? [],
    };
  });
}

/** What a reader looks for between two readings: what was done, and the worst of each alert. */
function moments({ events, alerts }: Course): number[] {
  const found = [
    ...events.filter(({ number }) => number !== null).map(({ at }) => at),
    ...alerts.map(({ worst_at }) => worst_at),
  ];
  return found.length > OWN_ROWS ? [] : found.sort((a, b) => a - b);
}

function minutes(course: Course, step_ms: number): Row[] {
  const rows: Row[] = [];
  for (
    let at = Math.floor(course.from / step_ms) * step_ms;
    at < course.to || rows.length === 0;
    at += step_ms
  ) {
    const to = at + step_ms;
    const cell = (curve: Curve, vital: 'hr' | 'spo2'): Cell => {
      const spread = spreadOf(curve, at, to);
      const hand = course.hand.findLast(
        (one) => one.vital === vital && one.at >= at && one.at < to,
      );
      return {
        value: hand?.value ?? spread?.median ?? null,
        spread: spread !== null && spread.low !== spread.high ? spread : null,
        gap_ms: gapIn(curve, at, to),
        isByHand: hand !== undefined,
      };
    };
    rows.push({
      ...happened(course, at, to),
      at,
      pressures: course.pressures.filter((one) => one.at >= at && one.at < to),
      hr: cell(course.hr, 'hr'),
      spo2: cell(course.spo2, 'spo2'),
      given: givenAt(course, Math.min(to, course.to)),
      notes: [],
    });
  }
  return rows;
}

function happened({ events, alerts, corrections }: Course, from: number, to: number) {
  const isIn = (at: number) => at >= from && at < to;
  return {
    to,
    // What asks for something has done nothing.
    events: events.filter(({ at, type }) => isIn(at) && type !== 'task'),
    alerts: alerts.filter(({ raised_at }) => isIn(raised_at)),
    corrections: corrections.filter(({ of }) => isIn(of)),
  };
}

/** The row in which a time is. */
export function rowAt(rows: readonly Row[], time: number): number {
  return rows.findLastIndex(({ at }) => at <= time);
}

export interface Beside {
  readonly pressure: Pressure | null;
  readonly hr: number | null;
  readonly spo2: number | null;
}

/** The same time after the start in another session that lies under this one; null outside it. */
export function besideAt(under: Course, at: number): Beside | null {
  if (at < under.from || at > under.to) return null;
  const of = (curve: Curve) =>
    spreadOf(curve, at - BEFORE_MS, at + 1)?.median ?? valueAt(curve, at).value;
  return { pressure: pressureAt(under.pressures, at), hr: of(under.hr), spo2: of(under.spo2) };
}

/** What was in a row's time in the other session: a pressure only beside one of this session, or
 * in the same minutes. */
export function besideOf(under: Course, { at, to, pressures }: Row, step: Step): Beside | null {
  const beside = besideAt(under, at);
  if (beside === null) return null;
  if (step === 'readings') {
    const near = under.pressures.filter((one) => Math.abs(one.at - at) <= NEAR_MS);
    near.sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
    return { ...beside, pressure: pressures.length === 0 ? null : (near[0] ?? null) };
  }
  return {
    pressure: under.pressures.findLast((one) => one.at >= at && one.at < to) ?? null,
    hr: spreadOf(under.hr, at, to)?.median ?? null,
    spo2: spreadOf(under.spo2, at, to)?.median ?? null,
  };
}

/** Another session as if it had started when this one did. */
export function alignedTo(other: Course, started_at: number): Course {
  const by = started_at - (other.started_at ?? started_at);
  const curve = ({ at, values, gaps }: Curve): Curve => ({
    at: at.map((one) => one + by),
    values,
    gaps: gaps.map((gap) => ({ ...gap, from: gap.from + by, to: gap.to + by })),
  });
  const move = <One extends { readonly at: number }>(all: readonly One[]) =>
    all.map((one) => ({ ...one, at: one.at + by }));
  return {
    ...other,
    from: other.from + by,
    to: other.to + by,
    started_at,
    hr: curve(other.hr),
    spo2: curve(other.spo2),
    pressures: move(other.pressures),
    doses: move(other.doses),
    runs: other.runs.map((run) => ({ ...run, from: run.from + by, to: run.to + by })),
  };
}
