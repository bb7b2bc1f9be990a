import { describe, expect, it } from 'vitest';
import { emptyHistory, extend, windowOf } from './history';
import type { Reading } from '../stream/shapes';

describe('a trend', () => {
  const spo2 = (at: number, rest: Partial<Reading>): Reading => ({
    vital: 'spo2',
    quality: 'good',
    taken_at: at,
    received_at: at,
    ...rest,
  });
  const values = (...readings: Reading[]) => {
    const history = emptyHistory();
    for (const reading of readings) extend(history, reading);
    return history.spo2.map(({ value }) => value);
  };

  it('breaks where a value was absent', () => {
    const off = spo2(2_000, { absent: 'sensor_off' });
    expect(values(spo2(1_000, { value: 97 }), off, spo2(3_000, { value: 96 }))).toEqual([
      97,
      null,
      96,
    ]);
  });

  it('breaks where nothing came for more than 15 s', () => {
    expect(values(spo2(0, { value: 97 }), spo2(15_000, { value: 96 }))).toEqual([97, 96]);
    expect(values(spo2(0, { value: 97 }), spo2(15_001, { value: 96 }))).toEqual([97, null, 96]);
  });

  it('starts with the session, fills its hour, then slides', () => {
    expect(windowOf(1_000, 60_000)).toEqual({ from: 1_000, to: 3_601_000 });
    expect(windowOf(0, 7_200_000)).toEqual({ from: 3_720_000, to: 7_320_000 });
  });
});
