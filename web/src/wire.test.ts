import { expect, it } from 'vitest';
import { readSession } from './wire';

it('an event that was entered late stands where it happened, and is counted there', () => {
  const session = readSession({
    id: 's1',
    phase: 'infusing',
    events: [
      { n: 4, at: 9_000, type: 'check_in', by: 'KM', text: 'Session opened' },
      { n: 5, at: 1_000, type: 'start', by: 'KM', text: 'Infusion started' },
      { n: 6, at: 9_000, type: 'note', by: 'KM', text: 'A note' },
    ],
  });
  expect(session?.events.map(({ n, place }) => [n, place])).toEqual([
    [5, 4],
    [4, 5],
    [6, 6],
  ]);
});
