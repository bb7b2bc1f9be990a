// The tones as data. The times follow the commonly published alarm tables; no conformance is
// claimed.

import type { Priority } from '../stream/shapes';

export type Tone = Priority | 'lost';

export interface Pulse {
  readonly at_s: number;
  readonly length_s: number;
  readonly hz: number;
}

const NOTES = { C5: 523.25, B4: 493.88, A4: 440, G4: 392, F4: 349.23, D4: 293.66, A3: 220 };

const HIGH_NOTES = [NOTES.C5, NOTES.B4, NOTES.A4, NOTES.G4, NOTES.F4];

export function bursts(tone: Tone): Pulse[] {
  switch (tone) {
    case 'high': {
      const first = run(HIGH_NOTES, 0.12, [0.1, 0.1, 0.32, 0.1]);
      const end_s = (first.at(-1)?.at_s ?? 0) + 0.12;
      const second = first.map((pulse) => ({ ...pulse, at_s: pulse.at_s + end_s + 0.7 }));
      return [...first, ...second];
    }
    case 'medium':
      return run([NOTES.A4, NOTES.B4, NOTES.C5], 0.18, [0.18, 0.18]);
    case 'low':
      return run([NOTES.G4, NOTES.F4], 0.18, [0.18]);
    case 'lost':
      return run([NOTES.G4, NOTES.D4, NOTES.A3], 0.6, [0.15, 0.15]);
  }
}

function run(notes: readonly number[], length_s: number, gaps_s: readonly number[]): Pulse[] {
  let at_s = 0;
  return notes.map((hz, index) => {
    const pulse = { at_s, length_s, hz };
    at_s += length_s + (gaps_s[index] ?? 0);
    return pulse;
  });
}

export function repeatAfter_ms(tone: Tone): number {
  return { high: 5_000, medium: 10_000, low: 30_000, lost: 8_000 }[tone];
}

/** Three steps with a floor: there is no silent one. */
export type Volume = 0 | 1 | 2;

/** The last one is what a loud screen escalates to. */
const GAINS = [0.2, 0.4, 0.7, 1] as const;

/** From 0 to 1; escalation is one step louder, whichever step was chosen. */
export function gain(volume: Volume, louder: boolean): number {
  return GAINS[volume + Number(louder)] ?? 1;
}

/** A high alert that nobody has taken for half a minute gets louder. */
export function escalated(priority: Priority, waiting_ms: number): boolean {
  return priority === 'high' && waiting_ms > 30_000;
}
