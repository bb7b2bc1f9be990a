// Staff, programs and lists as the server tells of them.

import { fields, label, list, number, readAll, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  readonly role: string;
  readonly pin: boolean;
  readonly active: boolean;
}

const NAME_MAX = 100;

export function readPerson(raw: unknown): Person | null {
  const from = fields<Wire['StaffMember']>(raw);
  const id = text(from['id']);
  if (id === '') return null;
  return {
    id,
    name: label(from['name'], NAME_MAX),
    initials: label(from['initials'], 8),
    role: text(from['role']),
    pin: from['pin'] === true,
    active: from['active'] === true,
  };
}

export interface Program {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly last_used: number | null;
}

export function readProgram(raw: unknown): Program | null {
  const from = fields<Wire['ProgramToken']>(raw);
  const id = text(from['id']);
  if (id === '') return null;
  return {
    id,
    name: label(from['name'], NAME_MAX),
    role: text(from['role']),
    last_used: number(from['last_used']),
  };
}

export interface Line {
  readonly drug: string;
  /** As it is typed: `4, 8`. */
  readonly doses: string;
  /** The dose that is usual, where the list says one: kept as long as it is offered. */
  readonly usual: string;
  readonly unit: string;
  readonly route: string;
  readonly text: string;
}

export const EMPTY_LINE: Line = {
  drug: '',
  doses: '',
  usual: '',
  unit: 'mg',
  route: 'iv',
  text: '',
};

export interface ClinicList {
  readonly version: number;
  readonly by: string;
  readonly at: number | null;
  readonly lines: readonly Line[];
}

export function readList(raw: unknown): ClinicList {
  const from = fields<Wire['ClinicList']>(raw);
  const changed = fields<Wire['Change']>(from['changed']);
  return {
    version: number(from['version']) ?? 0,
    by: text(changed['by']),
    at: number(changed['at']),
    lines: readAll(from['items'], readLine),
  };
}

function readLine(raw: unknown): Line {
  const from = fields<Wire['ListedMedication'] | Wire['ListedText']>(raw);
  return {
    drug: text(from['drug']),
    doses: list(from['doses'])
      .map((dose) => text(dose))
      .join(', '),
    usual: text(fields(raw)['usual']),
    unit: text(from['unit']),
    route: text(from['route']),
    text: text(from['text']),
  };
}

/** What is not a number of `4, 8`; null when all are. */
export function badDose(doses: string): string | null {
  const parts = partsOf(doses);
  return parts.find((part) => !/^\d+([.]\d+)?$/.test(part)) ?? (parts.length === 0 ? doses : null);
}

const partsOf = (doses: string) =>
  doses
    .split(/[,;\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** As the server takes it. */
export function itemOf(line: Line, isMedication: boolean): object {
  if (!isMedication) return { text: line.text.trim() };
  const doses = partsOf(line.doses).map(Number);
  const isOffered = line.usual !== '' && doses.includes(Number(line.usual));
  return {
    drug: line.drug.trim(),
    doses,
    ...(isOffered ? { usual: Number(line.usual) } : {}),
    unit: line.unit.trim(),
    route: line.route.trim(),
  };
}

/** The line, from 0, of which a refusal speaks: `items[2].unit`. */
export function lineOf(field: string): number | null {
  const found = /^items\[(\d+)\]/.exec(field)?.[1];
  return found === undefined ? null : Number(found);
}

export interface SetAside {
  readonly id: string;
  readonly session: string;
  readonly at: number;
  readonly tries: number;
  /** In the words of the system. */
  readonly why: string;
  readonly isCorrection: boolean;
}

/** One of the hospital's systems, to which finished sessions are sent. */
export interface Destination {
  readonly name: string;
  readonly kind: string;
  readonly address: string;
  readonly waiting: number;
  readonly lastArrived: number | null;
  readonly notReached: number | null;
  /** It has not been reached for long. */
  readonly isLost: boolean;
  /** What went wrong last with what is being sent; empty when nothing did. */
  readonly why: string;
  readonly refused: number;
  readonly setAside: readonly SetAside[];
}

const WHY_MAX = 400;

export function readDestination(raw: unknown): Destination | null {
  const from = fields<Wire['OutboundDestination']>(raw);
  const name = label(from['name'], NAME_MAX);
  if (name === '') return null;
  return {
    name,
    kind: text(from['kind']),
    address: label(from['address'], 300),
    waiting: number(from['waiting']) ?? 0,
    lastArrived: number(from['last_arrived_at']),
    notReached: number(from['not_reached_since']),
    isLost: from['is_lost'] === true,
    why: label(from['why'], WHY_MAX),
    refused: number(from['set_aside_count']) ?? 0,
    setAside: readAll(from['set_aside'], readSetAside),
  };
}

function readSetAside(raw: unknown): SetAside | null {
  const from = fields<Wire['OutboundMessage']>(raw);
  const id = text(from['id']);
  const at = number(from['at']);
  if (id === '' || at === null) return null;
  return {
    id,
    session: text(from['session']),
    at,
    tries: number(from['tries']) ?? 0,
    why: label(from['why'], WHY_MAX),
    isCorrection: from['is_correction'] === true,
  };
}
