import { expect, it } from 'vitest';
import { readCaption, toldAt } from './demo';

const story = [
  { at: 0, room: null, text: 'Mid-morning.' },
  { at: 150_000, room: '5', text: 'Room 5 is held.' },
];

it('tells each line until the next one, and the last one on', () => {
  expect(toldAt(story, -1)).toBeNull();
  expect(toldAt(story, 0)?.text).toBe('Mid-morning.');
  expect(toldAt(story, 149_999)?.text).toBe('Mid-morning.');
  expect(toldAt(story, 150_000)?.room).toBe('5');
  expect(toldAt(story, 9_000_000)?.room).toBe('5');
});

it('tells nothing where there is no demo', () => {
  expect(toldAt([], 0)).toBeNull();
  expect(readCaption({ at: 'soon', text: 'x' })).toBeNull();
  expect(readCaption({ at: 5, room: null, text: 'x' })).toEqual({ at: 5, room: null, text: 'x' });
});
