import { expect, it } from 'vitest';
import { toSessions } from '../parts/routes';
import { dayIn } from '../parts/dayIn';
import { ANYTHING, readPage, wantedOf } from './search';

it('has a day from midnight to midnight by the clock of the clinic', () => {
  const hours = (day: string, zone: string) => {
    const { from, to } = dayIn(day, zone);
    return [new Date(from).toISOString(), (to - from) / 3_600_000];
  };
  expect(hours('2026-11-27', 'UTC')).toEqual(['2026-11-27T00:00:00.000Z', 24]);
  expect(hours('2026-11-27', 'Europe/Berlin')).toEqual(['2026-11-26T23:00:00.000Z', 24]);
  // The clock goes forward and back.
  expect(hours('2026-03-29', 'Europe/Berlin')).toEqual(['2026-03-28T23:00:00.000Z', 23]);
  expect(hours('2026-10-25', 'Europe/Berlin')).toEqual(['2026-10-24T22:00:00.000Z', 25]);
  expect(hours('2026-11-27', 'Asia/Kathmandu')).toEqual(['2026-11-26T18:15:00.000Z', 24]);
  expect(hours('2026-11-27', 'America/St_Johns')).toEqual(['2026-11-27T03:30:00.000Z', 24]);
});

it('is searched by its address, whatever a room is called', () => {
  const wanted = { ...ANYTHING, day: '2026-11-27', room: '3/a&b=c %', initials: 'Ö.Å.' };
  // As the address is taken apart: at each slash, and then decoded.
  const [, screen, id = '', ...more] = toSessions(wanted).split('/');
  expect([screen, decodeURIComponent(id)[0], more]).toEqual(['session', '?', []]);
  expect(wantedOf(decodeURIComponent(id))).toEqual(wanted);
  expect(wantedOf('?day=yesterday&course=c-1')).toEqual({ ...ANYTHING, course: 'c-1' });
});

it('reads a page of sessions, and leaves out what is none', () => {
  const one = {
    id: 's-1',
    room: '3',
    initials: 'J.T.',
    title: 'Ketamine',
    phase: 'discharged',
    phase_since: 9_000,
    opened_at: 1_000,
    started_at: null,
    patient: { course: 'c-1', number: 3 },
    given: { mg: 35 },
    peak: { systolic: 150, spo2: null },
  };
  const page = readPage({
    sessions: [one, {}, null, { ...one, id: 's-2', phase: 'recovery' }],
    next: '1.s',
    complete: false,
  });
  expect(page.sessions.map(({ id, ended_at }) => [id, ended_at])).toEqual([
    ['s-1', 9_000],
    ['s-2', null],
  ]);
  expect(page.sessions[0]).toMatchObject({
    course: 'c-1',
    number: 3,
    mg: 35,
    peak: { systolic: 150 },
  });
  expect([page.next, page.isPart]).toEqual(['1.s', true]);
  expect(readPage('x')).toEqual({ sessions: [], next: null, isPart: false });
});
