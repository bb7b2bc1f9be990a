// What this screen knows of the ward, as a pure function of the frames it was sent.

import { judged } from '../alerts/recurrence';
import { fields, list, number, readAll, text } from '../stream/fields';
import { NOTHING_AHEAD, type Alert, type RoomState } from '../stream/shapes';
import {
  openSession,
  readAlert,
  readDevice,
  readInflation,
  readLimits,
  readOwn,
  readReading,
  readRoom,
  readSession,
} from '../stream/wire';

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
    case 'room_removed': {
      const id = text(frame['room']);
      const rooms = new Map(model.rooms);
      rooms.delete(id);
      return { model: { ...model, rooms }, touched: [id], missed: null };
    }
    case 'vitals':
    case 'alert':
    case 'session':
    case 'device':
    case 'room':
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
  for (const room of sent) rooms.set(room.id, remembering(room, model.rooms.get(room.id)));
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

/**
 * A snapshot says how a room is; what led to it, this screen may remember. That is all in which
 * two screens of one ward may differ: which alerts came back quietly, and so the newest that are
 * over; and, in `Model.unrecorded`, what the run before showed.
 */
function remembering(room: RoomState, before: RoomState | undefined): RoomState {
  const closed = before?.closed ?? [];
  return {
    ...room,
    alerts: judgedAll(room.alerts, [...(before?.alerts ?? []), ...closed]),
    closed,
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
  // The ward has one alert of a condition: the end of the one before may have been sent to nobody.
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
  const from = number(frame['from_rev']) ?? (frame['type'] === 'skipped' ? 0 : rev);
  const contiguous = from <= room.rev + 1;
  // What a frame says is shown at once even when some before it are missing: a late number is
  // bad, a withheld alert is worse. The rev stays where it was, so that those are still sent; when
  // they come, none of them replaces what is newer.
  const isNewer = (part: string) => rev > (room.ahead[part] ?? 0);
  const next = {
    ...change(room, frame, isNewer),
    rev: contiguous ? rev : room.rev,
    ahead: ahead(room, frame, rev, contiguous),
  };
  const rooms = new Map(model.rooms).set(id, next);
  return { model: { ...model, rooms }, touched: [id], missed: contiguous ? null : id };
}

type Raw = Readonly<Record<string, unknown>>;

/** What a frame speaks of: an alert, a monitor, the session, the room's name. */
function subject(frame: Raw): string {
  const type = text(frame['type']);
  return type + text(fields(frame[type])['id']);
}

/** Of which parts something newer is known than the room's rev says, and of which rev it is. */
function ahead(room: RoomState, frame: Raw, rev: number, contiguous: boolean) {
  if (contiguous) {
    const left = Object.entries(room.ahead).filter(([, known]) => known > rev);
    return left.length === 0 ? NOTHING_AHEAD : Object.fromEntries(left);
  }
  // What came late or was taken back shows nothing, and so keeps nothing older away.
  const readings = list(frame['readings'])
    .map(fields)
    .filter(({ late, withdrawn }) => late !== true && withdrawn !== true);
  const vitals = readings.map((reading) => text(reading['vital']));
  const parts = [frame['type'] === 'session' ? 'session' : subject(frame), ...vitals];
  return { ...room.ahead, ...Object.fromEntries(parts.map((part) => [part, rev])) };
}

function change(room: RoomState, frame: Raw, isNewer: (part: string) => boolean): RoomState {
  switch (frame['type']) {
    case 'vitals':
      return withReadings(room, frame, isNewer);
    case 'alert': {
      const alert = readAlert(frame['alert']);
      return alert === null || !isNewer(subject(frame)) ? room : withAlert(room, alert);
    }
    case 'session':
      return isNewer('session')
        ? {
            ...room,
            session: openSession(readSession(frame['session'])),
            limits: frame['limits'] === undefined ? room.limits : readLimits(frame['limits']),
          }
        : room;
    case 'device': {
      const device = readDevice(frame['device']);
      if (device === null || !isNewer(subject(frame))) return room;
      const others = room.devices.filter((other) => other.id !== device.id);
      const bound = fields(frame['device'])['room'] !== null;
      return { ...room, devices: bound ? [...others, device] : others };
    }
    case 'room':
      return isNewer('room') ? { ...room, ...readOwn(room.id, frame) } : room;
    default:
      return room;
  }
}

/** A reading in a frame is all that is known of its vital now. */
function withReadings(room: RoomState, frame: Raw, isNewer: (part: string) => boolean): RoomState {
  const received_at = number(frame['received_at']) ?? number(frame['taken_at']) ?? 0;
  const at = { received_at, taken_at: number(frame['taken_at']) ?? received_at };
  const vitals = { ...room.vitals };
  for (const raw of list(frame['readings'])) {
    const reading = readReading(raw, at);
    if (reading === null || reading.late || reading.withdrawn) continue;
    if (!isNewer(reading.vital)) continue;
    if (reading.absent === 'never') delete vitals[reading.vital];
    // Its inflation says why the cuff gives no value; its last value stays.
    else if (reading.vital !== 'nibp' || reading.absent === undefined) {
      vitals[reading.vital] = reading;
    }
  }
  const inflation = frame['inflation'];
  const cuff = inflation === undefined || !isNewer('nibp') ? room.cuff : readInflation(inflation);
  return { ...room, vitals, cuff };
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
