import { expect, it } from 'vitest';
import { gain } from './tones';

it('every step can be heard, and a high alert that waits is one step louder at each of them', () => {
  for (const volume of [0, 1, 2] as const) {
    expect(gain(volume, false)).toBeGreaterThan(0.1);
    expect(gain(volume, true)).toBeGreaterThan(gain(volume, false));
  }
  expect(gain(2, true)).toBe(1);
});
