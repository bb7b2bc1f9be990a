import { describe, expect, it } from 'vitest';
import { axis, block, dateInWords, lanes, otherDate, share } from './timetable';

const MIN = 60_000;
const HOUR = 60 * MIN;
const day = { from: 0, to: 24 * HOUR };
const course = (opened_at: number, rest: object = {}) => ({
  id: 's',
  room: '3',
  opened_at,
  started_at: null,
  ended_at: null,
  planned_s: 2_400,
  ...rest,
});

describe('a session of a day', () => {
  it('that runs is as long as it will be if all goes as planned', () => {
    const at = block(course(9 * HOUR, { started_at: 9.5 * HOUR }), 10 * HOUR);
    expect(at.to).toBe(9.5 * HOUR + 40 * MIN);
    expect(at.infusion).toEqual([9.5 * HOUR, 9.5 * HOUR + 40 * MIN]);
  });

  it('that runs late ends no sooner than now', () => {
    expect(block(course(9 * HOUR, { started_at: 9 * HOUR }), 11 * HOUR).to).toBe(11 * HOUR);
  });

  it('that has not begun is expected to begin now', () => {
    const at = block(course(9 * HOUR), 9 * HOUR + 5 * MIN);
    expect([at.to, at.infusion]).toEqual([9 * HOUR + 45 * MIN, null]);
  });

  it('that is over shows no infusion after its end', () => {
    const over = course(9 * HOUR, { started_at: 9 * HOUR, ended_at: 9 * HOUR + 10 * MIN });
    expect(block(over, 12 * HOUR).infusion).toEqual([9 * HOUR, 9 * HOUR + 10 * MIN]);
  });
});

describe('the hours of a day', () => {
  const blocks = [
    block(course(8 * HOUR + 20 * MIN, { ended_at: 9 * HOUR }), 0),
    block(course(9 * HOUR, { ended_at: 10 * HOUR + 1 }), 0),
  ];

  it('are whole and hold every session, and now with an hour after it', () => {
    const { from, to, hours } = axis(blocks, day, 14 * HOUR + 30 * MIN);
    expect([from, to]).toEqual([8 * HOUR, 16 * HOUR]);
    expect(hours).toHaveLength(9);
  });

  it('are at least six, and begin at eight where nothing ran', () => {
    expect(axis([], day, null)).toMatchObject({ from: 8 * HOUR, to: 14 * HOUR });
  });

  it('late in the evening reach back, and not into the next morning', () => {
    const late = block(course(22 * HOUR + 10 * MIN, { started_at: 22.5 * HOUR }), 22.75 * HOUR);
    expect(axis([late], day, 22.75 * HOUR)).toMatchObject({ from: 18 * HOUR, to: 24 * HOUR });
  });

  it('follow the zone in which the day begins', () => {
    const half = { from: 30 * MIN, to: 24.5 * HOUR };
    expect(axis(blocks, half, null).from).toBe(7 * HOUR + 30 * MIN);
  });

  it('do not reach into another day', () => {
    const long = block(course(-20 * HOUR, { ended_at: 30 * HOUR }), 0);
    expect(axis([long], day, null)).toMatchObject({ from: 0, to: 24 * HOUR });
  });
});

it('sessions that would lie over each other are on lines of their own', () => {
  const at = (id: string, from: number, to: number) =>
    block({ ...course(from, { ended_at: to }), id }, 0);
  const blocks = [
    at('a', 8 * HOUR, 8 * HOUR + 2 * MIN),
    at('b', 8 * HOUR + 5 * MIN, 9 * HOUR),
    at('c', 10 * HOUR, 11 * HOUR),
  ];
  const found = lanes(blocks, axis(blocks, day, null));
  expect([...found.entries()]).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 0],
  ]);
});

it('a moment beyond the axis is at its edge', () => {
  const on = axis([], day, null);
  expect([share(on, 0), share(on, 11 * HOUR), share(on, 99 * HOUR)]).toEqual([0, 0.5, 1]);
});

it('dates go over the ends of months and years, and are said in words', () => {
  expect([otherDate('2026-03-01', -1), otherDate('2026-12-31', 1)]).toEqual([
    '2026-02-28',
    '2027-01-01',
  ]);
  expect(dateInWords('2026-11-29')).toBe('Sunday 29 November');
});
