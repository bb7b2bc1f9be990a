// What a reading may be shown as, by its age. Pure: an old number is never a current one.

import { strings } from '../strings';
import { span } from '../format';
import type { Reading, Session } from '../stream/shapes';

export const LATE_MS = 4_000;
export const STALE_MS = 10_000;
/** A blood pressure is current for its cadence and this much. */
export const NIBP_GRACE_MS = 90_000;
export const DEFAULT_CADENCE_MS = 300_000;
/** A monitor whose clock is further off than this is dated by its arrival. */
const CLOCK_TRUST_MS = 60_000;

export type Freshness = 'never' | 'current' | 'late' | 'stale' | 'absent';

export interface Shown {
  readonly text: string;
  readonly freshness: Freshness;
  /** Small print below: why there is no number, or how old it is. */
  readonly note: string;
  /** The same in two words, where a tile is narrow. */
  readonly brief: string;
  readonly questionable: boolean;
  /** A person measured it. */
  readonly manual: boolean;
  /** The monitor has put it in the place of an earlier value. */
  readonly corrected: boolean;
  /** There is no number because the cuff is on the same arm. */
  readonly cuff: boolean;
}

export type Vitals = Readonly<Record<string, Reading>>;

/** Heart rate from the ECG, else the pulse; a current one before one that is not. */
export function heartRate(vitals: Vitals, now: number): Reading | undefined {
  const { heart_rate: ecg, pulse_rate: pulse } = vitals;
  if (ecg === undefined || pulse === undefined) return ecg ?? pulse;
  return !isCurrent(ecg, now) && isCurrent(pulse, now) ? pulse : ecg;
}

function isCurrent(reading: Reading, now: number): boolean {
  return reading.value !== undefined && !isStale(reading, now);
}

function isStale(reading: Reading, now: number): boolean {
  return age(reading, now) > (reading.stale_after_ms ?? STALE_MS);
}

export function age(reading: Reading, now: number): number {
  const under_way = reading.received_at - reading.taken_at;
  const trusted = under_way >= 0 && under_way <= CLOCK_TRUST_MS;
  return now - (trusted ? reading.taken_at : reading.received_at);
}

/** Absences that no cuff explains. */
const NOT_THE_CUFF: ReadonlySet<string> = new Set(['disconnected', 'never']);

/**
 * A continuous vital: heart rate or SpO₂. While `isCuffGate`, a value that is missing from the
 * probe is missing because of the cuff.
 */
export function shown(reading: Reading | undefined, now: number, isCuffGate = false): Shown {
  if (reading === undefined) return missing('never', '', '');
  if (
    reading.absent !== undefined ||
    reading.value === undefined ||
    reading.quality === 'invalid'
  ) {
    const why = reading.absent ?? 'invalid';
    // An ECG does not mind the cuff.
    if (isCuffGate && reading.vital !== 'heart_rate' && !NOT_THE_CUFF.has(why)) {
      return { ...missing('absent', strings.cuff, strings.cuff), cuff: true };
    }
    const spent = now - (reading.since ?? reading.taken_at);
    const label = strings.absent[why] ?? why.replaceAll('_', ' ');
    return missing('absent', `${label} ${span(spent)}`, label);
  }
  const old = age(reading, now);
  if (isStale(reading, now)) {
    return {
      ...missing('stale', strings.lastValue(bounded(reading), span(old)), strings.ago(span(old))),
      manual: reading.manual === true,
      corrected: reading.corrected === true,
    };
  }
  return {
    text: bounded(reading),
    freshness: old > LATE_MS ? 'late' : 'current',
    note: old > LATE_MS ? strings.lastAgo(span(old)) : '',
    brief: old > LATE_MS ? strings.lastAgo(span(old)) : '',
    questionable: reading.quality === 'questionable',
    manual: reading.manual === true,
    corrected: reading.corrected === true,
    cuff: false,
  };
}

function missing(freshness: Freshness, note: string, brief: string): Shown {
  const none = { questionable: false, manual: false, corrected: false, cuff: false };
  return { text: strings.missing, freshness, note, brief, ...none };
}

/** Why a tile's two continuous numbers are missing or late, in a few words; else nothing. */
export function whyMissing(vitals: Vitals, now: number, isCuffGate: boolean): string {
  const hr = shown(heartRate(vitals, now), now, isCuffGate).brief;
  const spo2 = shown(vitals['spo2'], now, isCuffGate).brief;
  if (hr === spo2 || spo2 === '') return hr;
  return `${strings.spo2} ${spo2}`;
}

/** `84`, `<70` */
function bounded({ value, bound }: Reading): string {
  return value === undefined ? strings.missing : (bound ?? '') + plain(value);
}

function plain(value: number): string {
  return String(Math.round(value)).replace('-', '−');
}

export interface Pressure {
  readonly text: string;
  readonly freshness: Freshness;
  readonly taken_at: number | null;
  readonly note: string;
  /** The last inflation gave nothing: the number, if there is one, is of the one before. */
  readonly failed: boolean;
  /** A person measured it. */
  readonly manual: boolean;
  /** The monitor has put it in the place of an earlier value. */
  readonly corrected: boolean;
}

/** A cuff pressure keeps its value when it is old, but no longer looks current. */
export function pressure(
  reading: Reading | undefined,
  session: Session | null,
  now: number,
): Pressure {
  if (reading === undefined) return noPressure('never', strings.noneYet);
  if (reading.absent !== undefined) {
    const failed = reading.absent === 'failed';
    const note = failed
      ? strings.bpFailed
      : (strings.absent[reading.absent] ?? reading.absent.replaceAll('_', ' '));
    // While the cuff measures, and after it failed, the last value is still shown, with its own age.
    if (reading.last?.systolic === undefined && reading.last?.diastolic === undefined) {
      return noPressure('absent', note, failed);
    }
    const { systolic, diastolic, taken_at, manual = false, corrected = false } = reading.last;
    const text = pressureText(systolic, diastolic);
    const freshness = cuffFreshness(taken_at, session, now);
    return { text, freshness, taken_at, note, failed, manual, corrected };
  }
  const { systolic, diastolic } = reading;
  if (reading.quality === 'invalid' || (systolic === undefined && diastolic === undefined)) {
    return noPressure('absent', strings.absent['invalid'] ?? '');
  }
  const taken_at = measuredAt(reading);
  return {
    text: pressureText(systolic, diastolic),
    freshness: cuffFreshness(taken_at, session, now),
    taken_at,
    note: '',
    failed: false,
    manual: reading.manual === true,
    corrected: reading.corrected === true,
  };
}

/** When a pressure was measured, by our clock, not the monitor's, which may be years off. */
export function measuredAt({ measured_at, received_at, taken_at }: Reading): number {
  return measured_at ?? (received_at || taken_at);
}

function cuffFreshness(taken_at: number, session: Session | null, now: number): Freshness {
  const cadence = session === null ? DEFAULT_CADENCE_MS : session.cadence_s * 1_000;
  return now - taken_at > cadence + NIBP_GRACE_MS ? 'stale' : 'current';
}

function pressureText(systolic: number | undefined, diastolic: number | undefined): string {
  const part = (value: number | undefined) =>
    value === undefined ? strings.missing : plain(value);
  return `${part(systolic)}/${part(diastolic)}`;
}

function noPressure(freshness: Freshness, note: string, failed = false): Pressure {
  const text = `${strings.missing}/${strings.missing}`;
  return { text, freshness, taken_at: null, note, failed, manual: false, corrected: false };
}

/** `by hand KM`: who measured what is shown, as the session's list knows it. */
export function byHand(
  manual: boolean,
  session: Session | null,
  parts: Readonly<Record<string, number | undefined>>,
): string {
  if (!manual) return '';
  const entry = session?.events.findLast(
    ({ values, withdrawn }) =>
      withdrawn === null &&
      Object.entries(parts).every(([name, value]) => value === undefined || values[name] === value),
  );
  return strings.byHand(entry?.by ?? '');
}

/** The last numbers, whatever their age, for the small print while the server is lost. */
export function lastKnown(vitals: Vitals): string {
  const number = (reading: Reading | undefined) => {
    const value = reading?.value ?? reading?.last?.value;
    return value === undefined ? '–' : plain(value);
  };
  const cuff = vitals['nibp'];
  const systolic = cuff?.systolic ?? cuff?.last?.systolic;
  const diastolic = cuff?.diastolic ?? cuff?.last?.diastolic;
  const bp =
    systolic === undefined && diastolic === undefined ? '–/–' : pressureText(systolic, diastolic);
  const hr = vitals['heart_rate'] ?? vitals['pulse_rate'];
  return strings.lastAll(number(hr), number(vitals['spo2']), bp);
}

export function hasNumbers(vitals: Vitals): boolean {
  return Object.keys(vitals).length > 0;
}
