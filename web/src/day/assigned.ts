// Who has which room, as the server says it. Pure.

import { fields, label, number, readAll, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

export interface OnShift {
  readonly initials: string;
  readonly on_break: boolean;
  readonly on_break_since: number | null;
}

/** Who has a room, and who is told of its alerts, by initials; empty where nobody is named. */
export interface AssignedRoom {
  readonly room: string;
  readonly nurse: string;
  readonly backup: string;
  readonly first: string;
}

export interface Assigned {
  readonly rooms: readonly AssignedRoom[];
  readonly people: readonly OnShift[];
}

export function readAssigned(raw: unknown): Assigned {
  const from = fields<Wire['Assignments']>(raw);
  return {
    rooms: readAll(from['assignments'], readRoom),
    people: readAll(from['people'], readPerson),
  };
}

function readRoom(raw: unknown): AssignedRoom | null {
  const from = fields<Wire['RoomAssignment']>(raw);
  const room = text(from['room']);
  const who = (key: 'nurse' | 'backup' | 'first') => label(from[key], 16);
  if (room === '') return null;
  return { room, nurse: who('nurse'), backup: who('backup'), first: who('first') };
}

function readPerson(raw: unknown): OnShift | null {
  const from = fields<Wire['OnShift']>(raw);
  const initials = label(from['initials'], 16);
  if (initials === '') return null;
  return {
    initials,
    on_break: from['on_break'] === true,
    on_break_since: number(from['on_break_since']),
  };
}

/** Whom a room can be given: whoever is named there stays in the list. */
export function choices(people: readonly OnShift[], named: string): readonly string[] {
  const all = people.map(({ initials }) => initials);
  return named === '' || all.includes(named) ? all : [...all, named];
}

/** What changes when a room's nurse or backup is chosen: one person is never both. */
export function changed(
  of: AssignedRoom,
  part: 'nurse' | 'backup',
  who: string,
): { room: string; nurse: string | null; backup: string | null } {
  const other = part === 'nurse' ? 'backup' : 'nurse';
  const next = { nurse: of.nurse, backup: of.backup, [part]: who };
  if (who !== '' && next[other] === who) next[other] = of[part];
  return { room: of.room, nurse: next.nurse || null, backup: next.backup || null };
}

/** The rooms that somebody is the nurse of. */
export const roomsOf = (rooms: readonly AssignedRoom[], who: string): readonly string[] =>
  rooms.filter(({ nurse }) => nurse === who).map(({ room }) => room);
