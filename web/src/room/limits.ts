// Limits as staff read them. Pure.

import type { Bounds } from '../stream/shapes';

/** Whether a value alerts. */
export function beyond(value: number | undefined, { low, high }: Bounds = {}): boolean {
  if (value === undefined) return false;
  return (low !== undefined && value <= low) || (high !== undefined && value >= high);
}

/** The values that do not alert: `51–109`, `≥ 93`, `≤ 159`. */
export function limitText({ low, high }: Bounds = {}): string {
  const [from, to] = [low === undefined ? '' : low + 1, high === undefined ? '' : high - 1];
  if (low !== undefined && high !== undefined) return `${from}–${to}`;
  return low !== undefined ? `≥ ${from}` : high !== undefined ? `≤ ${to}` : '';
}
