import { expect, it } from 'vitest';
import { CLOSEST_MS, moved, showing, stretched, zoomed } from './window';

const whole = { from: 0, to: 6_000_000 };
const window = { from: 1_000_000, to: 2_000_000 };

it('moves and keeps its length inside the whole', () => {
  expect(moved(window, 500_000, whole)).toEqual({ from: 1_500_000, to: 2_500_000 });
  expect(moved(window, 1e9, whole)).toEqual({ from: 5_000_000, to: 6_000_000 });
  expect(moved(window, -1e9, whole)).toEqual({ from: 0, to: 1_000_000 });
  expect(moved({ from: -5, to: 9e9 }, 3, whole)).toEqual(whole);
});

it('stretches by one edge, and never so far that nothing is left', () => {
  expect(stretched(window, 'from', -7, whole)).toEqual({ from: 0, to: 2_000_000 });
  expect(stretched(window, 'from', 9e9, whole).from).toBe(2_000_000 - CLOSEST_MS);
  expect(stretched(window, 'to', 0, whole).to).toBe(1_000_000 + CLOSEST_MS);
  expect(stretched(window, 'to', 9e9, whole).to).toBe(6_000_000);
  const short = { from: 0, to: 60_000 };
  expect(stretched(short, 'from', 50_000, short)).toEqual(short);
});

it('zooms around what somebody looks at, and no closer than can be read', () => {
  expect(zoomed(window, 0.5, 1_200_000, whole)).toEqual({ from: 1_100_000, to: 1_600_000 });
  expect(zoomed(window, 0.5, 5_000_000, whole)).toEqual({ from: 1_250_000, to: 1_750_000 });
  expect(zoomed(window, 100, 1_200_000, whole)).toEqual(whole);
  const closest = zoomed(window, 1e-9, 1_200_000, whole);
  expect(closest.to - closest.from).toBe(CLOSEST_MS);
});

it('comes to a time that is outside it or at its very edge, and else stays', () => {
  expect(showing(window, 1_500_000, whole)).toBe(window);
  expect(showing(window, 4_000_000, whole)).toEqual({ from: 3_500_000, to: 4_500_000 });
  expect(showing(whole, 0, whole)).toEqual(whole);
});
