// The trend in words and numbers, for those who read rather than look. Pure.

import type { Cuff, History, Point, Window } from './history';

/** What one continuous vital did in one row. */
export interface Cell {
  /** The newest value; null when there was none. */
  readonly last: number | null;
  readonly low: number;
  readonly high: number;
  /** How much of the row has no value. */
  readonly gap_ms: number;
  /** Whether the monitor has corrected one. */
  readonly corrected?: boolean;
  /** What it has taken back. */
  readonly takenBack?: readonly number[];
}

export interface Row {
  readonly from: number;
  readonly to: number;
  readonly hr: Cell;
  readonly spo2: Cell;
  readonly cuffs: readonly Cuff[];
}

/** A shorter gap is one missed value or two. */
export const GAP_SHOWN_MS = 15_000;

/** One row for each `step_ms`, newest first; nothing from before the first value. */
export function rowsOf(history: History, window: Window, now: number, step_ms: number): Row[] {
  const firsts = [history.hr, history.spo2, history.bp].map((all) => all[0]?.at ?? Infinity);
  const begin = Math.max(window.from, Math.min(...firsts));
  const end = Math.min(window.to, now);
  const rows: Row[] = [];
  for (let from = Math.floor(begin / step_ms) * step_ms; from < end; from += step_ms) {
    const to = Math.min(from + step_ms, end);
    const since = Math.max(from, begin);
    rows.push({
      from,
      to,
      hr: cellOf(history, 'hr', since, to),
      spo2: cellOf(history, 'spo2', since, to),
      cuffs: history.bp.filter(({ at }) => at >= from && at < to),
    });
  }
  return rows.reverse();
}

function cellOf(history: History, of: 'hr' | 'spo2', from: number, to: number): Cell {
  const points = history[of];
  const isInside = ({ at }: { at: number }) => at >= from && at < to;
  const inside = points.filter(isInside);
  const takenBack = history.takenBack.filter((one) => one.of === of && isInside(one));
  const values = inside.flatMap(({ value }) => (value === null ? [] : [value]));
  return {
    last: values.at(-1) ?? null,
    low: Math.min(...values),
    high: Math.max(...values),
    gap_ms: gapIn(points, from, to),
    ...(inside.some(({ corrected }) => corrected) ? { corrected: true } : {}),
    ...(takenBack.length > 0 ? { takenBack: takenBack.map(({ value }) => value) } : {}),
  };
}

/** A null marks where values end: from there to the next value there is none. */
function gapIn(points: readonly Point[], from: number, to: number): number {
  let gap_ms = 0;
  // Before the first value of all there is nothing.
  let open: number | null = -Infinity;
  const close = (at: number) => {
    if (open !== null) gap_ms += Math.max(0, Math.min(at, to) - Math.max(open, from));
    open = null;
  };
  for (const { at, value } of points) {
    if (value === null) open ??= at;
    else close(at);
  }
  close(to);
  return gap_ms;
}
