import { describe, expect, it } from 'vitest';
import { plainWords } from './api';
import { detailOf } from './detail';
import { minutesAgo, signed, span } from './format';
import { emptyHistory, extend, windowOf } from './history';
import { backOff_ms, judge } from './link';
import { arrange } from './parts/arrange';
import { bursts, escalated } from './tones';
import type { Reading } from './wire';

describe('the link', () => {
  it('is slow after 2.2 s of silence and lost after 4 s', () => {
    expect(judge(2_200, true)).toBe('live');
    expect(judge(2_201, true)).toBe('slow');
    expect(judge(4_001, true)).toBe('lost');
  });

  it('that never was is lost as well', () => {
    expect(judge(1_000, false)).toBe('connecting');
    expect(judge(4_001, false)).toBe('lost');
  });

  it('is tried again after 250 ms doubled to 3 s, each ±30 %', () => {
    expect(backOff_ms(0, 0.5)).toBeCloseTo(250);
    expect(backOff_ms(2, 0.5)).toBeCloseTo(1_000);
    expect(backOff_ms(30, 0)).toBeCloseTo(2_100);
    expect(backOff_ms(30, 1)).toBeCloseTo(3_900);
  });
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

it('spans, ages and differences read as staff say them', () => {
  expect([span(7_900), span(750_000), span(7_509_000), span(-5)]).toEqual([
    '0:07',
    '12:30',
    '2:05:09',
    '0:00',
  ]);
  expect([minutesAgo(59_000), minutesAgo(61_000)]).toEqual(['just now', '1 min ago']);
  expect([signed(24), signed(-13), signed(0)]).toEqual(['+24', '−13', '±0']);
});

it('the columns are those that make the numerals largest', () => {
  expect(arrange(12, { width: 1_500, height: 1_064 }).columns).toBe(4);
  expect(arrange(8, { width: 1_500, height: 1_064 }).columns).toBe(3);
  expect(arrange(8, { width: 390, height: 100 })).toMatchObject({ columns: 2, scrolls: true });
  expect(arrange(200, { width: 1_500, height: 1_064 }).scrolls).toBe(true);
  const upright = { width: 469, height: 1_008 };
  expect(arrange(12, upright)).toEqual({ columns: 2, rows: 6, scrolls: false });
  expect(arrange(12, upright, true).scrolls).toBe(true);
  expect(arrange(32, upright)).toMatchObject({ columns: 2, scrolls: true });
});

it('a refusal is told in plain words with what is missing', () => {
  const problem = {
    title: 'Not ready',
    detail: 'Two things',
    unmet: ['escort', { title: 'walks' }],
  };
  expect(plainWords(problem)).toBe('Not ready: Two things. Still missing: escort; walks.');
  expect(plainWords(null)).toBe('The server refused this.');
  expect(detailOf(problem)).toBe(plainWords(problem));
  expect(detailOf({ title: 'not possible now', detail: 'HR is low.' })).toBe('HR is low.');
  expect(detailOf({ title: 'Busy' })).toBe('Busy.');
});
