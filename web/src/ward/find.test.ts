import { expect, it } from 'vitest';
import { found, type Place } from './find';

const rooms: Place[] = ['J.T.', 'A.K.', '', 'J.B.'].map((initials, index) => ({
  id: `r${index}`,
  name: ['Room 1', 'Room 2', 'Room 12', 'Garden'][index] ?? '',
  initials,
}));
const names = (typed: string) => found(typed, rooms).map(({ name }) => name);

it('a number finds its room before those that begin with it', () => {
  expect(names('1')).toEqual(['Room 1', 'Room 12']);
  expect(names('12')).toEqual(['Room 12']);
  expect(names('room 2')).toEqual(['Room 2']);
});

it('initials are found with or without their points, in any case', () => {
  expect(names('jt')).toEqual(['Room 1']);
  expect(names('J.')).toEqual(['Room 1', 'Garden']);
});

it('a name is found by a part of it, and nothing by nothing', () => {
  expect(names('arde')).toEqual(['Garden']);
  expect(names('  ')).toEqual([]);
  expect(names('zz')).toEqual([]);
});
