import { expect, it } from 'vitest';
import { comparable, placeOf, readPast } from './past';
import { alignedTo } from './under';
import type { Session } from '../stream/shapes';

const session = (patient: object) =>
  ({ id: 's-3', profile: 'ketamine-iv-adult', raw: { patient } }) as unknown as Session;

const one = (id: string, more = {}) => ({
  id,
  profile: 'ketamine-iv-adult',
  opened_at: 1_000,
  started_at: 2_000,
  number: 2,
  baseline: { systolic: 127, diastolic: 79, heart_rate: 72, spo2: null },
  peak: { systolic: 148, diastolic: 88, heart_rate: 84, spo2: 95 },
  given: { mg: 35 },
  remarks: [{ at: 3_000, by: 'KM', text: 'Nausea after 20 min' }],
  ...more,
});

it('reads what the earlier sessions of the course say, and not the one of now', () => {
  const past = readPast({ sessions: [one('s-3'), one('s-2')] }, 's-3', 'ketamine-iv-adult');
  expect(past.sessions).toEqual([
    {
      id: 's-2',
      at: 1_000,
      started_at: 2_000,
      number: 2,
      baseline: { systolic: 127, diastolic: 79, heart_rate: 72 },
      peak: { systolic: 148, diastolic: 88, heart_rate: 84, spo2: 95 },
      mg: 35,
      remarks: ['Nausea after 20 min'],
    },
  ]);
});

it('compares with no other drug, and lays only what was started under today', () => {
  const sessions = [
    one('s-1', { profile: 'esketamine-nasal-adult' }),
    one('s-2', { started_at: null }),
    one('s-0'),
  ];
  const past = readPast({ sessions }, 's-3', 'ketamine-iv-adult');
  expect(past.sessions.map(({ id }) => id)).toEqual(['s-2', 's-0']);
  expect(comparable(past).map(({ id }) => id)).toEqual(['s-0']);
});

it('suggests no baseline that has no value', () => {
  const past = (suggested_baseline: unknown) => readPast({ suggested_baseline }, 's-3', '');
  expect(past({ at: 5, baseline: { systolic: 127 } }).suggested).toEqual({
    at: 5,
    baseline: { systolic: 127 },
  });
  expect(past({ at: 5, baseline: { systolic: null } }).suggested).toBeNull();
  expect(past(null).suggested).toBeNull();
});

it('asks for the course, else for the patient, else for nothing', () => {
  expect(placeOf(session({ course: 'c-1', id: 'p-1' }))).toBe('/courses/c-1');
  expect(placeOf(session({ id: 'p 1' }))).toBe('/patients/p%201');
  expect(placeOf(session({ initials: 'R.B.' }))).toBeNull();
});

it('aligns an earlier session at the start of today’s', () => {
  const history = {
    hr: [{ at: 2_000, value: 70 }],
    spo2: [{ at: 2_500, value: null }],
    bp: [{ at: 3_000, systolic: 130, diastolic: 80 }],
    takenBack: [],
  };
  const moved = alignedTo(history, 2_000, 10_000);
  expect(moved.hr).toEqual([{ at: 10_000, value: 70 }]);
  expect(moved.spo2).toEqual([{ at: 10_500, value: null }]);
  expect(moved.bp).toEqual([{ at: 11_000, systolic: 130, diastolic: 80 }]);
});
