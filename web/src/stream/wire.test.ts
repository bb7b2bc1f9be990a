import { expect, it } from 'vitest';
import { label } from './fields';
import { readAlert, readMe, readReading, readRoom, readSession } from './wire';

it('bounds text that others wrote, by letters and not by halves of them', () => {
  expect(label('x'.repeat(10_000), 60)).toBe(`${'x'.repeat(60)}…`);
  expect(label('🦊'.repeat(40), 16)).toBe(`${'🦊'.repeat(16)}…`);
  expect(label('🦊'.repeat(16), 16)).toBe('🦊'.repeat(16));
  expect(label(undefined, 16)).toBe('');
});

it('takes out what turns the direction of the text beside it', () => {
  expect(label('J\u202eT', 16)).toBe('J T');
  expect(label('א.ב.', 16)).toBe('א.ב.');
  expect(label('a\nb\0', 16)).toBe('a b');
});

it('makes a room of whatever has an id', () => {
  const odd = { id: 7, name: {}, order: 'first', session: 'none', vitals: [], alerts: {} };
  expect(readRoom(odd)).toMatchObject({ id: '7', name: 'Room 7', session: null, alerts: [] });
  expect(readRoom({ name: 'nameless' })).toBeNull();
});

it('takes an unknown alert for an active one of the highest priority', () => {
  const alert = readAlert({
    id: 'a',
    priority: 'purple',
    state: 'sublimated',
    condition: 'of_2031',
  });
  expect(alert).toMatchObject({ priority: 'high', state: 'active', text: 'of 2031' });
  expect(readAlert({ id: 'a', text: 'T'.repeat(10_000) })?.text.length).toBe(301);
});

it('takes a number that no vital can have for none', () => {
  expect(readReading({ vital: 'spo2', value: 1e300 })?.value).toBeUndefined();
  expect(readReading({ vital: 'spo2', value: '97' })?.value).toBeUndefined();
});

it('reads the zone of the clinic, and does without it', () => {
  expect(readMe({ name: 'KM', time_zone: 'Europe/Berlin' })?.time_zone).toBe('Europe/Berlin');
  expect(readMe({ name: 'KM' })?.time_zone).toBeNull();
});

it('an event that was entered late is listed when it happened, and is counted there', () => {
  const session = readSession({
    id: 's1',
    phase: 'infusing',
    events: [
      { n: 4, at: 9_000, type: 'check_in', by: 'KM', text: 'Session opened' },
      { n: 5, at: 1_000, type: 'start', by: 'KM', text: 'Infusion started' },
      { n: 6, at: 9_000, type: 'note', by: 'KM', text: 'A note' },
    ],
  });
  expect(session?.events.map(({ n, place }) => [n, place])).toEqual([
    [5, 4],
    [4, 5],
    [6, 6],
  ]);
});
