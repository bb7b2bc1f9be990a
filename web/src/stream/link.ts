// Is this screen monitoring? Decided from the time since the server's ward was last heard, and from
// how late that came. Pure.

export const SLOW_MS = 2_200;
export const LOST_MS = 4_000;
export const PING_MS = 2_000;

export type Link = 'connecting' | 'live' | 'slow' | 'lost';

export function judge(silence_ms: number, everHeard: boolean): Link {
  if (silence_ms > LOST_MS) return 'lost';
  if (!everHeard) return 'connecting';
  return silence_ms > SLOW_MS ? 'slow' : 'live';
}

/**
 * How late the stream is that still comes: every ping is answered behind what waits before it.
 * `lag_ms` is what the last answered one took; what is not answered yet takes longer.
 */
export function behind_ms(now_ms: number, answered_ms: number, lag_ms: number): number {
  return Math.max(lag_ms, now_ms - answered_ms - PING_MS);
}

/** A time without monitoring. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** More than anybody counts. */
const GAPS_MAX = 50;

export function withGap(before: readonly Gap[], gap: Gap): readonly Gap[] {
  return [...before, gap].slice(-GAPS_MAX);
}

const FIRST_MS = 250;
const MOST_MS = 3_000;

/** `luck` is in 0..1: ±30 % keeps many screens from coming back in the same instant. */
export function backOff_ms(attempt: number, luck: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** attempt) * (0.7 + 0.6 * luck);
}
