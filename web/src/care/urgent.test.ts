import { expect, it } from 'vitest';
import type { Section } from '../rules/rules';
import type { PersonalLimit } from '../stream/shapes';
import { urgentOf } from './urgent';

const section = (condition: string, ...stages: [string, string][]): Section => ({
  condition,
  title: condition,
  kind: 'physiological',
  when: '',
  stages: stages.map(([name, text]) => ({ name, text, priority: 'high' })),
  clears: '',
  note: '',
});

const sections = [
  section('systolic_low', ['caution', 'Below 90.'], ['urgent', 'Below 85.'], ['extreme', 'x']),
  section('systolic_high', ['caution', '160.'], ['urgent', '180.'], ['urgent', 'other']),
  section('spo2_falling', ['urgent', 'Falls.']),
];

it('says what is urgent of a vital in the words of the rules, low before high', () => {
  expect(urgentOf('systolic', sections, [])).toEqual(['Below 85.', '180.']);
  expect(urgentOf('spo2', sections, [])).toEqual([]);
  expect(urgentOf('something', sections, [])).toEqual([]);
});

it('says this patient’s own urgent limit in place of the profile’s', () => {
  const own = [{ condition: 'systolic_high', urgent: 190 }] as unknown as PersonalLimit[];
  expect(urgentOf('systolic', sections, own)).toEqual(['Below 85.', 'own limit: ≥ 190']);
});
