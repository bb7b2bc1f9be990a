import { describe, expect, it } from 'vitest';
import type { Bounds } from '../stream/shapes';
import { presentRate } from './rate';
import { decimal, loosens, manualVitals, ownLimits, rateChange, vitalOf } from './bodies';
import { readSession } from '../stream/wire';
import { lastScore, readChoices } from './choices';

it('numbers are read with a comma or a point, and nothing else is a number', () => {
  expect(['36,8', ' 120 ', '0.5', '−2'].map(decimal)).toEqual([36.8, 120, 0.5, -2]);
  expect(['', '12o', '1,2,3', '1e3', '120/80'].map(decimal)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});

describe('vitals by hand', () => {
  it('are those that were filled in', () => {
    expect(
      manualVitals({ systolic: '120', diastolic: '80', temp: '36,8', spo2: ' ' }).event,
    ).toEqual({ type: 'manual_vitals', systolic: 120, diastolic: 80, temp: 36.8 });
  });

  it('are not sent while one is no number, or none is there', () => {
    expect(manualVitals({ systolic: '12o' }).wrong).toBe('Systolic is not a number.');
    expect(manualVitals({}).wrong).toBe('Nothing is filled in yet.');
  });
});

it('a change of rate needs the new one', () => {
  expect(rateChange({ from: '20', to: '40' }, 'mL/h').event).toEqual({
    type: 'rate_change',
    from: 20,
    to: 40,
    unit: 'mL/h',
  });
  expect(rateChange({ to: '40' }, 'mL/h').event).toEqual({
    type: 'rate_change',
    to: 40,
    unit: 'mL/h',
  });
  expect(rateChange({ from: '20' }, 'mL/h').wrong).toBeDefined();
});

describe('own limits', () => {
  const typed = { caution: '40', urgent: '', reason: ' athlete ' };

  it('name only the stages that were filled in', () => {
    expect(ownLimits('hr_low', typed).event).toEqual({
      type: 'limits',
      limits: { hr_low: { caution: 40 } },
      reason: 'athlete',
    });
  });

  it('are taken away by null', () => {
    expect(ownLimits('hr_low', { reason: 'mistake' }, true).event).toEqual({
      type: 'limits',
      limits: { hr_low: null },
      reason: 'mistake',
    });
  });

  it('need a reason, also to be taken away', () => {
    expect(ownLimits('hr_low', { caution: '40' }).wrong).toBe('Say why: a reason is needed.');
    expect(ownLimits('hr_low', { reason: ' ' }, true).wrong).toBeDefined();
  });

  const own = readSession({
    id: 's',
    personal_limits: [{ condition: 'systolic_high', caution: 165, urgent: 185 }],
  })?.personal_limits[0];
  const now = (bounds: Bounds | undefined) => ({ own: undefined, bounds });

  it('that loosen are distinguished from those that tighten', () => {
    expect(loosens('systolic_high', { urgent: '190' }, { own, bounds: { high: 165 } })).toBe(true);
    expect(loosens('systolic_high', { urgent: '180' }, { own, bounds: { high: 165 } })).toBe(false);
    expect(loosens('hr_low', { caution: '40' }, now({ low: 50 }))).toBe(true);
    expect(loosens('hr_low', { caution: '55' }, now({ low: 50 }))).toBe(false);
    expect(loosens('systolic_high', { caution: '175' }, now({ high: 165 }))).toBe(true);
    expect(loosens('systolic_high', { caution: '150' }, now({ high: 165 }))).toBe(false);
    expect(loosens('temp_high', { caution: '39' }, now(undefined))).toBe(false);
  });

  it('are compared with the limits of their vital', () => {
    expect(['hr_low', 'spo2_low', 'systolic_high'].map(vitalOf)).toEqual([
      'heart_rate',
      'spo2',
      'systolic',
    ]);
  });
});

it('the last score is the newest that was not withdrawn', () => {
  const session = readSession({
    id: 's',
    events: [
      { n: 1, at: 1_000, type: 'score', by: 'KM', text: 'Calm 1' },
      { n: 2, at: 2_000, type: 'score', by: 'KM', text: 'Calm 2' },
      { n: 3, at: 3_000, type: 'score', by: 'KM', text: 'Calm 1', withdrawn: { by: 'KM', at: 4 } },
      { n: 4, at: 5_000, type: 'score', by: 'KM', text: 'Calmness 7' },
      { n: 5, at: 6_000, type: 'note', by: 'KM', text: 'Calm 1' },
    ],
  });
  const calm = { name: 'calm', text: 'Calm', lowest: 1, highest: 2, meanings: [] };
  expect(lastScore(session?.events ?? [], calm)).toEqual({ value: '2', at: 2_000 });
  expect(lastScore([], calm)).toBeNull();
});

describe('the choices of a profile', () => {
  it('are complete, or left out', () => {
    const read = readChoices({
      symptoms: [
        { name: 'chest_pain', text: 'Chest pain' },
        { text: 'no name' },
        { name: 'cough' },
      ],
      scores: [
        { name: 'calm', text: 'Calm', lowest: 1, highest: 2, meanings: ['not', 'very'] },
        { name: 'pain', text: 'Pain', lowest: 0, highest: 10 },
        { name: 'odd' },
      ],
    });
    expect(read.symptoms).toEqual([
      { name: 'chest_pain', text: 'Chest pain' },
      { name: 'cough', text: 'cough' },
    ]);
    expect(read.scores.map(({ name, meanings }) => [name, meanings])).toEqual([
      ['calm', ['not', 'very']],
      ['pain', []],
    ]);
  });

  it('of limits are conditions with a limit of the patient', () => {
    const conditions = ['spo2_low', 'spo2_falling', 'symptom', 'disk_low', 'temp_high'];
    const read = readChoices({ conditions: conditions.map((condition) => ({ condition })) });
    expect(read.limits.map(({ name }) => name)).toEqual(['spo2_low', 'temp_high']);
  });

  it('of an odd answer are none', () => {
    expect(readChoices(null)).toEqual({ symptoms: [], scores: [], limits: [] });
  });
});

describe('the rate of now', () => {
  const changed = (n: number, text: string, withdrawn: string | null = null) => ({
    n,
    at: n,
    type: 'rate_change',
    by: 'KM',
    text,
    ...(withdrawn === null ? {} : { withdrawn: { by: withdrawn, at: n } }),
  });
  const rate = (...events: object[]) => presentRate(readSession({ id: 's', events })?.events ?? []);

  it('is the last that was set and not withdrawn', () => {
    expect(rate()).toBe(null);
    expect(rate(changed(1, 'Rate changed from 20 to 40.5 mL/h'))).toEqual({
      rate: '40.5',
      unit: 'mL/h',
    });
    expect(rate(changed(1, 'Rate changed to 30'), changed(2, 'Rate changed to 60', 'KM'))).toEqual({
      rate: '30',
      unit: null,
    });
  });
});
