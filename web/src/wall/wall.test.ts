import { expect, it } from 'vitest';
import { readSession } from '../wire';
import { forWall, mayReload, readShare, shared, shiftAt, writeShare } from './wall';

const MINUTE_MS = 60_000;

const session = readSession({
  id: 's',
  initials: 'J.T.',
  title: 'Ketamine IV, adult',
  profile: 'ketamine-iv-adult',
  phase: 'infusing',
  known_low: true,
  events: [{ n: 1, at: 5, type: 'note', by: 'KM', text: 'cried' }],
  tasks: [{ kind: 'suggestion', text: 'ask about headache', since: 1 }],
  symptoms: [{ symptom: 'nausea', since: 1 }],
  personal_limits: [{ condition: 'systolic_high', reason: 'treated hypertension' }],
});

it('tells whoever passes no drug and nothing that staff noted', () => {
  const told = JSON.stringify(forWall(session, true));
  for (const word of ['etamine', 'cried', 'headache', 'nausea', 'hypertension'])
    expect(told).not.toContain(word);
  expect(forWall(session, true)).toMatchObject({ initials: 'J.T.', phase: 'infusing' });
  expect(forWall(session, false)?.initials).toBe('');
  expect(forWall(null, true)).toBeNull();
});

it('moves by two pixels a minute and comes back', () => {
  for (let minute = 0; minute < 20; minute += 1) {
    const [x, y] = shiftAt(minute * MINUTE_MS);
    const [nextX, nextY] = shiftAt((minute + 1) * MINUTE_MS);
    expect(Math.abs(nextX - x) + Math.abs(nextY - y), `${minute}`).toBe(2);
    expect(shiftAt(minute * MINUTE_MS + 59_999)).toEqual([x, y]);
  }
  expect(shiftAt(8 * MINUTE_MS)).toEqual(shiftAt(0));
});

it('reloads at once, and then ever more seldom', () => {
  const now = 1e12;
  const after = (count: number, minutes: number) =>
    mayReload({ count, at: now - minutes * MINUTE_MS }, now);
  expect(after(0, 0)).toBe(true);
  expect([after(1, 0.9), after(1, 1)]).toEqual([false, true]);
  expect([after(2, 4), after(2, 5)]).toEqual([false, true]);
  expect([after(9, 59), after(9, 60)]).toEqual([false, true]);
});

it('shares the rooms among walls, and never hides one by mistake', () => {
  const ids = ['1', '2', '2a', '3', 'recovery'];
  const share = (from: string, to: string) => shared(ids, { from, to }).join(' ');
  expect(share('', '')).toBe('1 2 2a 3 recovery');
  expect([share('', '2a'), share('3', '')]).toEqual(['1 2 2a', '3 recovery']);
  expect(share('2', '2')).toBe('2');
  // Ends that are gone or crossed.
  expect([share('9', '2'), share('2', '9')]).toEqual(['1 2', '2 2a 3 recovery']);
  expect(share('3', '1')).toBe('3 recovery');
  expect(readShare(writeShare({ from: '2a', to: '3' }))).toEqual({ from: '2a', to: '3' });
  expect(readShare(null)).toEqual({ from: '', to: '' });
});
