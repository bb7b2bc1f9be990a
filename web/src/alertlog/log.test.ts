import { expect, it } from 'vitest';
import { toAlertLog } from '../parts/routes';
import { ANYTHING, csvOf, isAnything, queryOf, readPage, wantedOf } from './log';

it('is searched by its address, whatever a room is called', () => {
  const wanted = { ...ANYTHING, day: '2026-11-27', room: '3/a&b=c %', person: 'Ö.Å.' };
  // As the address is taken apart: at each slash, and then decoded.
  const [, screen, id = '', ...more] = toAlertLog(wanted).split('/');
  expect([screen, decodeURIComponent(id)[0], more]).toEqual(['alerts-log', '?', []]);
  expect(wantedOf(decodeURIComponent(id).slice(1))).toEqual(wanted);
  expect(toAlertLog()).toBe('#/alerts-log');
  expect(wantedOf('day=yesterday&outcome=missing')).toEqual({ ...ANYTHING, outcome: 'missing' });
  expect(isAnything(ANYTHING)).toBe(true);
});

it('asks for a day or for days from midnight to midnight by the clock of the clinic', () => {
  const day = queryOf({ ...ANYTHING, day: '2026-11-27' }, 'Europe/Berlin');
  const midnight = Date.parse('2026-11-26T23:00:00Z');
  expect([...day]).toEqual([
    ['from', String(midnight)],
    ['to', String(midnight + 86_400_000 - 1)],
  ]);
  const week = queryOf({ ...ANYTHING, from: '2026-11-23', to: '2026-11-29' }, 'Europe/Berlin');
  const span_ms = Number(week.get('to')) - Number(week.get('from')) + 1;
  expect(span_ms).toBe(7 * 86_400_000);
});

it('the table is of what the page shows, without its pages', () => {
  const wanted = { ...ANYTHING, room: '3', condition: 'hr_high', person: ' KM ' };
  expect(csvOf(wanted, 'UTC')).toBe('/api/v1/alerts/log.csv?room=3&condition=hr_high&person=KM');
});

it('reads a page of the log, and leaves out what is none', () => {
  const one = {
    id: 's-1-a1',
    room: '3',
    session: 's-1',
    condition: 'spo2_low',
    priority: 'high',
    text: 'SpO2 low 84 (limit 89)',
    raised_at: 1_000,
    ended_at: 91_000,
    taken: { by: 'KM', after_ms: 21_000 },
    silenced: true,
    outcome: 'other',
    said: [{ by: 'KM', at: 95_000, outcome: 'other' }, { by: 'KM' }],
  };
  const page = readPage({ alerts: [one, { ...one, priority: 'none' }, null], next: '1.s-1-a1' });
  expect(page.next).toBe('1.s-1-a1');
  expect(page.alerts).toEqual([{ ...one, said: [{ by: 'KM', at: 95_000, outcome: 'other' }] }]);
  const bare = { ...one, room: null, session: null, taken: null, ended_at: null, outcome: null };
  expect(readPage({ alerts: [{ ...bare, said: 7 }] }).alerts).toEqual([{ ...bare, said: [] }]);
});
