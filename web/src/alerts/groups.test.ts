import { expect, it } from 'vitest';
import { readAlert } from '../stream/wire';
import { byRoom } from './groups';

const alert = (id: string, room: string | null) => {
  const read = readAlert({ id, room });
  if (read === null) throw new Error('no alert');
  return read;
};

it('alerts of one room are one thing to go to, in the place of its most urgent', () => {
  const groups = byRoom([
    alert('a', '3'),
    alert('b', '2'),
    alert('c', null),
    alert('d', '3'),
    alert('e', null),
  ]);
  expect(groups.map((group) => group.map(({ id }) => id).join(''))).toEqual(['ad', 'b', 'c', 'e']);
});
