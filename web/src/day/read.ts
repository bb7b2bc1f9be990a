// A day as the server tells it: nothing of it is believed before it is read.

import { get, type Answer } from '../api';
import { fields, list, number, readAll, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

export interface DaySession {
  readonly id: string;
  readonly room: string;
  readonly title: string;
  readonly phase: string;
  readonly initials: string;
  readonly patient: string | null;
  readonly by: string;
  readonly opened_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly planned_s: number;
  readonly alerts: number;
  readonly high: number;
  readonly unsigned: readonly string[];
}

export interface HandedOver {
  readonly session: string;
  readonly room: string;
  readonly initials: string;
  readonly phase: string;
  readonly tasks: readonly string[];
  readonly remarks: readonly { readonly at: number; readonly by: string; readonly text: string }[];
  readonly unsigned: readonly string[];
}

/** Rooms that somebody has handed over. */
export interface HandOverDone {
  readonly at: number;
  readonly by: string;
  readonly to: string;
  readonly rooms: readonly string[];
}

export interface DayOf {
  readonly date: string;
  readonly from: number;
  readonly to: number;
  readonly sessions: readonly DaySession[];
  readonly more: boolean;
  readonly hand_over: readonly HandedOver[];
  /** The first one first; null where the server records none. */
  readonly hand_overs: readonly HandOverDone[] | null;
}

/** `date` is null for the clinic's present day. */
export async function askForDay(date: string | null): Promise<Answer<DayOf>> {
  const answer = await get(`/days/${date ?? 'today'}`);
  return answer.ok ? { ...answer, value: readDay(answer.value) } : answer;
}

export function readDay(raw: unknown): DayOf {
  const from = fields<Wire['Day']>(raw);
  return {
    date: text(from['date']),
    from: number(from['from']) ?? 0,
    to: number(from['to']) ?? 0,
    sessions: readAll(from['sessions'], readSession),
    more: from['more'] === true,
    hand_over: readAll(from['hand_over'], readHandedOver),
    hand_overs: readDone(fields(raw)['hand_overs']),
  };
}

function readDone(raw: unknown): readonly HandOverDone[] | null {
  if (!Array.isArray(raw)) return null;
  return readAll(raw, (one) => {
    const from = fields(one);
    const at = number(from['at']);
    if (at === null) return null;
    const rooms = list(from['rooms']).map((room) => text(fields(room)['room']));
    return { at, by: text(from['by']), to: text(from['to']), rooms };
  });
}

/** Who was given a room last. */
export function keeperOf(room: string, done: readonly HandOverDone[] | null): HandOverDone | null {
  return done?.findLast(({ rooms }) => rooms.includes(room)) ?? null;
}

const texts = (raw: unknown) => list(raw).map((one) => text(one));

function readSession(raw: unknown): DaySession | null {
  const from = fields<Wire['DaySession']>(raw);
  const id = text(from['id']);
  const opened_at = number(from['opened_at']);
  if (id === '' || opened_at === null) return null;
  const alerts = fields<Wire['DayAlerts']>(from['alerts']);
  return {
    id,
    room: text(from['room']),
    title: text(from['title']) || text(from['profile']),
    phase: text(from['phase']),
    initials: text(from['initials']),
    patient: text(from['patient']) || null,
    by: text(from['by']),
    opened_at,
    started_at: number(from['started_at']),
    ended_at: number(from['ended_at']),
    planned_s: number(from['planned_s']) ?? 0,
    alerts: number(alerts['all']) ?? 0,
    high: number(alerts['high']) ?? 0,
    unsigned: texts(from['unsigned']),
  };
}

function readHandedOver(raw: unknown): HandedOver | null {
  const from = fields<Wire['HandedOver']>(raw);
  const session = text(from['session']);
  if (session === '') return null;
  return {
    session,
    room: text(from['room']),
    initials: text(from['initials']),
    phase: text(from['phase']),
    tasks: texts(from['tasks']),
    remarks: readAll(from['remarks'], readRemark),
    unsigned: texts(from['unsigned']),
  };
}

export function readRemark(raw: unknown): { at: number; by: string; text: string } | null {
  const from = fields<Wire['Remark']>(raw);
  const at = number(from['at']);
  return at === null ? null : { at, by: text(from['by']), text: text(from['text']) };
}
