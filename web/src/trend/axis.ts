// Where the lines of a grid lie. Pure.

/** Steps that people count in. */
const STEPS = [1, 2, 5, 10, 20, 25, 50, 100];
const MINUTE_MS = 60_000;
const MINUTE_STEPS = [1, 2, 5, 10, 15, 30, 60];

/** The smallest step whose lines are at least `space_px` apart. */
function stepOf(steps: readonly number[], span: number, size_px: number, space_px: number): number {
  const fits = (step: number) => (step / span) * size_px >= space_px;
  return steps.find(fits) ?? steps.at(-1) ?? span;
}

function multiples(step: number, min: number, max: number): number[] {
  const found: number[] = [];
  for (let at = Math.ceil(min / step) * step; at <= max; at += step) found.push(at);
  return found;
}

/** Values to label between `min` and `max`. */
export function valueTicks(min: number, max: number, size_px: number, space_px: number): number[] {
  if (max <= min || size_px <= 0) return [];
  return multiples(stepOf(STEPS, max - min, size_px, space_px), min, max);
}

/** Round times to label between `from` and `to`. */
export function timeTicks(from: number, to: number, size_px: number, space_px: number): number[] {
  if (to <= from || size_px <= 0) return [];
  const steps = MINUTE_STEPS.map((minutes) => minutes * MINUTE_MS);
  return multiples(stepOf(steps, to - from, size_px, space_px), from, to);
}
