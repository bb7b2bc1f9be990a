// A cuff on the arm of the probe takes its pulse away while it inflates: the value is then missing
// because of the cuff. Only the word changes, and only for as long as that can be the cause; the
// rules and their alerts are the server's (clinical.md#the-cuff-and-the-finger-clip). Pure.

import { measuredAt } from './vitals';
import type { Inflation, Reading } from '../stream/shapes';

/** Longer after the start of an inflation the cuff is no excuse. */
export const CUFF_MAX_MS = 60_000;
/** The time a probe needs to find the pulse again. */
export const CUFF_AFTER_MS = 20_000;

/** Whether a missing saturation or pulse is put down to the cuff. */
export function isCuffGate(cuff: Inflation | null, now: number): boolean {
  if (cuff === null || cuff.since === null || now - cuff.since > CUFF_MAX_MS) return false;
  return cuff.ended_at === null || now - cuff.ended_at <= CUFF_AFTER_MS;
}

/**
 * The pressure with what the cuff says: while it measures, and after it failed, the last value
 * stays, with its own age.
 */
export function withCuff(nibp: Reading | undefined, cuff: Inflation | null): Reading | undefined {
  if (cuff === null || cuff.state === 'done' || cuff.state === 'unknown') return nibp;
  const at = cuff.ended_at ?? cuff.since ?? 0;
  const last = nibp === undefined ? {} : { last: { ...nibp, taken_at: measuredAt(nibp) } };
  const manual = nibp?.manual === true ? { manual: true } : {};
  return {
    vital: 'nibp',
    absent: cuff.state,
    since: at,
    ...last,
    ...manual,
    quality: 'good',
    taken_at: at,
    received_at: at,
  };
}
