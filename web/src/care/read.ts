// The part of a session that only its own screens show: gates, order, what was given. Read when it
// is shown, so that the first screen carries none of it.

import { fields, label, list, number, readAll, text } from '../stream/fields';
import type { Session, Wire } from '../stream/shapes';

/** A shape of the contract as it is here once it was read: `null` where a part was not sent. */
type Read<Shape> = { readonly [Part in keyof Shape]-?: ReadPart<Shape[Part]> };
type ReadPart<Part> = undefined extends Part ? Exclude<Part, undefined> | null : Part;

export type Step = Wire['Step'];
export type WaivedBy = 'nurse' | 'lead' | 'prescriber' | 'nobody';
/** The least of them first. */
export const WAIVERS: readonly WaivedBy[] = ['nurse', 'lead', 'prescriber', 'nobody'];
export type ListedValue = Read<Wire['ListedValue']>;
/** `by` is empty where nobody said it. */
export type Item = Read<Omit<Wire['ItemState'], 'values' | 'by' | 'met_by' | 'waived_by'>> & {
  /** Who may go on without it now; null where the server says nothing of it. */
  readonly waived_by: WaivedBy | null;
  readonly values: readonly ListedValue[];
  readonly by: string;
};
export type Gate = {
  /** A step that is newer than this page is kept by its name. */
  readonly step: Step | (string & {});
  readonly items: readonly Item[];
};
export type Series = Read<Wire['Series']>;
export type Escort = Required<Readonly<Wire['Escort']>>;
export type Stated = Omit<Read<Wire['Stated']>, 'series' | 'escort' | 'allergies'> & {
  readonly series: Series | null;
  readonly escort: Escort | null;
  readonly allergies: string;
};
export type Order = Omit<Read<Wire['ShownOrder']>, 'drug' | 'ordered_by'> & {
  readonly drug: string;
  readonly ordered_by: string;
};
export type Given = Read<Wire['GivenDose']>;
export type Dose = Read<Wire['SingleDose']>;
export type Medication = Omit<Read<Wire['Entered_Medication']>, 'note' | 'unit' | 'route'> & {
  readonly unit: string;
  readonly route: string;
};
export type Oxygen = Pick<Read<Wire['Entered_Oxygen']>, 'flow_l_min' | 'at'>;
export type Waived = Omit<Read<Wire['Waived']>, 'step'> & { readonly step: Gate['step'] };
/** Who it is, as far as the course of treatments goes. */
export type Whose = Pick<Read<Wire['Patient']>, 'id' | 'course' | 'number'>;

export interface Care {
  readonly gates: readonly Gate[];
  readonly stated: Stated | null;
  readonly order: Order | null;
  readonly given: Given | null;
  readonly doses: readonly Dose[];
  readonly medications: readonly Medication[];
  readonly oxygen: Oxygen | null;
  readonly waived: readonly Waived[];
  readonly patient: Whose;
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
  const from = fields<Wire['Session']>(raw);
  return {
    gates: readSome(from['gates'], readGate),
    stated: readStated(from['stated']),
    order: readOrder(from['order']),
    given: readGiven(from['given']),
    doses: readSome(from['doses'], readDose),
    medications: readSome(from['medications'], readMedication),
    oxygen: readOxygen(from['oxygen']),
    waived: readSome(from['waived'], readWaived),
    patient: readWhose(from['patient']),
  };
}

const readSome = <T>(raw: unknown, read: (one: unknown) => T | null) =>
  readAll(list(raw).slice(-MOST), read);

function readGate(raw: unknown): Gate | null {
  const from = fields<Wire['GateState']>(raw);
  const step = text(from['step']);
  return step === '' ? null : { step, items: readSome(from['items'], readItem) };
}

/** An item that says nothing of whether it is met is open. */
function readItem(raw: unknown): Item | null {
  const from = fields<Wire['ItemState']>(raw);
  const name = text(from['name']);
  if (name === '') return null;
  return {
    name,
    text: label(from['text'], 120) || name.replaceAll('_', ' '),
    met: from['met'] === true,
    waived_by: readWaiver(from['waived_by']),
    measured: from['measured'] === true,
    detail: label(from['detail'], 200),
    until: number(from['until']),
    values: readSome(from['values'], readValue),
    by: label(from['by'], 16),
    at: number(from['at']),
  };
}

/** A word that is newer than this page lets nobody go on. */
function readWaiver(raw: unknown): WaivedBy | null {
  const said = text(raw);
  return said === '' ? null : (WAIVERS.find((one) => one === said) ?? 'nobody');
}

function readValue(raw: unknown): ListedValue | null {
  const from = fields<Wire['ListedValue']>(raw);
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
  const from = fields<Wire['Stated']>(raw);
  const series = fields<Wire['Series']>(from['series']);
  const escort = fields<Wire['Escort']>(from['escort']);
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
  const from = fields<Wire['ShownOrder']>(raw);
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
  const from = fields<Wire['GivenDose']>(raw);
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

function readDose(raw: unknown): Dose | null {
  const from = fields<Wire['SingleDose']>(raw);
  const at = number(from['at']);
  const mg = decimal(from['mg']);
  return at === null || mg === null ? null : { at, mg };
}

function readMedication(raw: unknown): Medication | null {
  const from = fields<Wire['Entered_Medication']>(raw);
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

function readOxygen(raw: unknown): Oxygen | null {
  const from = fields<Wire['Entered_Oxygen']>(raw);
  const flow_l_min = decimal(from['flow_l_min']);
  return flow_l_min === null || flow_l_min <= 0
    ? null
    : { flow_l_min, at: number(from['at']) ?? 0 };
}

function readWaived(raw: unknown): Waived | null {
  const from = fields<Wire['Waived']>(raw);
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

function readWhose(raw: unknown): Whose {
  const from = fields<Wire['Patient']>(raw);
  return {
    id: text(from['id']) || null,
    course: text(from['course']) || null,
    number: number(from['number']),
  };
}
