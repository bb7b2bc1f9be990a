import { expect, it } from 'vitest';
import { timeTicks, valueTicks } from './axis';

it('values are labelled in steps that people count in, as close as they stay readable', () => {
  expect(valueTicks(80, 100, 120, 24)).toEqual([80, 85, 90, 95, 100]);
  expect(valueTicks(40, 200, 190, 24)).toEqual([50, 75, 100, 125, 150, 175, 200]);
  expect(valueTicks(40, 140, 60, 24)).toEqual([50, 100]);
});

it('times are labelled at round minutes', () => {
  const minute = 60_000;
  const noon = Date.UTC(2026, 10, 21, 12);
  const at = timeTicks(noon - 3 * minute, noon + 57 * minute, 1_000, 70);
  expect(at.map((time) => (time - noon) / minute)).toEqual([
    0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55,
  ]);
  const narrow = timeTicks(noon, noon + 60 * minute, 280, 70);
  expect(narrow.map((time) => (time - noon) / minute)).toEqual([0, 15, 30, 45, 60]);
});

it('nothing is labelled where there is no room or no span', () => {
  expect(valueTicks(80, 100, 0, 24)).toEqual([]);
  expect(valueTicks(80, 80, 100, 24)).toEqual([]);
  expect(timeTicks(1, 1, 100, 70)).toEqual([]);
});
