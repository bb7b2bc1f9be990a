import { expect, it } from 'vitest';
import type { Session, SessionEvent } from '../stream/shapes';
import { nextFixed, pausesOf } from './pauses';

const MIN = 60_000;
const event = (type: string, minute: number) => ({ type, at: minute * MIN }) as SessionEvent;
const session = (phase: string, since: number, ...events: SessionEvent[]) =>
  ({ phase, phase_since: since * MIN, events }) as unknown as Session;

it('adds up the pauses that are over', () => {
  const twice = session(
    'infusing',
    20,
    ...[event('start', 0), event('pause', 5), event('resume', 7)],
    ...[event('pause', 15), event('resume', 20)],
  );
  expect(pausesOf(twice, 30 * MIN)).toEqual({ count: 2, whole_ms: 7 * MIN, since: null });
});

it('counts the pause of now up to now', () => {
  const now = session('paused', 15, event('pause', 5), event('resume', 7), event('pause', 15));
  expect(pausesOf(now, 18 * MIN)).toEqual({ count: 2, whole_ms: 5 * MIN, since: 15 * MIN });
});

it('counts the pause of now also when the list no longer reaches back to it', () => {
  expect(pausesOf(session('paused', 15), 18 * MIN)).toEqual({
    count: 1,
    whole_ms: 3 * MIN,
    since: 15 * MIN,
  });
});

it('ends a pause with the infusion', () => {
  const ended = session('recovery', 9, event('pause', 5), event('stop', 9));
  expect(pausesOf(ended, 30 * MIN)).toEqual({ count: 1, whole_ms: 4 * MIN, since: null });
});

it('names the next pressure that has a time of its own, until that is past', () => {
  const fixed = [{ at_s: 2_400, early_s: 300 }];
  expect(nextFixed(fixed, 0, null, 10 * MIN)).toEqual({ minutes: 40, at: 40 * MIN });
  expect(nextFixed(fixed, 0, null, 41 * MIN)).toBeNull();
  expect(nextFixed(fixed, null, null, 0)).toBeNull();
});

it('asks no more for a pressure that was taken a little before its time', () => {
  const fixed = [{ at_s: 2_400, early_s: 300 }];
  expect(nextFixed(fixed, 0, 34 * MIN, 36 * MIN)?.minutes).toBe(40);
  expect(nextFixed(fixed, 0, 35 * MIN, 36 * MIN)).toBeNull();
});
