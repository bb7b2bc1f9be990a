// A cuff on the arm of the probe takes its pulse away while it inflates: the value is then missing
// because of the cuff. Only the word changes, and only for as long as that can be the cause; the
// rules and their alerts are the server's. Pure.

import { age } from './vitals';
import type { Inflation, Reading } from './wire';

/** Longer after the start of an inflation the cuff is no excuse (CLINICAL 6, scenario 14). */
export const CUFF_MAX_MS = 60_000;
/** The time a probe needs to find the pulse again. */
export const CUFF_AFTER_MS = 20_000;

/** Whether a missing saturation or pulse is put down to the cuff. */
export function isCuffGate(cuff: Inflation | null, now: number): boolean {
  if (cuff === null || now - cuff.since > CUFF_MAX_MS) return false;
  return cuff.ended_at === null || now - cuff.ended_at <= CUFF_AFTER_MS;
}

/** The inflation after a reading of the cuff was heard. */
export function heard(cuff: Inflation | null, nibp: Reading | undefined): Inflation | null {
  if (nibp === undefined) return cuff;
  if (nibp.absent !== 'measuring') {
    return cuff === null || cuff.ended_at !== null ? cuff : { ...cuff, ended_at: nibp.received_at };
  }
  const heard_at = nibp.received_at;
  const goesOn = cuff !== null && cuff.ended_at === null && heard_at - cuff.heard_at <= CUFF_MAX_MS;
  return goesOn ? { ...cuff, heard_at } : { since: -age(nibp, 0), heard_at, ended_at: null };
}

/** The inflation as a snapshot leaves it: what it says, else what can be told from the rest. */
export function inflation(
  told: Inflation | null,
  nibp: Reading | undefined,
  before: Inflation | null,
  now: number,
): Inflation | null {
  if (told !== null) return told;
  if (nibp?.absent === 'measuring') {
    const since = nibp.since ?? -age(nibp, 0);
    return { since, heard_at: nibp.received_at, ended_at: null };
  }
  return before === null || before.ended_at !== null ? before : { ...before, ended_at: now };
}
