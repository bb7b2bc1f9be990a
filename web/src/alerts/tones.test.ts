import { describe, expect, it } from 'vitest';
import { bursts, escalated, gain } from './tones';

it('every step can be heard, and a high alert that waits is one step louder at each of them', () => {
  for (const volume of [0, 1, 2] as const) {
    expect(gain(volume, false)).toBeGreaterThan(0.1);
    expect(gain(volume, true)).toBeGreaterThan(gain(volume, false));
  }
  expect(gain(2, true)).toBe(1);
});

describe('sounds', () => {
  it('have 10, 3, 2 and 3 pulses', () => {
    const counts = (['high', 'medium', 'low', 'lost'] as const).map((tone) => bursts(tone).length);
    expect(counts).toEqual([10, 3, 2, 3]);
  });

  it('of high priority pause 700 ms between two groups of five', () => {
    const pulses = bursts('high');
    const fifth = pulses[4];
    const sixth = pulses[5];
    expect((sixth?.at_s ?? 0) - (fifth?.at_s ?? 0) - (fifth?.length_s ?? 0)).toBeCloseTo(0.7);
  });

  it('get louder only for a high alert that has waited half a minute', () => {
    expect(escalated('high', 30_001)).toBe(true);
    expect(escalated('high', 30_000)).toBe(false);
    expect(escalated('medium', 90_000)).toBe(false);
  });
});
