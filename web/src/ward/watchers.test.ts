import { expect, it } from 'vitest';
import { otherWatchers } from './watchers';

it('a screen that is counted itself does not watch in its own place', () => {
  expect(otherWatchers(1, true)).toBe(0);
  expect(otherWatchers(2, true)).toBe(1);
  expect(otherWatchers(1, false)).toBe(1);
  expect(otherWatchers(0, true)).toBe(0);
});
