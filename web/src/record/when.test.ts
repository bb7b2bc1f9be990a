import { afterEach, expect, it } from 'vitest';
import { setZone } from '../format';
import { lastTimeOf, NOW, occurredAt } from './when';

const at = (time: string) => Date.parse(`2026-03-04T${time}Z`);
setZone('UTC');
afterEach(() => setZone('UTC'));

it('leaves now to the server, and counts back from it', () => {
  expect(occurredAt(NOW, at('12:04:30'))).toBeNull();
  expect(occurredAt({ ago_min: 5 }, at('12:04:30'))).toBe(at('11:59:30'));
});

it('takes a time of the clock for the last one that there was', () => {
  expect(lastTimeOf('11:50', at('12:04:30'))).toBe(at('11:50:00'));
  expect(lastTimeOf('12:04', at('12:04:30'))).toBe(at('12:04:00'));
  expect(lastTimeOf('23:58', at('00:03:00'))).toBe(at('00:03:00') - 5 * 60_000);
  expect(lastTimeOf('', at('12:00:00'))).toBeNull();
  expect(lastTimeOf('25:00', at('12:00:00'))).toBeNull();
});

it('is right in the night in which the clocks go forward', () => {
  setZone('Europe/Berlin');
  // 03:05 in summer time is ten minutes after 01:55 in winter time.
  const now = Date.parse('2026-03-29T01:05:00Z');
  expect(lastTimeOf('01:55', now)).toBe(now - 10 * 60_000);
  expect(lastTimeOf('02:30', now)).not.toBe(now - 35 * 60_000);
});
