// Vitals that have no numeral of their own. Pure.

import { minutesAgo } from '../format';
import { strings } from '../strings';
import { age, shown } from './vitals';
import type { Reading } from '../stream/shapes';

/** What a person measured is shown for this long, with its age beside it. */
const MANUAL_MS = 1_800_000;

export interface OtherVital {
  readonly text: string;
  /** Empty for what a monitor sends all the time. */
  readonly age: string;
}

/** A vital that has no numeral of its own, with the sender's decimals. */
export function otherVital(reading: Reading, now: number): OtherVital {
  if (reading.manual === true) return byHand(reading, now);
  const { freshness } = shown(reading, now);
  const current = freshness === 'current' || freshness === 'late';
  const text = (reading.bound ?? '') + exact(reading.value);
  return { text: current ? text : strings.missing, age: '' };
}

function byHand(reading: Reading, now: number): OtherVital {
  // A snapshot has what was entered a while ago as the last value of a stale one.
  const last = reading.absent === 'stale' ? reading.last : undefined;
  const value = reading.value ?? last?.value;
  const old = last === undefined ? age(reading, now) : now - last.taken_at;
  if (value === undefined || old > MANUAL_MS) return { text: strings.missing, age: '' };
  return { text: exact(value), age: minutesAgo(old) };
}

function exact(value: number | undefined): string {
  return value === undefined ? strings.missing : String(value).replace('-', '−');
}
