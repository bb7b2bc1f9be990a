import { describe, expect, it } from 'vitest';
import { hasOtherLimits, annotationsOf, annotationsOfValue } from './annotations';
import { asksWhetherKnownLow, conditionName, lowBaseline, stagesOf } from './annotationText';
import type { Session } from '../stream/shapes';
import { readSession } from '../stream/wire';

const session = (rest: object): Session => {
  const made = readSession({ id: 's', phase: 'infusing', ...rest });
  if (made === null) throw new Error('not a session');
  return made;
};
const own = (condition: string, rest: object = {}) => ({
  personal_limits: [{ condition, ...rest }],
});

it('own limits are marked on the number that they are about', () => {
  const high = session(own('systolic_high', { caution: 170 }));
  expect(annotationsOf(high, 'bp')).toEqual(['own']);
  expect(annotationsOf(high, 'hr')).toEqual([]);
  expect(hasOtherLimits(high)).toBe(false);
  expect(hasOtherLimits(session(own('temp_high')))).toBe(true);
});

it('a number says how it came about', () => {
  expect(annotationsOfValue({ manual: false, corrected: false })).toEqual([]);
  expect(annotationsOfValue({ manual: true, corrected: false })).toEqual(['hand']);
  expect(annotationsOfValue({ manual: false, corrected: true })).toEqual(['corrected']);
});

it('a display, which is not sent any of it, marks nothing', () => {
  expect(annotationsOf(session({}), 'hr')).toEqual([]);
  expect(annotationsOf(null, 'hr')).toEqual([]);
});

describe('a baseline known to be low', () => {
  it('is marked on the number that is low', () => {
    const athlete = session({ known_low: true, baseline: { heart_rate: 46, spo2: 97 } });
    expect(annotationsOf(athlete, 'hr')).toEqual(['low']);
    expect(annotationsOf(athlete, 'spo2')).toEqual([]);
    expect(lowBaseline(athlete)).toBe(' (HR 46)');
  });

  it('is marked on both when the numbers are not known', () => {
    const unknown = session({ known_low: true });
    expect([annotationsOf(unknown, 'hr'), annotationsOf(unknown, 'spo2')]).toEqual([
      ['low'],
      ['low'],
    ]);
    expect(lowBaseline(unknown)).toBe('');
  });
});

it('a condition and its limits are said in words', () => {
  expect(['hr_low', 'spo2_low', 'resp_rate_high', 'a_new_one'].map(conditionName)).toEqual([
    'HR low',
    'SpO₂ low',
    'Breathing rate high',
    'a new one',
  ]);
  const [limit] = session(
    own('hr_low', { caution: 40, urgent: 35, extreme: null }),
  ).personal_limits;
  expect(limit && stagesOf(limit)).toBe('caution 40 · urgent 35');
});

it('the tick is offered where a baseline was refused because it is low, and nowhere else', () => {
  const low = 'HR 46 is below 50: say that it is known to be low, or wait.';
  expect(asksWhetherKnownLow(409, low)).toBe(true);
  expect(asksWhetherKnownLow(503, low)).toBe(false);
  const named = 'SpO2 93 is low: name the prescriber who accepts it.';
  expect(asksWhetherKnownLow(409, named)).toBe(true);
  const nothing =
    'Nothing has been measured yet: enter the baseline’s values, or wait for the monitor.';
  expect(asksWhetherKnownLow(409, nothing)).toBe(false);
});
