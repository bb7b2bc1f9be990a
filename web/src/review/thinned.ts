// As many points as can be seen: a session of hours has many more values than a screen has pixels.
// Pure.

import { lastIndex } from './at';
import type { Curve } from './read';
import type { Window } from './window';
import type { Point } from '../trend/history';

/** Longer without a value than this is a gap, whatever the record says of it. */
const GAP_MS = 15_000;

/** The first, lowest, highest and last value of each column of pixels, and a null where a line breaks. */
export function thinned(curve: Curve, { from, to }: Window, columns: number): Point[] {
  const { at, values, gaps } = curve;
  const begin = Math.max(0, lastIndex(at, from));
  const end = Math.min(at.length, lastIndex(at, to) + 2);
  const points: Point[] = [];
  let column = NaN;
  let kept: { index: number; low: number; high: number; last: number } | null = null;
  const close = () => {
    if (kept === null) return;
    const { index, low, high, last } = kept;
    for (const one of [...new Set([index, ...(low < high ? [low, high] : [high, low]), last])])
      points.push({ at: at[one] ?? 0, value: values[one] ?? null });
    kept = null;
  };
  let gap = 0;
  for (let index = begin; index < end; index += 1) {
    const time = at[index] ?? 0;
    const before = index === begin ? null : (at[index - 1] ?? 0);
    if (before !== null) {
      while (gap < gaps.length && (gaps[gap]?.to ?? 0) <= before) gap += 1;
      const next = gaps[gap];
      if (time - before > GAP_MS || (next !== undefined && next.from < time)) {
        close();
        points.push({ at: before + 1, value: null });
        column = NaN;
      }
    }
    const here = Math.floor(((time - from) / (to - from)) * columns);
    const value = values[index] ?? 0;
    if (here !== column || kept === null) {
      close();
      column = here;
      kept = { index, low: index, high: index, last: index };
      continue;
    }
    if (value < (values[kept.low] ?? 0)) kept.low = index;
    if (value > (values[kept.high] ?? 0)) kept.high = index;
    kept.last = index;
  }
  close();
  return points;
}
