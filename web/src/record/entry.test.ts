import { expect, it } from 'vitest';
import { entryOf } from './entry';

const session = {
  id: 's1',
  events: [
    { n: 7, at: 7_000, type: 'symptom', by: 'KM', text: 'Nausea' },
    { n: 9, at: 2_000, type: 'symptom', by: 'TJ', text: 'Vomiting' },
    { n: 10, at: 9_000, type: 'task', by: '', text: 'Marked rise' },
  ],
};

it('what was just recorded is the newest entry of its kind, whenever it happened', () => {
  expect(entryOf('symptom', 'Vomiting', session)).toEqual({
    session: 's1',
    n: 9,
    what: 'Vomiting',
    at: 2_000,
    by: 'TJ',
  });
});

it('a step of the session cannot be taken back', () => {
  for (const kind of ['start', 'pause', 'accept_baseline', 'limits'])
    expect(entryOf(kind, '', { id: 's1', events: [{ n: 1, at: 1, type: kind, by: 'KM' }] })).toBe(
      null,
    );
});

it('an answer that lists nothing offers nothing', () => {
  expect(entryOf('symptom', 'Nausea', null)).toBe(null);
  expect(entryOf('symptom', 'Nausea', { id: 's1' })).toBe(null);
});
