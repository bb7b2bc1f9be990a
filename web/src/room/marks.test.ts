import { expect, it } from 'vitest';
import { folded, isMarked } from './marks';
import type { SessionEvent } from '../stream/shapes';

const event = (n: number, type: string): SessionEvent => ({
  n,
  place: n,
  at: n * 1_000,
  type,
  by: 'KM',
  text: type,
  values: {},
  withdrawn: null,
});

it('marks on the trend what was done to the patient, and no paperwork', () => {
  const marked = (types: string[]) => types.filter((type, n) => isMarked(event(n, type)));
  const paperwork = [
    'open',
    'check_in',
    'screening',
    'accept_baseline',
    'order',
    'check',
    'correct',
    'sign_off',
  ];
  expect(marked(paperwork)).toEqual([]);
  const care = ['start', 'rate_change', 'pause', 'medication', 'oxygen', 'symptom', 'note', 'move'];
  expect(marked(care)).toEqual(care);
  expect(marked(['of_tomorrow'])).toEqual(['of_tomorrow']);
});

it('folds ticks of the checklist that follow one another into one row', () => {
  const types = ['start', 'check', 'check', 'check', 'order', 'check'];
  const rows = folded(types.map((type, n) => event(n, type)));
  expect(rows.map((row) => row.map(({ n }) => n))).toEqual([[0], [1, 2, 3], [4], [5]]);
});
