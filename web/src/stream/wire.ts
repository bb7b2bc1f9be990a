// The server's shapes, made safe to use: every `read…` takes what came off the wire and gives back a
// complete value, or null when the part that identifies it is missing. A field that is missing or of
// the wrong kind falls back to what "nothing known" means for it, so that one odd frame cannot blank
// a screen. A field that is read here and not in the contract does not compile.

import { type Fields, type Of, fields, number, text, label, readAll } from './fields';
import {
  type Reading,
  type Last,
  type Acknowledged,
  type Alert,
  type Bounds,
  type Limits,
  type SessionEvent,
  type Task,
  type PersonalLimit,
  type OpenSymptom,
  type Session,
  type Device,
  type RoomState,
  NOTHING_AHEAD,
  type Inflation,
  type Me,
  type Wire,
} from './shapes';

/** What the monitor's display would show. */
const BOUNDS: Readonly<Record<string, '<' | '>'>> = { below: '<', above: '>' };

/** `at` holds the frame's times, for those that the reading leaves out. */
export function readReading(raw: unknown, at: Partial<Reading> = {}, name = ''): Reading | null {
  const from = fields<Wire['Reading'] | Wire['LiveReading']>(raw);
  const vital = text(from['vital'], name);
  if (vital === '') return null;
  const received_at = number(from['received_at']) ?? at.received_at ?? 0;
  const stated = text(from['absent']);
  // How old a value is, its time says: here it is judged anew at every moment.
  const isStale = stated === 'stale' && from['last'] !== undefined;
  const absent = isStale ? '' : stated;
  const parts = numbers(isStale ? fields(from['last']) : from, PARTS);
  const since = isStale ? null : number(from['since']);
  const last = isStale ? null : readLast(from['last']);
  const stale_after_ms = number(from['stale_after_ms']);
  const taken_at = number(from['taken_at']) ?? at.taken_at ?? received_at;
  const manual = from['source'] === 'manual';
  const bound = BOUNDS[text(from['bound'])];
  return {
    vital,
    ...(absent === '' ? parts : { absent }),
    ...(since === null ? {} : { since }),
    ...(last === null ? {} : { last }),
    ...(stale_after_ms === null ? {} : { stale_after_ms }),
    ...(from['late'] === true ? { late: true } : {}),
    ...(from['corrects'] === true ? { corrected: true } : {}),
    ...(from['withdrawn'] === true ? { withdrawn: true } : {}),
    ...(manual ? { manual } : {}),
    ...(bound === undefined ? {} : { bound }),
    // A person's time is ours; a device's is where the server has corrected it.
    ...(manual || from['device_taken_at'] !== undefined ? { measured_at: taken_at } : {}),
    quality: text(from['quality'], 'good'),
    taken_at,
    received_at,
  };
}

const PARTS = ['value', 'systolic', 'diastolic', 'mean'];

function readLast(raw: unknown): Last | null {
  const from = fields<Wire['LastReading']>(raw);
  const taken_at = number(from['taken_at']);
  return taken_at === null
    ? null
    : { ...numbers(from, ['value', 'systolic', 'diastolic']), taken_at };
}

function readNumbers(raw: unknown): Record<string, number> {
  const from = fields(raw);
  return numbers(from, Object.keys(from));
}

const TOO_LARGE = 10_000;

function numbers(from: Fields, names: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of names) {
    const value = number(from[name]);
    // No vital, limit or baseline has five digits, and no place for one.
    if (value !== null && Math.abs(value) < TOO_LARGE) found[name] = value;
  }
  return found;
}

export function readAlert(raw: unknown): Alert | null {
  const from = fields<Wire['AlertView']>(raw);
  const id = text(from['id']);
  if (id === '') return null;
  const state = text(from['state']);
  const priority = text(from['priority']);
  return {
    id,
    room: from['room'] === null || from['room'] === undefined ? null : text(from['room']),
    session: text(from['session']) || null,
    condition: text(from['condition']),
    kind: text(from['kind']),
    // An alert of a priority that this page does not know is shown as the most urgent.
    priority: priority === 'low' || priority === 'medium' ? priority : 'high',
    state: state === 'latched' || state === 'resolved' ? state : 'active',
    raised_at: number(from['raised_at']) ?? 0,
    ended_at: number(from['ended_at']),
    escalated: number(from['escalated']) ?? 0,
    escalated_at: number(from['escalated_at']),
    acknowledged: readWho(from['acknowledged']),
    acknowledged_before: readWho(from['acknowledged_before']),
    outcome: text(from['outcome']) || null,
    silenced_until: number(from['silenced_until']),
    reopened_at: number(from['reopened_at']),
    active_since: number(from['active_since']),
    quiet: false,
    worst_at: number(from['worst_at']),
    came_down: number(fields(from['came_down'])['at']),
    receipts: number(from['receipts']) ?? 0,
    text: label(from['text'], 300) || label(spaced(text(from['condition'])), 80) || 'Alert',
  };
}

/** Who did it and when; null while nobody has. */
function readWho(raw: unknown): Acknowledged | null {
  const { by, at } = fields<Wire['Acknowledged'] | Wire['Withdrawn']>(raw);
  const who = label(by, 16);
  return who === '' ? null : { by: who, at: number(at) ?? 0 };
}

export function readSession(raw: unknown): Session | null {
  const from = fields<Wire['SessionView']>(raw);
  const id = text(from['id']);
  if (id === '') return null;
  const measured = readNumbers(from['baseline']);
  return {
    id,
    initials: label(from['initials'], 16),
    profile: text(from['profile']),
    title: label(from['title'], 80) || label(from['profile'], 80),
    phase: label(from['phase'], 40),
    phase_since: number(from['phase_since']) ?? 0,
    opened_at: number(from['opened_at']) ?? number(from['phase_since']) ?? 0,
    started_at: number(from['started_at']),
    infused_ms: number(from['infused_ms']) ?? 0,
    planned_s: number(from['planned_s']) ?? 0,
    baseline: Object.keys(measured).length === 0 ? null : measured,
    limits: readLimits(from['limits']),
    cadence_s: number(from['cadence_s']) ?? 300,
    next_nibp_due: number(from['next_nibp_due']),
    events: inOrderOfTime(readAll(from['events'], readEvent)),
    tasks: readAll(from['tasks'], readTask),
    personal_limits: readAll(from['personal_limits'], readPersonalLimit),
    known_low: from['known_low'] === true,
    symptoms: readAll(from['symptoms'], readSymptom),
    raw,
  };
}

export function readLimits(raw: unknown): Limits {
  const limits: Record<string, Bounds> = {};
  for (const [vital, bounds] of Object.entries(fields(raw)))
    limits[vital] = numbers(fields<Wire['ShownRange']>(bounds), ['low', 'high']);
  return limits;
}

const spaced = (name: string) => name.replaceAll('_', ' ');

function readTask(raw: unknown): Task | null {
  const from = fields<Wire['Task']>(raw);
  const kind = text(from['kind']);
  const words = label(from['text'], 300) || label(spaced(kind), 80);
  if (words === '') return null;
  return {
    kind,
    text: words,
    since: number(from['since']) ?? 0,
    due: number(from['due']),
    alert: text(from['alert']) || null,
  };
}

function readPersonalLimit(raw: unknown): PersonalLimit | null {
  const from = fields<Wire['ShownPersonalLimit']>(raw);
  const condition = text(from['condition']);
  if (condition === '') return null;
  return {
    condition,
    caution: number(from['caution']),
    urgent: number(from['urgent']),
    extreme: number(from['extreme']),
    reason: text(from['reason']),
    prescriber: text(from['prescriber']) || null,
    by: text(from['by']),
    at: number(from['at']) ?? 0,
  };
}

function readSymptom(raw: unknown): OpenSymptom | null {
  const from = fields<Wire['Symptom']>(raw);
  const symptom = text(from['symptom']);
  if (symptom === '') return null;
  return {
    symptom,
    text: text(from['text']) || spaced(symptom),
    since: number(from['since']) ?? 0,
  };
}

function readEvent(raw: unknown): SessionEvent | null {
  const from = fields<Wire['ShownEvent']>(raw);
  const at = number(from['at']);
  if (at === null) return null;
  const type = text(from['type']);
  return {
    n: number(from['n']) ?? 0,
    place: 0,
    at,
    type,
    by: text(from['by']),
    text: text(from['text']) || spaced(type),
    values: readNumbers(from['values']),
    withdrawn: readWho(from['withdrawn']),
  };
}

/** What was entered later than it happened is listed when it happened. */
function inOrderOfTime(events: readonly SessionEvent[]): SessionEvent[] {
  const first = Math.min(...events.map((event) => event.n));
  return [...events]
    .sort((a, b) => a.at - b.at || a.n - b.n)
    .map((event, index) => ({ ...event, place: first + index }));
}

export function readDevice(raw: unknown): Device | null {
  const from = fields<Wire['Monitor']>(raw);
  const id = text(from['id']);
  if (id === '') return null;
  return { id, link: text(from['link'], 'down'), source: text(from['source'], 'monitor') };
}

const OVER: ReadonlySet<string> = new Set(['discharged', 'aborted', 'transferred']);

/** A session that has ended leaves its room: the room then has none. */
export function openSession(session: Session | null): Session | null {
  return session !== null && OVER.has(session.phase) ? null : session;
}

export function readRoom(raw: unknown): RoomState | null {
  const from = fields<Wire['Room']>(raw);
  const id = text(from['id']);
  if (id === '') return null;
  const vitals: Record<string, Reading> = {};
  for (const [vital, reading] of Object.entries(fields(from['vitals']))) {
    const read = readReading(reading, {}, vital);
    if (read !== null && !read.withdrawn) vitals[vital] = read;
  }
  return {
    id,
    ...readOwn(id, from),
    rev: number(from['rev']) ?? 0,
    session: openSession(readSession(from['session'])),
    limits: readLimits(from['limits']),
    vitals,
    devices: readAll(from['devices'], readDevice),
    alerts: readAll(from['alerts'], readAlert).filter((alert) => alert.state !== 'resolved'),
    closed: [],
    cuff: readInflation(from['inflation'] === undefined ? from['cuff'] : from['inflation']),
    ahead: NOTHING_AHEAD,
  };
}

/** What a room is called, its place, its staff, and whether its record was read whole. */
export function readOwn(id: string, from: Of<Wire['Room']>) {
  return {
    name: label(from['name'], 60) || `Room ${label(id, 60)}`,
    order: number(from['order']) ?? Number.MAX_SAFE_INTEGER,
    nurse: label(fields<Wire['RoomStaff']>(from['staff'])['nurse'], 16),
    unread_since: number(from['unread_since']),
  };
}

export function readInflation(raw: unknown): Inflation | null {
  const from = fields<Wire['Inflation'] | Wire['Cuff']>(raw);
  const state = text(from['state']);
  if (state === '') return null;
  return { state, since: number(from['since']), ended_at: number(from['ended_at']) };
}

export function readMe(raw: unknown): Me | null {
  const from = fields<Wire['Me']>(raw);
  const name = text(from['name']);
  if (name === '') return null;
  return {
    name,
    role: text(from['role']),
    initials: label(from['initials'], 16) || label(name, 16),
    time_zone: text(from['time_zone']) || null,
  };
}
