import { expect, it } from 'vitest';
import { brief, inOrder, pressing, timeOf } from './tasks';
import type { Task } from '../stream/shapes';

const NOW = 1_000_000;
const task = (kind: string, rest: Partial<Task> = {}): Task => ({
  kind,
  text: kind,
  since: NOW - 65_000,
  due: null,
  alert: null,
  ...rest,
});

it('what is due comes first, the patient before the record', () => {
  const later = task('bp_due', { due: NOW + 1 });
  const tasks = [task('outcome_missing'), later, task('of tomorrow'), task('repeat_cuff')];
  expect(inOrder(tasks, NOW).map(({ kind }) => kind)).toEqual([
    'repeat_cuff',
    'of tomorrow',
    'outcome_missing',
    'bp_due',
  ]);
});

it('a finger clip that may have come off has few words for a tile', () => {
  const text = 'Pulse has not changed for 3 min: check the finger clip';
  expect(brief(task('check_probe', { text }))).toBe('Check finger clip');
});

it('a tile says why it holds, and leaves to the room what to do about it', () => {
  const hold = (text: string) => brief(task('hold', { text }));
  expect(hold('Hold: BP above 140/90, measure again after 5 minutes of rest')).toBe(
    'BP above 140/90',
  );
  expect(hold('Do not start: systolic below 90')).toBe('systolic below 90');
  expect(brief(task('of tomorrow', { text: 'Chest pain: stop, call' }))).toBe(
    'Chest pain: stop, call',
  );
});

it('a tile shows nothing that is not due yet', () => {
  const due = task('bp_due', { due: NOW + 1 });
  expect(pressing([due], NOW)).toBeNull();
  expect(pressing([due], NOW + 1)).toBe(due);
  expect(pressing([], NOW)).toBeNull();
});

it('a task says when: ahead, late, or since when it is open', () => {
  expect(timeOf(task('bp_due', { due: NOW + 131_000 }), NOW)).toBe('in 2:11');
  expect(timeOf(task('bp_due', { due: NOW - 40_000 }), NOW)).toBe('0:40 late');
  expect(timeOf(task('repeat_cuff'), NOW)).toBe('for 1:05');
  const atOnce = { since: NOW - 2_000, due: NOW - 2_000 };
  expect(timeOf(task('bp_due', atOnce), NOW)).toBe('for 0:02');
});

it('a tile uses few words, and the server’s own for a kind that is new', () => {
  expect(brief(task('repeat_cuff', { text: 'Repeat the cuff: 183/112 is not confirmed' }))).toBe(
    'BP now',
  );
  expect(brief(task('suggestion', { text: 'Ask about symptoms' }))).toBe('Ask about symptoms');
  expect(brief(task('of tomorrow', { text: 'Check SpO2 probe' }))).toBe('Check SpO₂ probe');
});
