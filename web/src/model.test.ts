import { describe, expect, it } from 'vitest';
import { apply, EMPTY, type Model } from './model';

const SNAPSHOT = {
  type: 'snapshot',
  epoch: 'k2f9',
  now: 1_000_000,
  ward: { rev: 1, alerts: [] },
  rooms: [
    {
      id: '3',
      name: 'Room 3',
      order: 3,
      rev: 10,
      session: null,
      vitals: {},
      devices: [],
      alerts: [],
    },
    {
      id: '4',
      name: 'Room 4',
      order: 4,
      rev: 20,
      session: null,
      vitals: {},
      devices: [],
      alerts: [],
    },
  ],
};

const vitals = (rev: number, value: number) => ({
  type: 'vitals',
  room: '3',
  rev,
  taken_at: 999_000,
  received_at: 999_100,
  readings: [{ vital: 'spo2', value, quality: 'good' }],
});

const alert = (rev: number, state = 'active', id = 'a1') => ({
  type: 'alert',
  room: '3',
  rev,
  alert: { id, room: '3', condition: 'spo2_low', priority: 'high', state, raised_at: 1, text: 'x' },
});

function after(...frames: unknown[]): Model {
  return frames.reduce<Model>((model, frame) => apply(model, frame).model, EMPTY);
}

const spo2 = (model: Model) => model.rooms.get('3')?.vitals['spo2'];

it('of the ward’s own alerts there is one of a condition, also when an end was not told', () => {
  const own = (rev: number, id: string, condition = 'disk_low') => ({
    ...alert(rev, 'active', id),
    room: null,
    alert: { ...alert(rev, 'active', id).alert, room: null, condition },
  });
  const first = after(SNAPSHOT, own(2, 'w1'), own(3, 'w2', 'recording_stopped'));
  expect(first.alerts.map(({ id }) => id)).toEqual(['w1', 'w2']);
  const model = apply(apply(first, own(5, 'w3')).model, own(6, 'w3')).model;
  expect(model.alerts.map(({ id }) => id)).toEqual(['w2', 'w3']);
});

describe('a frame that follows', () => {
  it('of a kind that this page does not know leaves no gap behind it', () => {
    const hologram = { type: 'hologram', room: '3', rev: 11, shape: {} };
    const { model, missed } = apply(after(SNAPSHOT, hologram), vitals(12, 97));
    expect(missed).toBeNull();
    expect(spo2(model)?.value).toBe(97);
    expect(apply(after(SNAPSHOT), { type: 'vitals', room: {}, rev: 1 }).missed).toBeNull();
  });

  it('changes its own room and no other', () => {
    const before = after(SNAPSHOT);
    const { model, touched, missed } = apply(before, vitals(11, 97));
    expect(spo2(model)?.value).toBe(97);
    expect(model.rooms.get('3')?.rev).toBe(11);
    expect(model.rooms.get('4')).toBe(before.rooms.get('4'));
    expect(touched).toEqual(['3']);
    expect(missed).toBeNull();
  });

  it('is ignored when it was seen before', () => {
    const model = after(SNAPSHOT, vitals(11, 97));
    expect(apply(model, vitals(11, 50)).model).toBe(model);
  });
});

describe('a gap in rev', () => {
  it('asks for the room again, yet shows what came', () => {
    const { model, missed } = apply(after(SNAPSHOT), alert(13));
    expect(missed).toBe('3');
    expect(model.rooms.get('3')?.alerts).toHaveLength(1);
  });

  it('keeps the rev, so that what is missing can still come', () => {
    const model = after(SNAPSHOT, vitals(13, 90), vitals(11, 97), vitals(12, 95), vitals(13, 90));
    expect(model.rooms.get('3')?.rev).toBe(13);
    expect(spo2(model)?.value).toBe(90);
  });

  it('is none when the server says what it skipped', () => {
    const model = after(SNAPSHOT, { type: 'skipped', room: '3', to_rev: 25 });
    expect(apply(model, vitals(26, 96)).missed).toBeNull();
  });
});

describe('readings', () => {
  it('remember the last value and since when it is absent', () => {
    const gone = (rev: number, taken_at: number) => ({
      ...vitals(rev, 0),
      taken_at,
      readings: [{ vital: 'spo2', absent: 'sensor_off' }],
    });
    const reading = spo2(after(SNAPSHOT, vitals(11, 97), gone(12, 1_000_000), gone(13, 1_001_000)));
    expect(reading?.value).toBeUndefined();
    expect(reading?.absent).toBe('sensor_off');
    expect(reading?.since).toBe(1_000_000);
    // Its age counts by our clock: the monitor's may be years off.
    expect(reading?.last).toEqual({ value: 97, taken_at: 999_100 });
  });

  it('that came late are not shown as live', () => {
    const late = { ...vitals(11, 0), readings: [{ vital: 'spo2', value: 80, late: true }] };
    expect(spo2(after(SNAPSHOT, late))).toBeUndefined();
  });

  it('keep a time of their own, as a cuff pressure has', () => {
    const cuff = {
      ...vitals(11, 0),
      readings: [{ vital: 'nibp', systolic: 128, diastolic: 82, taken_at: 900_000 }],
    };
    const nibp = after(SNAPSHOT, cuff).rooms.get('3')?.vitals['nibp'];
    expect(nibp).toMatchObject({ systolic: 128, diastolic: 82, taken_at: 900_000 });
  });
});

describe('alerts', () => {
  it('leave the list when they are resolved', () => {
    const model = after(SNAPSHOT, alert(11), alert(12, 'latched'), alert(13, 'resolved'));
    expect(model.rooms.get('3')?.alerts).toEqual([]);
  });

  it('of an unknown priority count as high', () => {
    const odd = alert(11);
    const model = after(SNAPSHOT, { ...odd, alert: { ...odd.alert, priority: 'extreme' } });
    expect(model.rooms.get('3')?.alerts[0]?.priority).toBe('high');
  });

  it('that a new run of the server lacks stay listed as not recorded', () => {
    const model = after(SNAPSHOT, alert(11), { ...SNAPSHOT, epoch: 'z1' });
    expect(model.unrecorded.map(({ id }) => id)).toEqual(['a1']);
    expect(model.rooms.get('3')?.alerts).toEqual([]);
  });
});

it('a snapshot of one room leaves the others as they are', () => {
  const [room] = SNAPSHOT.rooms;
  const model = after(SNAPSHOT, { ...SNAPSHOT, rooms: [{ ...room, rev: 40 }] });
  expect([...model.rooms.values()].map(({ rev }) => rev)).toEqual([40, 20]);
});

it('an ended session leaves its room without one', () => {
  const session = (rev: number, phase: string) => ({
    type: 'session',
    room: '3',
    rev,
    session: { id: 's', initials: 'J.T.', phase, phase_since: 1 },
  });
  expect(after(SNAPSHOT, session(11, 'infusing')).rooms.get('3')?.session?.initials).toBe('J.T.');
  const over = after(SNAPSHOT, session(11, 'infusing'), session(12, 'discharged'));
  expect(over.rooms.get('3')?.session).toBeNull();
});

it('a device that is unbound leaves its room', () => {
  const device = (rev: number, room: string | null | undefined) => ({
    type: 'device',
    room: '3',
    rev,
    device: { id: 'mon-3', link: 'up', source: 'monitor', ...(room === undefined ? {} : { room }) },
  });
  const bound = after(SNAPSHOT, device(11, undefined));
  expect(bound.rooms.get('3')?.devices).toHaveLength(1);
  expect(apply(bound, device(12, null)).model.rooms.get('3')?.devices).toEqual([]);
});

it.each([
  null,
  42,
  [],
  {},
  { type: 'a kind of tomorrow', room: '3' },
  { type: 'vitals', room: '3', rev: 11, readings: 'none' },
  { type: 'alert', room: '3', rev: 11 },
  { type: 'session', room: '3', rev: 11, session: 7 },
  { type: 'device', room: '3', rev: 11, device: null },
])('%j changes no number and breaks nothing', (frame) => {
  const model = after(SNAPSHOT, vitals(11, 97));
  expect(spo2(apply(model, frame).model)?.value).toBe(97);
});
