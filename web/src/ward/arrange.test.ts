import { expect, it } from 'vitest';
import { arrange } from './arrange';

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
