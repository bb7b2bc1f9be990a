// A line of the last two minutes, broken where there was no value. Pure.

export interface Sample {
  readonly at: number;
  readonly value: number | null;
}

export const SPAN_MS = 120_000;
/** A calm signal is a calm line: never less than this from top to bottom. */
const LEAST_RANGE = 10;

export function polyline(
  samples: readonly Sample[],
  now: number,
  { width, height }: { width: number; height: number },
): string[] {
  const values = samples.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return [];
  const middle = (Math.min(...values) + Math.max(...values)) / 2;
  const range = Math.max(LEAST_RANGE, Math.max(...values) - Math.min(...values));
  const runs: string[][] = [[]];
  for (const { at, value } of samples) {
    if (value === null) {
      runs.push([]);
      continue;
    }
    const x = width * (1 - Math.min(1, Math.max(0, (now - at) / SPAN_MS)));
    const y = height / 2 - ((value - middle) / range) * (height - 4);
    runs.at(-1)?.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  }
  return runs.filter((run) => run.length > 1).map((run) => run.join(' '));
}
