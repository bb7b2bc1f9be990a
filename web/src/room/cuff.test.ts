import { describe, expect, it } from 'vitest';
import { isCuffGate, withCuff } from './cuff';
import { apply, EMPTY, type Model } from '../ward/model';
import { pressure, shown } from './vitals';
import type { Inflation, Reading } from '../stream/shapes';

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
  const inflation = (ended_at: number | null, state = 'measuring'): Inflation => ({
    state,
    since: NOW,
    ended_at,
  });

  it('holds for 60 s from the start of the inflation and no longer', () => {
    expect(isCuffGate(inflation(null), NOW + 60 * s)).toBe(true);
    expect(isCuffGate(inflation(null), NOW + 60 * s + 1)).toBe(false);
    expect(isCuffGate(null, NOW)).toBe(false);
  });

  it('ends 20 s after the inflation, whether it gave a value or failed', () => {
    for (const state of ['done', 'failed']) {
      expect(isCuffGate(inflation(NOW + 30 * s, state), NOW + 50 * s)).toBe(true);
      expect(isCuffGate(inflation(NOW + 30 * s, state), NOW + 50 * s + 1)).toBe(false);
    }
  });

  it('never lasts beyond 60 s, however late the inflation ends', () => {
    expect(isCuffGate(inflation(NOW + 55 * s, 'done'), NOW + 61 * s)).toBe(false);
  });

  it('is none when nobody said that the cuff began', () => {
    expect(isCuffGate({ ...inflation(NOW, 'failed'), since: null }, NOW)).toBe(false);
  });
});

describe('the pressure', () => {
  const during = (state: string, ended_at: number | null = null) =>
    withCuff(value(NOW - 180 * s), { state, since: NOW - 5 * s, ended_at });

  it('stays while the cuff measures and after it failed, with its own age', () => {
    const last = { systolic: 128, diastolic: 82, taken_at: NOW - 180 * s };
    expect(during('measuring')).toMatchObject({ absent: 'measuring', last, since: NOW - 5 * s });
    expect(during('failed', NOW)).toMatchObject({ absent: 'failed', last, since: NOW });
  });

  it('keeps its age, and that it was corrected, while the cuff measures', () => {
    const before = nibp(NOW, {
      systolic: 128,
      diastolic: 82,
      measured_at: NOW - 300 * s,
      corrected: true,
    });
    const measuring = withCuff(before, { state: 'measuring', since: NOW, ended_at: null });
    expect(pressure(measuring, null, NOW)).toMatchObject({
      text: '128/82',
      taken_at: NOW - 300 * s,
      corrected: true,
    });
  });

  it('is itself once the cuff has given it, and when nobody heard of the end', () => {
    expect(during('done', NOW)).toEqual(value(NOW - 180 * s));
    expect(during('unknown', NOW)).toEqual(value(NOW - 180 * s));
    expect(withCuff(undefined, null)).toBeUndefined();
  });

  it('is missing with its reason when there was none before', () => {
    const failed = withCuff(undefined, { state: 'failed', since: null, ended_at: NOW });
    expect(pressure(failed, null, NOW)).toMatchObject({ text: '––/––', failed: true });
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

it('the cuff and its pressure follow the frames of a room', () => {
  const room = { id: '3', rev: 1, vitals: {}, inflation: { state: 'measuring', since: NOW } };
  const snapshot = { type: 'snapshot', epoch: 'e', now: NOW, ward: { alerts: [] }, rooms: [room] };
  const frame = (rev: number, inflation: object | null, ...readings: object[]) => ({
    type: 'vitals',
    room: '3',
    rev,
    taken_at: NOW,
    received_at: NOW,
    readings,
    inflation,
  });
  const after = (...frames: object[]) =>
    frames.reduce<Model>((model, one) => apply(model, one).model, EMPTY).rooms.get('3');
  expect(after(snapshot)?.cuff).toEqual({ state: 'measuring', since: NOW, ended_at: null });
  const over = { state: 'done', since: NOW, ended_at: NOW + 30 * s };
  const done = frame(2, over, { vital: 'nibp', systolic: 120, diastolic: 80 });
  expect(after(snapshot, done)?.cuff).toEqual(over);
  const next = frame(
    3,
    { state: 'measuring', since: NOW + 330 * s },
    { vital: 'nibp', absent: 'measuring' },
  );
  expect(after(snapshot, done, next)?.cuff?.since).toBe(NOW + 330 * s);
  expect(after(snapshot, done, next)?.vitals['nibp']?.systolic).toBe(120);
  const gone = frame(4, null, { vital: 'nibp', absent: 'never' });
  expect(after(snapshot, done, next, gone)).toMatchObject({ cuff: null, vitals: {} });
});
