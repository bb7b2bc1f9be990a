import { expect, it } from 'vitest';
import { themeAt } from './daylight';

it('is light by day, dim in the evening, and night from ten to seven', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => themeAt(hour));
  expect(hours.slice(0, 7)).toEqual(Array(7).fill('night'));
  expect(hours.slice(7, 18)).toEqual(Array(11).fill('light'));
  expect(hours.slice(18, 22)).toEqual(Array(4).fill('dim'));
  expect(hours.slice(22)).toEqual(['night', 'night']);
});
