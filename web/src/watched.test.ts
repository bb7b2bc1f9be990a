import { expect, it } from 'vitest';
import { besides } from './watched';

it('a screen that is counted itself does not watch in its own place', () => {
  expect(besides(1, true)).toBe(0);
  expect(besides(2, true)).toBe(1);
  expect(besides(1, false)).toBe(1);
  expect(besides(0, true)).toBe(0);
});
