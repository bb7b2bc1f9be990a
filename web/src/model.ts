// What this screen knows of the ward, as a pure function of the frames it was sent.

import { heard, inflation } from './cuff';
import { judged } from './quiet';
import {
  fields,
  list,
  number,
  openSession,
  readAlert,
  readAll,
  readDevice,
  readLimits,
  readReading,
  readRoom,
  readSession,
  text,
  type Alert,
  type Reading,
  type RoomState,
} from './wire';

export interface Model {
  /** Names one run of the server; null before the first snapshot. */
  readonly epoch: string | null;
  readonly alerts: readonly Alert[];
  readonly rooms: ReadonlyMap<string, RoomState>;
  /** Open alerts of the run before, which the next run's snapshot lacks. */
  readonly unrecorded: readonly Alert[];
}

export interface Applied {
  readonly model: Model;
  /** Ids of the rooms that are no longer the same. */
  readonly touched: readonly string[];
  /** A room of which frames are missing: it has to be asked for again. */
  readonly missed: string | null;
}

export const EMPTY: Model = { epoch: null, alerts: [], rooms: new Map(), unrecorded: [] };

export function apply(model: Model, raw: unknown): Applied {
  const frame = fields(raw);
  switch (frame['type']) {
    case 'snapshot':
      return snapshot(model, frame);
    case 'vitals':
    case 'alert':
    case 'session':
    case 'device':
    case 'skipped':
      return frame['room'] === null || frame['room'] === undefined
        ? wardFrame(model, frame)
        : roomFrame(model, frame);
    default:
      // A kind of frame that only a newer page knows is one of the room's all the same: without
      // its rev the next would look as if one were missing.
      return number(frame['rev']) !== null && text(frame['room']) !== ''
        ? roomFrame(model, frame)
        : unchanged(model);
  }
}

function unchanged(model: Model): Applied {
  return { model, touched: [], missed: null };
}

function snapshot(model: Model, frame: Readonly<Record<string, unknown>>): Applied {
  const epoch = text(frame['epoch']) || null;
  const sent = readAll(frame['rooms'], readRoom);
  const restarted = model.epoch !== null && epoch !== model.epoch;
  // Within one run a snapshot may carry only the rooms that were asked for again.
  const rooms = new Map(restarted ? [] : model.rooms);
  const now = number(frame['now']) ?? 0;
  for (const room of sent) rooms.set(room.id, remembering(room, model.rooms.get(room.id), now));
  const ward = fields(frame['ward']);
  const alerts =
    frame['ward'] === undefined
      ? model.alerts
      : judgedAll(readAll(ward['alerts'], readAlert).filter(isOpen), model.alerts);
  const next: Model = {
    epoch,
    alerts,
    rooms,
    unrecorded: restarted ? unrecorded(model, alerts, rooms) : model.unrecorded,
  };
  return {
    model: next,
    touched: [...new Set([...model.rooms.keys(), ...rooms.keys()])],
    missed: null,
  };
}

/** A snapshot says how a room is; what led to it, this screen may remember. */
function remembering(room: RoomState, before: RoomState | undefined, now: number): RoomState {
  return {
    ...room,
    alerts: judgedAll(room.alerts, [...(before?.alerts ?? []), ...(before?.closed ?? [])]),
    closed: before?.closed ?? [],
    cuff: inflation(room.cuff, room.vitals['nibp'], before?.cuff ?? null, now),
  };
}

function judgedAll(alerts: readonly Alert[], before: readonly Alert[]): Alert[] {
  return alerts.map((alert) =>
    judged(
      alert,
      before.find(({ id }) => id === alert.id),
    ),
  );
}

/** More than a ward has open at once; nobody needs to dismiss hundreds. */
const UNRECORDED_MAX = 64;

function unrecorded(
  before: Model,
  alerts: readonly Alert[],
  rooms: ReadonlyMap<string, RoomState>,
): Alert[] {
  const known = new Set(alerts.map((alert) => alert.id));
  for (const room of rooms.values()) for (const alert of room.alerts) known.add(alert.id);
  const open = [...before.alerts, ...[...before.rooms.values()].flatMap((room) => room.alerts)];
  const lost = open.filter((alert) => !known.has(alert.id));
  return [...before.unrecorded, ...lost].slice(-UNRECORDED_MAX);
}

function wardFrame(model: Model, frame: Readonly<Record<string, unknown>>): Applied {
  if (frame['type'] !== 'alert') return unchanged(model);
  const alert = readAlert(frame['alert']);
  if (alert === null) return unchanged(model);
  // The ward has one alert of a condition: the end of the one before may have been told to nobody.
  const alerts = model.alerts.filter(
    ({ id, condition }) => id === alert.id || condition !== alert.condition,
  );
  return { model: { ...model, alerts: upsert(alerts, alert) }, touched: [], missed: null };
}

function roomFrame(model: Model, frame: Readonly<Record<string, unknown>>): Applied {
  const id = text(frame['room']);
  if (id === '') return unchanged(model);
  const room = model.rooms.get(id);
  // A room added since the snapshot: asking again brings its name and the rest.
  if (room === undefined) return { model, touched: [], missed: id };
  const rev = number(frame['rev']) ?? number(frame['to_rev']) ?? room.rev + 1;
  if (rev <= room.rev) return unchanged(model);
  const contiguous = frame['type'] === 'skipped' || rev === room.rev + 1;
  // What a frame says is shown at once even when some before it are missing: a late number is
  // bad, a withheld alert is worse. The rev stays where it was, so that those are still sent.
  const next = { ...change(room, frame), rev: contiguous ? rev : room.rev };
  const rooms = new Map(model.rooms).set(id, next);
  return { model: { ...model, rooms }, touched: [id], missed: contiguous ? null : id };
}

function change(room: RoomState, frame: Readonly<Record<string, unknown>>): RoomState {
  switch (frame['type']) {
    case 'vitals': {
      const found = readings(room, frame);
      return {
        ...room,
        vitals: { ...room.vitals, ...found },
        cuff: heard(room.cuff, found['nibp']),
      };
    }
    case 'alert': {
      const alert = readAlert(frame['alert']);
      return alert === null ? room : withAlert(room, alert);
    }
    case 'session': {
      const session = openSession(readSession(frame['session']));
      if (session !== null) return { ...room, session };
      // The next patient's tile must not begin with this one's pressure.
      const { nibp: _, ...vitals } = room.vitals;
      return { ...room, session, limits: readLimits(frame['limits']), vitals, cuff: null };
    }
    case 'device': {
      const device = readDevice(frame['device']);
      if (device === null) return room;
      const others = room.devices.filter((other) => other.id !== device.id);
      const bound = fields(frame['device'])['room'] !== null;
      return { ...room, devices: bound ? [...others, device] : others };
    }
    default:
      return room;
  }
}

function readings(room: RoomState, frame: Readonly<Record<string, unknown>>) {
  const received_at = number(frame['received_at']) ?? number(frame['taken_at']) ?? 0;
  const at = { received_at, taken_at: number(frame['taken_at']) ?? received_at };
  const found: Record<string, Reading> = {};
  for (const raw of list(frame['readings'])) {
    const reading = readReading(raw, at);
    if (reading === null || reading.late === true) continue;
    found[reading.vital] = withMemory(reading, room.vitals[reading.vital]);
  }
  return found;
}

/** An absent reading remembers since when, and what was last measured. */
function withMemory(reading: Reading, before: Reading | undefined): Reading {
  if (reading.absent === undefined || before === undefined) return reading;
  if (before.absent !== undefined) {
    const since = before.absent === reading.absent ? (before.since ?? before.taken_at) : null;
    return {
      ...(before.last === undefined ? {} : { last: before.last }),
      since: since ?? reading.taken_at,
      ...reading,
    };
  }
  const { value, systolic, diastolic, received_at, taken_at, manual, measured_at } = before;
  const last = {
    ...(value === undefined ? {} : { value }),
    ...(systolic === undefined ? {} : { systolic }),
    ...(diastolic === undefined ? {} : { diastolic }),
    ...(manual === undefined ? {} : { manual }),
    taken_at: measured_at ?? (received_at || taken_at),
  };
  return { last, since: reading.taken_at, ...reading };
}

function isOpen(alert: Alert): boolean {
  return alert.state !== 'resolved';
}

/** Over long enough to be forgotten: an alert that comes back does so within minutes. */
const CLOSED_MAX = 16;

function withAlert(room: RoomState, alert: Alert): RoomState {
  const alerts = upsert(room.alerts, alert, room.closed);
  const others = room.closed.filter((other) => other.id !== alert.id);
  return {
    ...room,
    alerts,
    closed: isOpen(alert) ? others : [...others, alert].slice(-CLOSED_MAX),
  };
}

function upsert(alerts: readonly Alert[], alert: Alert, closed: readonly Alert[] = []): Alert[] {
  const others = alerts.filter((other) => other.id !== alert.id);
  const before = [...alerts, ...closed].find((other) => other.id === alert.id);
  return isOpen(alert) ? [...others, judged(alert, before)] : others;
}
