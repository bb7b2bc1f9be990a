import { describe, expect, it } from 'vitest';
import { otherVital } from './otherVitals';
import { beyond, limitText } from './limits';
import { byHand, heartRate, pressure, shown, whyMissing } from './vitals';
import type { Reading, Session } from '../stream/shapes';
import { readReading, readSession } from '../stream/wire';

const NOW = 1_000_000_000;

const reading = (age_ms: number, rest: Partial<Reading> = {}): Reading => ({
  vital: 'spo2',
  value: 97,
  quality: 'good',
  taken_at: NOW - age_ms,
  received_at: NOW - age_ms,
  ...rest,
});

describe('a continuous vital', () => {
  it('is current up to 4 s, late up to 10 s, then gone', () => {
    expect(shown(reading(4_000), NOW)).toMatchObject({ text: '97', freshness: 'current' });
    expect(shown(reading(6_000), NOW)).toMatchObject({ text: '97', note: 'last 0:06 ago' });
    expect(shown(reading(10_001), NOW)).toMatchObject({ text: '––', freshness: 'stale' });
  });

  it('that is absent says why, and never shows the last number', () => {
    const { vital, quality, taken_at, received_at } = reading(500);
    const off = {
      vital,
      quality,
      taken_at,
      received_at,
      absent: 'sensor_off',
      since: NOW - 34_000,
    };
    expect(shown(off, NOW)).toMatchObject({ text: '––', note: 'sensor off 0:34' });
  });

  it('of invalid quality is no number', () => {
    expect(shown(reading(0, { quality: 'invalid' }), NOW).text).toBe('––');
  });

  it('is dated by its arrival when the monitor’s clock is far off', () => {
    const wrong = reading(1_000, { taken_at: NOW - 3_600_000 });
    expect(shown(wrong, NOW).freshness).toBe('current');
    const ahead = reading(30_000, { taken_at: NOW + 3_600_000 });
    expect(shown(ahead, NOW).freshness).toBe('stale');
  });
});

it('the pulse is shown in place of a heart rate that is gone', () => {
  const pulse_rate = reading(1_000, { vital: 'pulse_rate', value: 71 });
  const heart_rate = reading(60_000, { vital: 'heart_rate', value: 70 });
  expect(heartRate({ heart_rate, pulse_rate }, NOW)).toBe(pulse_rate);
  const fresh = reading(500, { vital: 'heart_rate', value: 70 });
  expect(heartRate({ heart_rate: fresh, pulse_rate }, NOW)).toBe(fresh);
});

describe('a cuff pressure', () => {
  const cuff = (age_ms: number, rest: Partial<Reading> = {}): Reading => {
    const { value: _, ...from } = reading(age_ms, { vital: 'nibp' });
    return { ...from, systolic: 128, diastolic: 82, ...rest };
  };
  const session = { cadence_s: 300 } as Session;

  it('keeps its value when it is old, and is marked', () => {
    expect(pressure(cuff(390_000), session, NOW)).toMatchObject({ freshness: 'current' });
    const old = pressure(cuff(390_001), session, NOW);
    expect(old).toMatchObject({ text: '128/82', freshness: 'stale' });
  });

  it('is shown while the next one is measured', () => {
    const { systolic: _, diastolic: __, ...rest } = cuff(1_000);
    const last = { systolic: 128, diastolic: 82, taken_at: NOW - 60_000 };
    const measuring = pressure({ ...rest, absent: 'measuring', last }, session, NOW);
    expect(measuring).toMatchObject({ text: '128/82', note: 'measuring', taken_at: NOW - 60_000 });
  });

  it('shows the part that the monitor gave', () => {
    const { diastolic: _, ...half } = cuff(0);
    expect(pressure(half, session, NOW).text).toBe('128/––');
  });
});

describe('a minor vital', () => {
  const temp = (age_ms: number, rest: Partial<Reading> = {}) =>
    otherVital(reading(age_ms, { vital: 'temp', value: 36.8, ...rest }), NOW);

  it('keeps its decimals, and goes when it is old', () => {
    expect(temp(1_000)).toEqual({ text: '36.8', age: '' });
    expect(temp(11_000).text).toBe('––');
  });

  it('of a slow monitor is current for as long as the server says', () => {
    expect(temp(25_000, { stale_after_ms: 30_000 }).text).toBe('36.8');
    expect(temp(30_001, { stale_after_ms: 30_000 }).text).toBe('––');
  });

  it('that a person entered is shown for half an hour, with its age', () => {
    expect(temp(720_000, { manual: true })).toEqual({ text: '36.8', age: '12 min ago' });
    expect(temp(1_800_001, { manual: true }).text).toBe('––');
  });
});

describe('why a tile misses its numbers', () => {
  const why = (hr: Partial<Reading>, spo2: Partial<Reading>) => {
    const vitals = { heart_rate: reading(500, { vital: 'heart_rate', ...hr }) };
    return whyMissing({ ...vitals, spo2: reading(500, spo2) }, NOW, false);
  };
  const late = { taken_at: NOW - 6_000, received_at: NOW - 6_000 };

  it('is said once where both have the same cause', () => {
    expect(why({}, {})).toBe('');
    expect(why(late, late)).toBe('last 0:06 ago');
  });

  it('names the saturation, which is more often the one', () => {
    const { value: _, ...absent } = reading(500, { absent: 'searching' });
    expect(whyMissing({ pulse_rate: reading(500), spo2: absent }, NOW, false)).toBe(
      'SpO₂ searching',
    );
    expect(why(late, {})).toBe('last 0:06 ago');
  });
});

describe('limits', () => {
  it('are shown as the values that do not alert', () => {
    expect(limitText({ low: 50, high: 110 })).toBe('51–109');
    expect(limitText({ low: 92 })).toBe('≥ 93');
    expect(limitText({ high: 160 })).toBe('≤ 159');
    expect(limitText(undefined)).toBe('');
  });

  it('alert at themselves', () => {
    const limits = { low: 50, high: 110 };
    expect([50, 51, 109, 110].map((value) => beyond(value, limits))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('a value beyond the range of the monitor', () => {
  it('is shown with its sign', () => {
    const read = (rest: object) =>
      readReading({ vital: 'spo2', value: 70, taken_at: NOW, received_at: NOW, ...rest })!;
    expect(shown(read({ bound: 'below' }), NOW).text).toBe('<70');
    expect(shown(read({ bound: 'above', value: 100 }), NOW).text).toBe('>100');
    expect(shown(read({ bound: 'sideways' }), NOW).text).toBe('70');
    expect(shown(read({ bound: 'below' }), NOW + 11_000).note).toBe('last <70, 0:11 ago');
  });
});

describe('a pressure', () => {
  const nibp = (rest: object) =>
    readReading({ vital: 'nibp', systolic: 118, diastolic: 76, received_at: NOW, ...rest })!;

  it('is as old as its measurement where the server has corrected the time, else as its arrival', () => {
    const taken_at = NOW - 180_000;
    const corrected = nibp({ taken_at, device_taken_at: taken_at - 3_600_000 });
    expect(pressure(corrected, null, NOW).taken_at).toBe(taken_at);
    expect(pressure(nibp({ taken_at }), null, NOW).taken_at).toBe(NOW);
  });

  it('by hand says so, and by whom, until that entry is withdrawn', () => {
    const manual = nibp({ taken_at: NOW - 60_000, source: 'manual' });
    const shownBp = pressure(manual, null, NOW);
    expect(shownBp).toMatchObject({ text: '118/76', manual: true, taken_at: NOW - 60_000 });
    const entry = (rest: object) =>
      readSession({
        id: 's',
        events: [
          {
            n: 1,
            at: NOW - 60_000,
            type: 'manual_vitals',
            by: 'KM',
            values: { systolic: 118, diastolic: 76 },
            ...rest,
          },
        ],
      });
    const of = { systolic: 118, diastolic: 76 };
    expect(byHand(true, entry({}), of)).toBe('by hand KM');
    expect(byHand(true, entry({ withdrawn: { by: 'TJ', at: NOW } }), of)).toBe('by hand');
    expect(byHand(true, null, of)).toBe('by hand');
    expect(byHand(false, entry({}), of)).toBe('');
  });
});
