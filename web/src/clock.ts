// The server's time on this device. Ages are always server now minus a timestamp; timers only
// cause repainting. The only file that reads a clock.

import { signal, type Signal } from '@preact/signals';

interface Sample {
  readonly offset_ms: number;
  readonly round_trip_ms: number;
}

/** Old enough to forget: a device's clock drifts. 30 pings are one minute. */
const SAMPLES_MAX = 30;
const JUMP_MS = 1_000;
const WRONG_CLOCK_MS = 2_000;

let samples: Sample[] = [];
let offset_ms = 0;
let known = false;

/** Server time, cut to whole seconds: changes once a second and repaints every age. */
export const second = signal(0);
const QUARTER_MS = 250;
/** The same, each a quarter of a second later than the one before: many ages share the work. */
export const quarters: readonly Signal<number>[] = [second, signal(0), signal(0), signal(0)];
/** Round trip of the last ping, for `presence`. */
export const lag_ms = signal(0);
/** How far this device's own clock is from the server's, or 0 when that does not matter. */
export const clockError_ms = signal(0);

/** This device's time; it never jumps while the page lives. */
export function monotonic_ms(): number {
  return performance.timeOrigin + performance.now();
}

export function now_ms(): number {
  return monotonic_ms() + offset_ms;
}

/** Milliseconds that only ever grow, for measuring spans. */
export function span_ms(): number {
  return performance.now();
}

let ahead_ms = Date.now() - span_ms();
/** How long this device may have slept: believed until the server says what is true. */
let guessed_ms = 0;

/**
 * Whether this device's own clock went on while the page's time did not: it slept, or its clock was
 * set. Until the server is heard every age is what it is if it slept.
 */
export function mayHaveSlept(): boolean {
  const leap_ms = Date.now() - span_ms() - ahead_ms;
  ahead_ms += leap_ms;
  if (leap_ms < JUMP_MS) return false;
  guessed_ms += leap_ms;
  offset_ms += leap_ms;
  samples = [];
  return true;
}

export function tick(): void {
  const now = now_ms();
  quarters.forEach((quarter, index) => {
    const shift_ms = index * QUARTER_MS;
    quarter.value = Math.floor((now - shift_ms) / 1_000) * 1_000 + shift_ms;
  });
  const error = Date.now() - now;
  clockError_ms.value =
    samples.length > 0 && Math.abs(error) > WRONG_CLOCK_MS ? Math.round(error / 1_000) * 1_000 : 0;
}

/**
 * A single ping can be wrong by tens of milliseconds under load: the quickest one is believed.
 * Gives back for how long the device slept, when this is what says so.
 */
export function pong(sent_at: number, server_now: number): number {
  const round_trip_ms = monotonic_ms() - sent_at;
  if (round_trip_ms < 0) return 0;
  const slept_ms = guessed_ms > 0 ? hear(server_now + round_trip_ms / 2) : 0;
  lag_ms.value = Math.round(round_trip_ms);
  samples = [
    ...samples,
    { round_trip_ms, offset_ms: server_now - (sent_at + round_trip_ms / 2) },
  ].slice(-SAMPLES_MAX);
  offset_ms = samples.reduce((best, next) =>
    next.round_trip_ms < best.round_trip_ms ? next : best,
  ).offset_ms;
  return slept_ms;
}

/**
 * The time in a snapshot or heartbeat: a first guess, and proof that a device slept. Gives back for
 * how long it did.
 */
export function hear(server_now: number): number {
  const ahead_ms = server_now - now_ms();
  const slept_ms = known ? guessed_ms + ahead_ms : 0;
  if (!known || ahead_ms > JUMP_MS || (guessed_ms > 0 && ahead_ms < -JUMP_MS)) {
    known = true;
    samples = [];
    offset_ms += ahead_ms;
  } else if (ahead_ms < -JUMP_MS) {
    // Late by the network, or the server's clock went back: the next ping says which.
    samples = [];
  }
  guessed_ms = 0;
  return slept_ms > JUMP_MS ? slept_ms : 0;
}
