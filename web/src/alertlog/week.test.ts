import { expect, it } from 'vitest';
import { nameOf } from './names';
import { KNOWN } from '../alerts/outcomeChoices';
import { dateAt, mondayOf, readFigures, sundayOf, weeksLater } from './week';
import { words } from '../strings/alertlog';

it('a week begins on Monday, also over the end of a year', () => {
  for (const day of ['2026-11-23', '2026-11-25', '2026-11-29'])
    expect(mondayOf(day)).toBe('2026-11-23');
  expect(mondayOf('2027-01-01')).toBe('2026-12-28');
  expect(weeksLater('2026-12-28', 1)).toBe('2027-01-04');
  expect(weeksLater('2026-11-23', -1)).toBe('2026-11-16');
  expect(sundayOf('2026-11-23')).toBe('2026-11-29');
});

it('today is what the clock of the clinic says', () => {
  const at = Date.parse('2026-11-29T23:30:00Z');
  expect(dateAt(at, 'UTC')).toBe('2026-11-29');
  expect(dateAt(at, 'Europe/Berlin')).toBe('2026-11-30');
});

it('every condition has a name in words', () => {
  for (const condition of KNOWN) expect(Object.keys(words.conditions)).toContain(condition);
  expect(nameOf('of_tomorrow')).toBe('of tomorrow');
});

it('reads figures, and leaves out what is none', () => {
  const rule = {
    condition: 'spo2_low',
    profile: 'ketamine-iv-adult',
    count: 7,
    per_session: 1.4,
    with_outcome: 6,
    outcome_missing: 1,
    actionable_rate: 0,
    never_taken: 0,
    median_s: 20,
    centile_90_s: null,
  };
  const named = {
    condition: 'spo2_low',
    profile: 'ketamine-iv-adult',
    count: 7,
    with_outcome: 6,
    not_actionable: 6,
    score: 7,
  };
  const figures = readFigures({
    sessions: 5,
    rules: [rule, { count: 3 }],
    deserving: [named, { ...named, profile: null }],
  });
  expect(figures.sessions).toBe(5);
  expect(figures.rules).toHaveLength(1);
  expect(figures.rules[0]).toMatchObject({ actionable: 0, centile_s: null, missing: 1 });
  expect(figures.deserving).toHaveLength(1);
  expect(readFigures(null)).toEqual({ sessions: 0, rules: [], deserving: [] });
});
