import { describe, expect, it } from 'vitest';
import { apply, EMPTY, type Model } from './model';
import { pressure } from '../room/vitals';

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

it('of the ward’s own alerts there is one of a condition, also when an end was not sent', () => {
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

  it('lets nothing older replace what was shown ahead of it', () => {
    const ended = { type: 'session', room: '3', rev: 15, session: null };
    const begun = { ...ended, rev: 12, session: { id: 's', phase: 'infusing', phase_since: 1 } };
    const shown = after(SNAPSHOT, vitals(13, 90), alert(14, 'resolved'), ended);
    const filled = [vitals(11, 97), begun, vitals(13, 90), alert(14, 'resolved'), ended].reduce(
      (model, frame) => {
        const next = apply(model, frame).model;
        expect(spo2(next)?.value).toBe(90);
        expect(next.rooms.get('3')?.session).toBeNull();
        return next;
      },
      shown,
    );
    expect(filled.rooms.get('3')).toMatchObject({ rev: 15, ahead: {} });
    expect(spo2(apply(filled, vitals(16, 99)).model)?.value).toBe(99);
  });

  it('is one too when what the server skipped begins after it', () => {
    const skipped = { type: 'skipped', room: '3', from_rev: 13, to_rev: 25 };
    expect(apply(after(SNAPSHOT), skipped).missed).toBe('3');
    expect(apply(after(SNAPSHOT), { ...skipped, from_rev: 11 }).missed).toBeNull();
  });

  it('is none when the server says what it skipped', () => {
    const model = after(SNAPSHOT, { type: 'skipped', room: '3', to_rev: 25 });
    expect(apply(model, vitals(26, 96)).missed).toBeNull();
  });
});

describe('readings', () => {
  it('are all that is known of their vital: why it is absent, since when, and what it was', () => {
    const last = { value: 97, taken_at: 999_100 };
    const absent = { vital: 'spo2', absent: 'sensor_off', since: 1_000_000, last };
    const gone = { ...vitals(12, 0), taken_at: 1_001_000, readings: [absent] };
    const reading = spo2(after(SNAPSHOT, vitals(11, 97), gone));
    expect(reading).toMatchObject({ absent: 'sensor_off', since: 1_000_000, last });
    expect(reading?.value).toBeUndefined();
  });

  it('that are stale in a snapshot are the values they were, with their age', () => {
    const stale = {
      absent: 'stale',
      quality: 'questionable',
      since: 5,
      last: { value: 91, taken_at: 5 },
    };
    const [room] = SNAPSHOT.rooms;
    const spo2_then = { ...stale, taken_at: 4, received_at: 5 };
    const model = after({ ...SNAPSHOT, rooms: [{ ...room, vitals: { spo2: spo2_then } }] });
    expect(spo2(model)).toEqual({
      vital: 'spo2',
      value: 91,
      quality: 'questionable',
      taken_at: 4,
      received_at: 5,
    });
  });

  it('of a vital of which nothing is known any more leave none', () => {
    const never = { ...vitals(12, 0), readings: [{ vital: 'spo2', absent: 'never' }] };
    expect(spo2(after(SNAPSHOT, vitals(11, 97), never))).toBeUndefined();
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

it('a room that is removed is gone, and the others stay', () => {
  const model = after(SNAPSHOT, { type: 'room_removed', room: '3' });
  expect(model.rooms.has('3')).toBe(false);
  expect(model.rooms.size).toBe(SNAPSHOT.rooms.length - 1);
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

it('a room that is renamed is called so at once', () => {
  const model = after(SNAPSHOT, { type: 'room', room: '3', rev: 11, name: 'Garden', order: 7 });
  expect(model.rooms.get('3')).toMatchObject({ name: 'Garden', order: 7, rev: 11 });
});

it('a room whose record could not be read whole says so until its next session', () => {
  const [room, ...others] = SNAPSHOT.rooms;
  const unread = { ...SNAPSHOT, rooms: [{ ...room, unread_since: 5_000 }, ...others] };
  const model = after(unread);
  expect([...model.rooms.values()].map((one) => one.unread_since)).toEqual([5_000, null]);
  const own = { type: 'room', room: '3', rev: 11, name: 'Room 3', order: 1 };
  const still = apply(model, { ...own, unread_since: 5_000 }).model;
  expect(still.rooms.get('3')?.unread_since).toBe(5_000);
  const over = apply(still, { ...own, rev: 12, unread_since: null }).model;
  expect(over.rooms.get('3')?.unread_since).toBeNull();
});

describe('a value that the monitor takes back', () => {
  const frame = (rev: number, ...readings: object[]) => ({
    type: 'vitals',
    room: '3',
    rev,
    taken_at: 2_000,
    received_at: 2_000,
    readings,
  });

  it('is never shown, and keeps nothing away', () => {
    const gone = { vital: 'spo2', value: 70, withdrawn: true };
    const model = after(SNAPSHOT, vitals(11, 97), frame(12, gone));
    expect(spo2(model)?.value).toBe(97);
    // One of which frames before it are missing.
    const ahead = after(SNAPSHOT, vitals(11, 97), frame(14, gone), vitals(12, 95));
    expect(spo2(ahead)?.value).toBe(95);
  });

  it('is not in a snapshot either', () => {
    const [room] = SNAPSHOT.rooms;
    const reading = { value: 70, withdrawn: true, taken_at: 1, received_at: 1 };
    const model = after({ ...SNAPSHOT, rooms: [{ ...room, vitals: { spo2: reading } }] });
    expect(spo2(model)).toBeUndefined();
  });

  it('gives its place to what corrects it, which says so', () => {
    const right = { vital: 'nibp', systolic: 124, diastolic: 78, corrects: true };
    const known = after(SNAPSHOT, frame(11, right)).rooms.get('3')?.vitals;
    expect(pressure(known?.['nibp'], null, 3_000)).toMatchObject({
      text: '124/78',
      corrected: true,
    });
    const next = { vital: 'nibp', systolic: 126, diastolic: 80 };
    const then = after(SNAPSHOT, frame(11, right), frame(12, next)).rooms.get('3');
    expect(pressure(then?.vitals['nibp'], null, 3_000).corrected).toBe(false);
  });
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
