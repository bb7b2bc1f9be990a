// What was so at one moment of a session. Pure.

import type { Course, Curve, LimitSet, PastAlert, Pressure, Vital } from './read';

/** As long as a value was shown as current while the session ran. */
const CURRENT_MS = 10_000;

/** The index of the last of these times that is not after `time`; -1 where all are. */
export function lastIndex(at: readonly number[], time: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export interface Value {
  /** Null where there was none. */
  readonly value: number | null;
  /** Why there was none, where the record says so. */
  readonly why: string;
}

export function valueAt({ at, values, gaps }: Curve, time: number): Value {
  const gap = gaps.find(({ from, to }) => time >= from && time < to);
  if (gap !== undefined) return { value: null, why: gap.why };
  const index = lastIndex(at, time);
  const since = at[index];
  const isCurrent = since !== undefined && time - since <= CURRENT_MS;
  return { value: isCurrent ? (values[index] ?? null) : null, why: '' };
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Of the values from `from` until before `to`; null where there was none. */
export function spreadOf({ at, values }: Curve, from: number, to: number): Spread | null {
  const [begin, end] = [lastIndex(at, from - 1) + 1, lastIndex(at, to - 1) + 1];
  if (end <= begin) return null;
  const sorted = values.slice(begin, end).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const one = (index: number) => sorted[index] ?? 0;
  return {
    median: Math.round((one(Math.floor(middle)) + one(Math.ceil(middle))) / 2),
    low: one(0),
    high: one(sorted.length - 1),
  };
}

/** How much of a period has no good value, where the record says so. */
export function gapIn({ gaps }: Curve, from: number, to: number): number {
  return gaps.reduce(
    (sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)),
    0,
  );
}

/** The last one that was measured by then. */
export function pressureAt(pressures: readonly Pressure[], time: number): Pressure | null {
  return pressures.findLast(({ at }) => at <= time) ?? null;
}

/** What had been given by then, mg; null where that cannot be known. */
export function givenAt({ runs, doses }: Course, time: number): number | null {
  let given = 0;
  let counted = 0;
  const dosesUntil = (to: number) =>
    doses.reduce((sum, { at, mg }) => (at <= to ? sum + mg : sum), 0);
  const isByRate = runs.some(({ rate }) => rate !== null);
  if (!isByRate) return doses.length === 0 && runs.length > 0 ? null : dosesUntil(time);
  for (const { from, to, mg_at_end } of runs) {
    if (from >= time) break;
    if (mg_at_end === null) return null;
    // What came at once is not spread over the run in which it came.
    const atOnce = dosesUntil(to);
    const byRate = mg_at_end - atOnce;
    const part = to > from ? Math.min(1, (time - from) / (to - from)) : 1;
    given += (byRate - counted) * part;
    counted = byRate;
    if (part < 1) break;
  }
  return given + dosesUntil(time);
}

export function limitsAt(limits: readonly LimitSet[], time: number): LimitSet | null {
  return limits.findLast(({ from }) => from <= time) ?? null;
}

/** Nothing, caution, or urgent and worse. */
export type Level = 0 | 1 | 2;
export type Limited = 'heart_rate' | 'spo2' | 'systolic' | 'diastolic';

/** How far a value was beyond the limits of its time: the limits are the first values that alert. */
export function levelOf(set: LimitSet | null, of: Limited, value: number): Level {
  if (set === null) return 0;
  const isBeyond = ({ low = -Infinity, high = Infinity } = {}) => value <= low || value >= high;
  if (isBeyond(set.urgent[of]) || isBeyond(set.extreme[of])) return 2;
  return isBeyond(set.caution[of]) ? 1 : 0;
}

export function levelOfPressure(set: LimitSet | null, pressure: Pressure): Level {
  const parts = [
    levelOf(set, 'systolic', pressure.systolic),
    levelOf(set, 'diastolic', pressure.diastolic),
  ];
  return Math.max(...parts) as Level;
}

export const LIMITED: Readonly<Record<Vital, Limited>> = { hr: 'heart_rate', spo2: 'spo2' };

/** The alert before or after: from the one that is chosen, otherwise from the cursor. */
export function nextAlert(
  alerts: readonly PastAlert[],
  chosen: string | null,
  cursor: number,
  step: 1 | -1,
): PastAlert | null {
  const here = alerts.findIndex(({ id }) => id === chosen);
  if (here !== -1) return alerts[here + step] ?? null;
  return (
    (step === 1
      ? alerts.find(({ worst_at }) => worst_at > cursor)
      : alerts.findLast(({ worst_at }) => worst_at < cursor)) ?? null
  );
}
