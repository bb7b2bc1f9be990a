import { expect, it } from 'vitest';
import { plainWords } from './api';
import { detailOf } from './problem';

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
