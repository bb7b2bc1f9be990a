// Is this screen monitoring? Decided from the time since the server's ward was last heard. Pure.

export const SLOW_MS = 2_200;
export const LOST_MS = 4_000;

export type Link = 'connecting' | 'live' | 'slow' | 'lost';

export function judge(silence_ms: number, everHeard: boolean): Link {
  if (silence_ms > LOST_MS) return 'lost';
  if (!everHeard) return 'connecting';
  return silence_ms > SLOW_MS ? 'slow' : 'live';
}

const FIRST_MS = 250;
const MOST_MS = 3_000;

/** `luck` is in 0..1: ±30 % keeps many screens from coming back in the same instant. */
export function backOff_ms(attempt: number, luck: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** attempt) * (0.7 + 0.6 * luck);
}
