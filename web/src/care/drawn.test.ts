import { expect, it } from 'vitest';
import { calipers } from './calipers';
import { polyline } from './spark';

const SIZE = { width: 200, height: 100 };

it('draws pressures between round numbers, a higher one above', () => {
  const { lines, bars } = calipers(
    [
      { at: 1, text: '128/78' },
      { at: 2, text: '152/94' },
      { at: 3, text: 'failed' },
    ],
    SIZE,
  );
  expect(lines.map(({ value }) => value)).toEqual([50, 100, 150, 200]);
  expect(bars).toHaveLength(2);
  expect(bars[1]!.top).toBeLessThan(bars[0]!.top);
  expect(bars[0]!.top).toBeLessThan(bars[0]!.bottom);
  expect(calipers([], SIZE)).toEqual({ lines: [], bars: [] });
});

it('breaks a line where there was no value', () => {
  const samples = [70, 71, null, 72, 73].map((value, index) => ({ at: index * 1_000, value }));
  expect(polyline(samples, 5_000, SIZE)).toHaveLength(2);
  expect(polyline([{ at: 0, value: null }], 5_000, SIZE)).toEqual([]);
});
