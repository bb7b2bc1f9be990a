import { expect, it, vi } from 'vitest';
import { parse } from '../route';
import { readSession } from '../stream/wire';
import { forWall, mayReload, partOf, shiftAt } from './wall';

vi.hoisted(() => {
  vi.stubGlobal('location', { hash: '' });
  vi.stubGlobal('addEventListener', () => {});
});

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

it('shows whoever passes no drug and nothing that staff noted', () => {
  const shown = JSON.stringify(forWall(session, true));
  for (const word of ['etamine', 'cried', 'headache', 'nausea', 'hypertension'])
    expect(shown).not.toContain(word);
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

it('shares the rooms among walls, each on one and only one', () => {
  for (const count of [0, 1, 7, 8, 40, 200]) {
    const rooms = Array.from({ length: count }, (_, index) => index);
    for (let of = 1; of <= 10; of += 1) {
      const parts = Array.from({ length: of }, (_, index) => partOf(rooms, index + 1, of));
      expect(parts.flat()).toEqual(rooms);
      const sizes = parts.map((part) => part.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  }
  expect(partOf(['1', '2', '2a', '3', 'recovery'], 2, 2)).toEqual(['3', 'recovery']);
});

it('knows by its address which part is its own', () => {
  expect(parse('#/wall/2/3')).toEqual({ screen: 'wall', part: 2, of: 3 });
  for (const odd of [
    '#/wall',
    '#/wall/4/3',
    '#/wall/0/2',
    '#/wall/1',
    '#/wall/x/y',
    '#/wall/1.5/2',
  ])
    expect(parse(odd), odd).toEqual({ screen: 'wall', part: 1, of: 1 });
});
