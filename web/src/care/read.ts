// The part of a session that only its own screens show: gates, order, what was given. Read when it
// is shown, so that the first screen carries none of it.

import { fields, label, list, number, readAll, text } from '../stream/fields';
import type { Session } from '../stream/shapes';

export interface ListedValue {
  readonly at: number;
  readonly text: string;
}

export interface Item {
  readonly name: string;
  readonly text: string;
  readonly met: boolean;
  /** The room itself says it: nobody ticks it. */
  readonly measured: boolean;
  readonly detail: string;
  /** When it is met if nothing changes. */
  readonly until: number | null;
  readonly values: readonly ListedValue[];
  readonly by: string;
  readonly at: number | null;
}

export type Step = 'check_in' | 'screening' | 'baseline' | 'start' | 'discharge';

export interface Gate {
  readonly step: string;
  readonly items: readonly Item[];
}

export interface Stated {
  readonly series: { readonly number: number; readonly of: number | null } | null;
  readonly escort: { readonly name: string; readonly phone: string } | null;
  readonly allergies: string;
  readonly weight_kg: number | null;
}

export interface Order {
  readonly drug: string;
  readonly mg_per_kg: number | null;
  readonly weight_kg: number | null;
  readonly mg: number | null;
  readonly ml: number | null;
  readonly minutes: number | null;
  readonly ordered_by: string;
  readonly rate_ml_h: number | null;
  readonly by: string;
  readonly at: number;
}

export interface Given {
  /** Up to this time. */
  readonly at: number;
  readonly mg: number;
  readonly ml: number | null;
  readonly mg_per_kg: number | null;
  readonly percent: number | null;
  /** Null while nothing runs. */
  readonly mg_min: number | null;
  readonly rate_ml_h: number | null;
  readonly ends_at: number | null;
  readonly emptied_at: number | null;
}

export interface Medication {
  readonly n: number;
  readonly at: number;
  readonly by: string;
  readonly drug: string;
  readonly dose: number | null;
  readonly unit: string;
  readonly route: string;
}

export interface Waived {
  readonly step: string;
  readonly items: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

export interface Care {
  readonly gates: readonly Gate[];
  readonly stated: Stated | null;
  readonly order: Order | null;
  readonly given: Given | null;
  readonly doses: readonly { readonly at: number; readonly mg: number }[];
  readonly medications: readonly Medication[];
  readonly oxygen: { readonly flow_l_min: number; readonly at: number } | null;
  readonly waived: readonly Waived[];
}

/** No gate, order or list of a session is longer. */
const MOST = 200;

const known = new WeakMap<Session, Care>();

/** Of one session as it was sent once: read once. */
export function careOf(session: Session): Care {
  const before = known.get(session);
  if (before !== undefined) return before;
  const care = readCare(session.raw);
  known.set(session, care);
  return care;
}

export function readCare(raw: unknown): Care {
  const from = fields(raw);
  return {
    gates: readSome(from['gates'], readGate),
    stated: readStated(from['stated']),
    order: readOrder(from['order']),
    given: readGiven(from['given']),
    doses: readSome(from['doses'], readDose),
    medications: readSome(from['medications'], readMedication),
    oxygen: readOxygen(from['oxygen']),
    waived: readSome(from['waived'], readWaived),
  };
}

const readSome = <T>(raw: unknown, read: (one: unknown) => T | null) =>
  readAll(list(raw).slice(-MOST), read);

function readGate(raw: unknown): Gate | null {
  const from = fields(raw);
  const step = text(from['step']);
  return step === '' ? null : { step, items: readSome(from['items'], readItem) };
}

/** An item that says nothing of whether it is met is open. */
function readItem(raw: unknown): Item | null {
  const from = fields(raw);
  const name = text(from['name']);
  if (name === '') return null;
  return {
    name,
    text: label(from['text'], 120) || name.replaceAll('_', ' '),
    met: from['met'] === true,
    measured: from['measured'] === true,
    detail: label(from['detail'], 200),
    until: number(from['until']),
    values: readSome(from['values'], readValue),
    by: label(from['by'], 16),
    at: number(from['at']),
  };
}

function readValue(raw: unknown): ListedValue | null {
  const from = fields(raw);
  const at = number(from['at']);
  return at === null ? null : { at, text: label(from['text'], 40) };
}

/** Decimals come as numbers or as text. */
function decimal(raw: unknown): number | null {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  return number(value);
}

function readStated(raw: unknown): Stated | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const from = fields(raw);
  const series = fields(from['series']);
  const escort = fields(from['escort']);
  const count = number(series['number']);
  const name = label(escort['name'], 80);
  return {
    series: count === null ? null : { number: count, of: number(series['of']) },
    escort: name === '' ? null : { name, phone: label(escort['phone'], 40) },
    allergies: label(from['allergies'], 200),
    weight_kg: decimal(from['weight_kg']),
  };
}

function readOrder(raw: unknown): Order | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const from = fields(raw);
  return {
    drug: label(from['drug'], 60),
    mg_per_kg: decimal(from['mg_per_kg']),
    weight_kg: decimal(from['weight_kg']),
    mg: decimal(from['mg']),
    ml: decimal(from['ml']),
    minutes: decimal(from['minutes']),
    ordered_by: label(from['ordered_by'], 60),
    rate_ml_h: decimal(from['rate_ml_h']),
    by: label(from['by'], 16),
    at: number(from['at']) ?? 0,
  };
}

function readGiven(raw: unknown): Given | null {
  const from = fields(raw);
  const at = number(from['at']);
  const mg = decimal(from['mg']);
  if (at === null || mg === null) return null;
  return {
    at,
    mg,
    ml: decimal(from['ml']),
    mg_per_kg: decimal(from['mg_per_kg']),
    percent: decimal(from['percent']),
    mg_min: decimal(from['mg_min']),
    rate_ml_h: decimal(from['rate_ml_h']),
    ends_at: number(from['ends_at']),
    emptied_at: number(from['emptied_at']),
  };
}

function readDose(raw: unknown) {
  const from = fields(raw);
  const at = number(from['at']);
  const mg = decimal(from['mg']);
  return at === null || mg === null ? null : { at, mg };
}

function readMedication(raw: unknown): Medication | null {
  const from = fields(raw);
  const at = number(from['at']);
  const drug = label(from['drug'], 60);
  if (at === null || drug === '') return null;
  return {
    n: number(from['n']) ?? 0,
    at,
    by: label(from['by'], 16),
    drug,
    dose: decimal(from['dose']),
    unit: label(from['unit'], 16),
    route: label(from['route'], 16),
  };
}

function readOxygen(raw: unknown) {
  const from = fields(raw);
  const flow_l_min = decimal(from['flow_l_min']);
  return flow_l_min === null || flow_l_min <= 0
    ? null
    : { flow_l_min, at: number(from['at']) ?? 0 };
}

function readWaived(raw: unknown): Waived | null {
  const from = fields(raw);
  const step = text(from['step']);
  if (step === '') return null;
  return {
    step,
    items: list(from['items']).map((item) => label(item, 120)),
    reason: label(from['reason'], 300),
    by: label(from['by'], 16),
    at: number(from['at']) ?? 0,
  };
}
