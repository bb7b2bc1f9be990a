// When what is recorded was done, when not now. Pure.

import { hourMinute } from '../format';

const MINUTE_MS = 60_000;
const DAY_MIN = 24 * 60;

/** How it was said: so many minutes ago, or at a time of the day. */
export type When = { readonly ago_min: number } | { readonly clock: string };

export const NOW: When = { ago_min: 0 };

/** The last time that the clinic's clock showed `clock`, or null when that is none. */
export function lastTimeOf(clock: string, now: number): number | null {
  if (!/^\d\d:\d\d$/.test(clock)) return null;
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  for (let back = 0; back < DAY_MIN; back += 1) {
    const at = minute - back * MINUTE_MS;
    if (hourMinute(at) === clock) return at;
  }
  return null;
}

/** Null for now: then the server's own time counts. */
export function occurredAt(when: When, now: number): number | null {
  if ('clock' in when) return lastTimeOf(when.clock, now);
  return when.ago_min === 0 ? null : now - when.ago_min * MINUTE_MS;
}
