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
 * Between two pings it is at most the time that the last one took.
 */
export function behind_ms(now_ms: number, answered_ms: number): number {
  return now_ms - answered_ms - PING_MS;
}

/** Times without monitoring that nobody has dismissed yet. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly times: number;
  readonly lost_ms: number;
}

export function withGap(before: Gap | null, from: number, to: number): Gap {
  return {
    from: before?.from ?? from,
    to,
    times: (before?.times ?? 0) + 1,
    lost_ms: (before?.lost_ms ?? 0) + to - from,
  };
}

const FIRST_MS = 250;
const MOST_MS = 3_000;

/** `luck` is in 0..1: ±30 % keeps many screens from coming back in the same instant. */
export function backOff_ms(attempt: number, luck: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** attempt) * (0.7 + 0.6 * luck);
}
