import { afterEach, expect, it } from 'vitest';
import { clockTime, hourMinute, minutesAgo, setZone, signed, span } from './format';
import { longDate } from './rules/date';
import { elapsed_ms } from './room/Progress';
import { readSession } from './stream/wire';

afterEach(() => setZone('UTC'));

const at = (time: string) => Date.parse(time);

it('shows clock times in the zone of the clinic, wherever the device is', () => {
  setZone('America/New_York');
  expect(clockTime(at('2026-07-01T16:05:09Z'))).toBe('12:05:09');
  setZone('Asia/Kolkata');
  expect(hourMinute(at('2026-07-01T16:05:09Z'))).toBe('21:35');
  expect(longDate(at('2026-07-01T20:00:00Z'))).toBe('2 July 2026');
});

it('counts 24 hours, and midnight is 00', () => {
  setZone('Europe/Berlin');
  expect(clockTime(at('2026-11-21T23:00:00Z'))).toBe('00:00:00');
  expect(clockTime(at('2026-11-21T22:59:59Z'))).toBe('23:59:59');
});

it('goes through both changes of the clock', () => {
  setZone('Europe/Berlin');
  const spring = [0, 1].map((s) => clockTime(at('2026-03-29T00:59:59Z') + s * 1_000));
  expect(spring).toEqual(['01:59:59', '03:00:00']);
  const autumn = [0, 1].map((s) => clockTime(at('2026-10-25T00:59:59Z') + s * 1_000));
  expect(autumn).toEqual(['02:59:59', '02:00:00']);
});

it('counts elapsed time right across midnight and across a change of the clock', () => {
  setZone('Europe/Berlin');
  for (const start of ['2026-11-21T22:50:00Z', '2026-03-29T00:50:00Z', '2026-10-25T00:50:00Z']) {
    const session = readSession({ id: 's', phase: 'infusing', phase_since: at(start) });
    if (session === null) throw new Error('no session');
    expect(span(elapsed_ms(session, at(start) + 20 * 60_000)), start).toBe('20:00');
  }
});

it('keeps the zone that it has when a browser does not know the clinic’s', () => {
  setZone('UTC');
  setZone('Mars/Olympus_Mons');
  expect(clockTime(0)).toBe('00:00:00');
});

it('shows no time where there is none', () => {
  for (const odd of [NaN, Infinity, 1e300, -1e300]) expect(clockTime(odd)).toBe('––');
});

it('spans, ages and differences read as staff say them', () => {
  expect([span(7_900), span(750_000), span(7_509_000), span(-5)]).toEqual([
    '0:07',
    '12:30',
    '2:05:09',
    '0:00',
  ]);
  expect([minutesAgo(59_000), minutesAgo(61_000)]).toEqual(['just now', '1 min ago']);
  expect([signed(24), signed(-13), signed(0)]).toEqual(['+24', '−13', '±0']);
});
