import { expect, it } from 'vitest';
import { changed, choices, readAssigned, roomsOf } from './assigned';

const READ = readAssigned({
  assignments: [
    { room: '1', nurse: 'KM', backup: 'TJ', first: 'TJ', second: null },
    { room: '2', nurse: null, backup: null, first: null, second: null },
    { nurse: 'KM' },
  ],
  people: [
    { initials: 'KM', role: 'nurse', on_break: true, on_break_since: 5 },
    { initials: 'TJ', role: 'lead', on_break: false, on_break_since: null },
    { initials: null },
  ],
});
const [first, second] = READ.rooms;
if (first === undefined || second === undefined) throw new Error('two rooms were read');

it('reads who has what, and leaves out what it cannot name', () => {
  expect(first).toEqual({ room: '1', nurse: 'KM', backup: 'TJ', first: 'TJ' });
  expect(second.first).toBe('');
  expect(READ.people.map(({ initials, on_break }) => [initials, on_break])).toEqual([
    ['KM', true],
    ['TJ', false],
  ]);
  expect(readAssigned(null)).toEqual({ rooms: [], people: [] });
});

it('one person is never nurse and backup: they change places', () => {
  expect(changed(first, 'nurse', 'TJ')).toEqual({ room: '1', nurse: 'TJ', backup: 'KM' });
  expect(changed(first, 'backup', '')).toEqual({ room: '1', nurse: 'KM', backup: null });
  expect(changed(second, 'nurse', 'KM')).toEqual({ room: '2', nurse: 'KM', backup: null });
});

it('somebody who has left the staff is still named where they are assigned', () => {
  expect(choices(READ.people, 'KM')).toEqual(['KM', 'TJ']);
  expect(choices(READ.people, 'XX')).toEqual(['KM', 'TJ', 'XX']);
  expect(choices(READ.people, '')).toEqual(['KM', 'TJ']);
});

it('lists the rooms of a nurse', () => {
  expect(roomsOf(READ.rooms, 'KM')).toEqual(['1']);
  expect(roomsOf(READ.rooms, 'TJ')).toEqual([]);
});
