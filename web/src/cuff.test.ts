import { describe, expect, it } from 'vitest';
import { heard, inflation, isCuffGate } from './cuff';
import { apply, EMPTY, type Model } from './model';
import { pressure, shown } from './vitals';
import type { Inflation, Reading } from './wire';

const NOW = 1_000_000_000;
const nibp = (at: number, rest: Partial<Reading> = {}): Reading => ({
  vital: 'nibp',
  quality: 'good',
  taken_at: at,
  received_at: at,
  absent: 'measuring',
  ...rest,
});
const value = (at: number): Reading => {
  const { absent: _, ...rest } = nibp(at);
  return { ...rest, systolic: 128, diastolic: 82 };
};
const s = 1_000;

describe('the cuff gate', () => {
  const measuring: Inflation = { since: NOW, heard_at: NOW, ended_at: null };

  it('holds for 60 s from the start of the inflation and no longer', () => {
    expect(isCuffGate(measuring, NOW + 60 * s)).toBe(true);
    expect(isCuffGate(measuring, NOW + 60 * s + 1)).toBe(false);
    expect(isCuffGate(null, NOW)).toBe(false);
  });

  it('ends 20 s after the inflation', () => {
    const ended = heard(measuring, value(NOW + 30 * s));
    expect(isCuffGate(ended, NOW + 50 * s)).toBe(true);
    expect(isCuffGate(ended, NOW + 50 * s + 1)).toBe(false);
  });

  it('ends 20 s after one that failed', () => {
    const ended = heard(measuring, nibp(NOW + 10 * s, { absent: 'failed' }));
    expect(isCuffGate(ended, NOW + 30 * s + 1)).toBe(false);
  });

  it('never lasts beyond 60 s, however late the inflation ends', () => {
    const ended = heard(measuring, value(NOW + 55 * s));
    expect(isCuffGate(ended, NOW + 61 * s)).toBe(false);
  });

  it('is not made longer by a monitor that says it every second, or for ever', () => {
    let cuff = heard(null, nibp(NOW));
    for (let at = 1; at <= 300; at += 1) cuff = heard(cuff, nibp(NOW + at * s));
    expect(isCuffGate(cuff, NOW + 300 * s)).toBe(false);
  });

  it('begins anew with the next inflation, also when the end of the last was not heard', () => {
    expect(heard(measuring, nibp(NOW + 300 * s))?.since).toBe(NOW + 300 * s);
    const ended = heard(measuring, value(NOW + 30 * s));
    expect(heard(ended, nibp(NOW + 40 * s))?.since).toBe(NOW + 40 * s);
  });

  it('needs no inflation to be ended by a value', () => {
    expect(heard(null, value(NOW))).toBeNull();
  });
});

describe('after a snapshot', () => {
  const told: Inflation = { since: NOW - 5 * s, heard_at: NOW - 5 * s, ended_at: null };

  it('the inflation is what the server tells, else what the last cuff reading tells', () => {
    expect(inflation(told, undefined, null, NOW)).toBe(told);
    const since = NOW - 9 * s;
    expect(inflation(null, nibp(NOW, { since }), null, NOW)?.since).toBe(since);
    expect(inflation(null, value(NOW), null, NOW)).toBeNull();
  });

  it('one whose end was missed has ended by now', () => {
    expect(inflation(null, value(NOW), told, NOW)?.ended_at).toBe(NOW);
  });
});

describe('a missing value', () => {
  const lost = (vital: string, absent: string): Reading => ({
    ...nibp(NOW),
    vital,
    absent,
  });

  it('is put down to the cuff while the gate holds', () => {
    expect(shown(lost('spo2', 'no_pulse'), NOW, true)).toMatchObject({
      text: '––',
      freshness: 'absent',
      note: 'cuff',
      brief: 'cuff',
    });
    expect(shown(lost('pulse_rate', 'invalid'), NOW, true).note).toBe('cuff');
    expect(shown(lost('spo2', 'no_pulse'), NOW, false).note).toMatch(/^no pulse found/);
  });

  it('is not when the cuff cannot be the cause', () => {
    expect(shown(lost('heart_rate', 'no_sensor'), NOW, true).note).toMatch(/^no sensor/);
    expect(shown(lost('spo2', 'disconnected'), NOW, true).note).toMatch(/^monitor disconnected/);
  });
});

it('a failed cuff asks for a repeat beside the last value and its age', () => {
  const last = { systolic: 128, diastolic: 82, taken_at: NOW - 180 * s };
  expect(pressure(nibp(NOW, { absent: 'failed', last }), null, NOW)).toMatchObject({
    text: '128/82',
    note: 'BP failed, repeat',
    failed: true,
    taken_at: NOW - 180 * s,
  });
  expect(pressure(nibp(NOW, { absent: 'failed' }), null, NOW)).toMatchObject({
    text: '––/––',
    note: 'BP failed, repeat',
  });
});

it('the gate follows the frames of a room', () => {
  const room = { id: '3', rev: 1, cuff: { state: 'measuring', since: NOW }, vitals: {} };
  const snapshot = { type: 'snapshot', epoch: 'e', now: NOW, ward: { alerts: [] }, rooms: [room] };
  const frame = (rev: number, at: number, reading: object) => ({
    type: 'vitals',
    room: '3',
    rev,
    taken_at: at,
    received_at: at,
    readings: [{ vital: 'nibp', ...reading }],
  });
  const cuff = (...frames: object[]) =>
    frames.reduce<Model>((model, one) => apply(model, one).model, EMPTY).rooms.get('3')?.cuff;
  expect(cuff(snapshot)).toMatchObject({ since: NOW, ended_at: null });
  const done = frame(2, NOW + 30 * s, { systolic: 120, diastolic: 80 });
  expect(cuff(snapshot, done)).toMatchObject({ since: NOW, ended_at: NOW + 30 * s });
  const next = frame(3, NOW + 330 * s, { absent: 'measuring' });
  expect(cuff(snapshot, done, next)).toMatchObject({ since: NOW + 330 * s, ended_at: null });
});
