import { expect, it } from 'vitest';
import { plainWords } from './api';
import { detailOf, refusalOf } from './problem';

it('a refusal is shown in plain words with what is missing', () => {
  const problem = {
    title: 'Not ready',
    detail: 'Two things',
    unmet: ['escort', { title: 'walks' }],
  };
  expect(plainWords(problem)).toBe('Not ready: Two things. Still missing: escort; walks.');
  expect(plainWords(null)).toBe('The server refused this.');
  expect(detailOf(problem)).toBe(plainWords(problem));
  expect(detailOf({ title: 'not possible now', detail: 'HR is low.' })).toBe('HR is low.');
  expect(detailOf({ title: 'Busy' })).toBe('Busy.');
});

it('a refusal of a form names each thing once, and nothing that is for programs', () => {
  const food = 'Food in the last 2 hours: yes: a prescriber looks at it';
  const may = 'A prescriber may go on all the same, with a reason (override).';
  const title = 'not possible now';
  const may_words = 'A prescriber may go on all the same, with a reason.';
  expect(refusalOf({ title, detail: `${food}. ${may}`, unmet: [food] })).toBe(
    `${food}. ${may_words}`,
  );
  expect(refusalOf({ title, detail: `2 items are open. ${may}`, unmet: [food, 'Escort'] })).toBe(
    `2 items are open. ${may_words} Still missing: ${food}; Escort.`,
  );
  const weight = 'The weight is 20 to 350 kg, got 700.';
  expect(refusalOf({ title, detail: weight })).toBe(weight);
  expect(refusalOf({ title: 'Busy' })).toBe('Busy.');
});
