// How often the infusion was paused, and for how long, as the session's list has it. Pure.

import type { Session } from '../stream/shapes';

export interface Pauses {
  readonly count: number;
  /** Of all of them so far, milliseconds. */
  readonly whole_ms: number;
  /** Since when it is paused now. */
  readonly since: number | null;
}

export function pausesOf(
  { events, phase, phase_since }: Pick<Session, 'events' | 'phase' | 'phase_since'>,
  now: number,
): Pauses {
  let count = 0;
  let whole_ms = 0;
  let open: number | null = null;
  for (const { type, at } of events) {
    if (type === 'pause' && open === null) {
      open = at;
      count += 1;
    } else if (open !== null && ENDS.has(type)) {
      whole_ms += at - open;
      open = null;
    }
  }
  const since = phase === 'paused' ? phase_since : null;
  // A list of which the beginning was cut off still says that it is paused.
  if (since !== null && open === null) count += 1;
  if (since !== null) whole_ms += Math.max(0, now - since);
  return { count, whole_ms, since };
}

const ENDS: ReadonlySet<string> = new Set(['resume', 'stop', 'abort', 'transfer']);

/** A pressure that is due at a time of its own, whatever was measured before. */
export interface FixedBp {
  readonly at_s: number;
  readonly early_s: number;
}

/** When the next of them is due; null once they are past, or taken a little early. */
export function nextFixed(
  fixed: readonly FixedBp[],
  started_at: number | null,
  lastBp: number | null,
  now: number,
): { readonly minutes: number; readonly at: number } | null {
  if (started_at === null) return null;
  const next = fixed
    .map(({ at_s, early_s }) => ({
      minutes: Math.round(at_s / 60),
      at: started_at + at_s * 1_000,
      early_ms: early_s * 1_000,
    }))
    .filter(({ at, early_ms }) => at >= now && (lastBp === null || lastBp < at - early_ms))
    .sort((a, b) => a.at - b.at);
  const first = next[0];
  return first === undefined ? null : { minutes: first.minutes, at: first.at };
}
