// The values behind a trend, with real gaps. Pure.

import type { Reading, SessionEvent } from '../stream/shapes';
import { age } from '../room/vitals';

export interface Point {
  /** Server time. */
  readonly at: number;
  /** Null where there was no value: the line breaks here. */
  readonly value: number | null;
  /** By the monitor's clock, where that is another time. */
  readonly taken_at?: number;
  readonly corrected?: boolean;
}

export interface Cuff {
  readonly at: number;
  readonly systolic: number;
  readonly diastolic: number;
  /** Who measured it by hand, and whether it was withdrawn since. */
  readonly hand?: Hand;
  readonly corrected?: boolean;
  /** The monitor has taken it back, or put another in its place. */
  readonly withdrawn?: boolean;
}

export interface Hand {
  readonly by: string;
  readonly withdrawn: boolean;
}

/** A value that the monitor has taken back, or put another in the place of. */
export interface TakenBack {
  readonly of: 'hr' | 'spo2';
  readonly at: number;
  readonly value: number;
}

/** A value of one moment that a person measured. */
export interface HandPoint extends Hand {
  readonly at: number;
  readonly value: number;
}

export interface History {
  readonly hr: Point[];
  readonly spo2: Point[];
  readonly bp: Cuff[];
  readonly takenBack: TakenBack[];
}

/** Longer without a value than this is a gap, not a line. */
const GAP_MS = 15_000;
/** A bound on what one page keeps: six hours at one value a second. */
const POINTS_MAX = 21_600;

export function emptyHistory(): History {
  return { hr: [], spo2: [], bp: [], takenBack: [] };
}

/** When a reading was true, by a clock that can be trusted. */
export function dated(reading: Reading): number {
  return -age(reading, 0);
}

export function extend(history: History, reading: Reading): void {
  // What a person measured is in the session's list, where it can be withdrawn.
  if (reading.manual === true) return;
  switch (reading.vital) {
    case 'heart_rate':
    case 'pulse_rate':
      if (!revise(history, 'hr', reading)) add(history.hr, reading);
      break;
    case 'spo2':
      if (!revise(history, 'spo2', reading)) add(history.spo2, reading);
      break;
    case 'nibp':
      addCuff(history.bp, reading);
      break;
  }
}

/** Whether the reading speaks of an earlier value: that is kept, beside what takes its place. */
function revise(history: History, of: TakenBack['of'], reading: Reading): boolean {
  const { corrected, withdrawn, taken_at } = reading;
  if (!corrected && !withdrawn) return false;
  const points = history[of];
  const index = points.findLastIndex((point) => (point.taken_at ?? point.at) === taken_at);
  const before = points[index];
  // What it corrects never came.
  if (before === undefined) return withdrawn === true;
  const value = withdrawn ? null : valueOf(reading);
  // Told once more, as it is by each frame that repeats the vital.
  if (before.value === value) return true;
  points[index] = { ...before, value, corrected: value !== null };
  if (before.value !== null) history.takenBack.push({ of, at: before.at, value: before.value });
  return true;
}

function valueOf(reading: Reading): number | null {
  return reading.quality === 'invalid' ? null : (reading.value ?? null);
}

function add(points: Point[], reading: Reading): void {
  const at = dated(reading);
  const value = valueOf(reading);
  const last = points.at(-1);
  if (last !== undefined) {
    // An ECG and a probe both give a rate: the first of one moment is drawn.
    if (at <= last.at) return;
    if (value === null && last.value === null) return;
    if (value !== null && last.value !== null && at - last.at > GAP_MS) {
      points.push({ at: last.at + 1, value: null });
    }
  }
  const { taken_at } = reading;
  points.push(taken_at === at ? { at, value } : { at, value, taken_at });
  if (points.length > POINTS_MAX) points.shift();
}

function addCuff(cuffs: Cuff[], reading: Reading): void {
  const { systolic, diastolic, corrected, withdrawn } = reading;
  const at = reading.measured_at ?? Math.min(reading.taken_at, reading.received_at);
  const isPressure = systolic !== undefined && diastolic !== undefined;
  const isGood = isPressure && reading.quality !== 'invalid' && !withdrawn;
  const index = cuffs.findLastIndex((cuff) => cuff.at === at && !cuff.withdrawn);
  const before = cuffs[index];
  if (before !== undefined) {
    const isSame = isGood && before.systolic === systolic && before.diastolic === diastolic;
    if (isSame || !(corrected || withdrawn)) return;
    cuffs[index] = { ...before, withdrawn: true };
    if (isGood) cuffs.splice(index + 1, 0, { at, systolic, diastolic, corrected: true });
    return;
  }
  const last = cuffs.at(-1);
  if (!isGood || (last !== undefined && at <= last.at)) return;
  cuffs.push({ at, systolic, diastolic, ...(corrected ? { corrected } : {}) });
}

/** The values of one kind that people measured. */
export function handPoints(events: readonly SessionEvent[], name: string): HandPoint[] {
  return events.flatMap(({ at, by, values, withdrawn }) => {
    const value = values[name];
    return value === undefined ? [] : [{ at, value, by, withdrawn: withdrawn !== null }];
  });
}

/** The pressures of the monitor and those of people, in order of time. */
export function allCuffs(history: History, events: readonly SessionEvent[]): Cuff[] {
  const byHand = events.flatMap(({ at, by, values, withdrawn }) => {
    const { systolic, diastolic } = values;
    const hand = { by, withdrawn: withdrawn !== null };
    return systolic === undefined || diastolic === undefined
      ? []
      : [{ at, systolic, diastolic, hand }];
  });
  return [...history.bp, ...byHand].sort((a, b) => a.at - b.at);
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

const HOUR_MS = 3_600_000;
/** Room to the right of now once the hour is full, so that the newest value is not on the edge. */
const MARGIN_MS = 120_000;

/** One hour from the start of the session, whose empty half shows what is left; then it slides. */
export function windowOf(start: number | null, now: number): Window {
  if (start !== null && now < start + HOUR_MS - MARGIN_MS)
    return { from: start, to: start + HOUR_MS };
  return { from: now - HOUR_MS + MARGIN_MS, to: now + MARGIN_MS };
}
