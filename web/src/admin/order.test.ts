import { expect, it } from 'vitest';
import { moved, placesToChange } from './order';

it('a thing is moved, and nothing is moved out of its list', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
});

const rooms = (...orders: number[]) => orders.map((order, n) => ({ id: `r${n + 1}`, order }));

it('of rooms that change places only those are placed anew', () => {
  expect(placesToChange(rooms(1, 2, 3), ['r1', 'r3', 'r2'])).toEqual([
    { id: 'r3', order: 2 },
    { id: 'r2', order: 3 },
  ]);
  expect(placesToChange(rooms(1, 2, 3), ['r1', 'r2', 'r3'])).toEqual([]);
});

it('rooms that share a place get places of their own', () => {
  expect(placesToChange(rooms(5, 5, 5), ['r2', 'r1', 'r3'])).toEqual([
    { id: 'r1', order: 6 },
    { id: 'r3', order: 7 },
  ]);
});
