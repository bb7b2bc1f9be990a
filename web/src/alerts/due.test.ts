import { expect, it } from 'vitest';
import { AFTER_MS, dueOf } from './due';

const one = (id: string, ended_at: number | null) => ({
  id,
  room: '3',
  condition: 'spo2_low',
  text: 'SpO2 low 84 (limit 89)',
  ended_at,
});
const NOW = 10 * AFTER_MS;

it('is due ten minutes after the alert was over, and once', () => {
  const log = {
    alerts: [one('a1', NOW - AFTER_MS), one('a2', NOW - AFTER_MS + 1), one('a3', null), 'nonsense'],
  };
  expect(dueOf(log, NOW, []).map(({ id }) => id)).toEqual(['a1']);
  expect(dueOf(log, NOW + 1, []).map(({ id }) => id)).toEqual(['a1', 'a2']);
  expect(dueOf(log, NOW, ['a1'])).toEqual([]);
  expect(dueOf(null, NOW, [])).toEqual([]);
});
