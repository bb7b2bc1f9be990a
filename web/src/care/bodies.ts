// From what staff typed before the start to the event that is recorded. Pure.

import { decimal, type Made, type Typed } from '../record/bodies';
import { words } from '../strings/care';
import { words as record } from '../strings/record';

interface Event {
  readonly type: string;
}

const filled = (typed: Typed, name: string) => typed[name]?.trim() ?? '';

/** The numbers that are filled in; or the first that is none. */
function numbers(typed: Typed, labels: Readonly<Record<string, string>>) {
  const found: Record<string, number> = {};
  for (const [name, label] of Object.entries(labels)) {
    const said = filled(typed, name);
    if (said === '') continue;
    const value = decimal(said);
    if (value === null) return { wrong: record.notANumber(label) };
    found[name] = value;
  }
  return { found };
}

/** What was ticked of identifiers and consent, by name. */
export type Ticked = Readonly<Record<string, boolean>>;

export function checkIn(typed: Typed, ticked: Ticked): Made<Event> {
  const { found, wrong } = numbers(typed, {
    number: words.seriesNumber,
    of: words.seriesOf,
    weight_kg: words.weight,
  });
  if (found === undefined) return { wrong };
  const identifiers = ['name', 'birth_date'].filter((name) => ticked[name]);
  const [name, phone] = [filled(typed, 'escort'), filled(typed, 'phone')];
  const allergies = filled(typed, 'allergies');
  const series = { number: found['number'], ...(found['of'] ? { of: found['of'] } : {}) };
  const event = {
    type: 'check_in',
    ...(identifiers.length > 0 ? { identifiers } : {}),
    ...(ticked['consent'] ? { consent: true } : {}),
    ...(found['number'] === undefined ? {} : { series }),
    ...(name + phone === '' ? {} : { escort: { name, phone } }),
    ...(found['weight_kg'] === undefined ? {} : { weight_kg: found['weight_kg'] }),
    ...(allergies === '' ? {} : { allergies }),
  };
  // Nothing at all would mean that the paperwork is kept elsewhere: that has a button of its own.
  return Object.keys(event).length === 1 ? { wrong: record.fillIn } : { event };
}

export function order(typed: Typed): Made<Event> {
  const { found, wrong } = numbers(typed, {
    mg_per_kg: words.mgPerKg,
    mg: words.mg,
    ml: words.ml,
    minutes: words.minutes,
  });
  if (found === undefined) return { wrong };
  const by = filled(typed, 'ordered_by');
  if (found['mg_per_kg'] === undefined && found['mg'] === undefined)
    return { wrong: record.fillIn };
  return { event: { type: 'order', ...found, ...(by === '' ? {} : { ordered_by: by }) } as Event };
}

/** What follows from what is typed: the whole dose, mg, and the pump's rate, mL/h. */
export function follows(
  typed: Typed,
  weight_kg: number | null,
): { readonly mg: number | null; readonly rate_ml_h: number | null } {
  const of = (name: string) => decimal(filled(typed, name));
  const [perKg, ml, minutes] = [of('mg_per_kg'), of('ml'), of('minutes')];
  return {
    mg: of('mg') ?? (perKg === null || weight_kg === null ? null : perKg * weight_kg),
    rate_ml_h: ml === null || minutes === null || minutes <= 0 ? null : (ml / minutes) * 60,
  };
}

/** The usual dose of the profile: what the order's form begins with. */
export function usualOrder(
  dose: Readonly<Record<'mg_per_kg' | 'mg' | 'ml' | 'minutes', number | null>> | null,
): Typed {
  const typed: Record<string, string> = {};
  for (const name of ['mg_per_kg', 'mg', 'ml', 'minutes'] as const) {
    const usual = dose?.[name] ?? null;
    // The whole dose follows from weight where mg/kg is usual.
    if (usual !== null && !(name === 'mg' && typed['mg_per_kg'] !== undefined))
      typed[name] = String(usual);
  }
  return typed;
}

export function screening(answers: Ticked, reviewed: boolean): Event {
  return { type: 'screening', answers, ...(reviewed ? { reviewed } : {}) } as Event;
}

export function oxygen(flow_l_min: number, device = 'nasal'): Event {
  return { type: 'oxygen', flow_l_min, ...(flow_l_min === 0 ? {} : { device }) } as Event;
}

/** `Oxygen 2 L/min`, `Oxygen off` */
export function oxygenWords(flow_l_min: number): string {
  return `${words.oxygenName} ${flow_l_min === 0 ? words.off : `${flow_l_min} ${words.l_min}`}`;
}

export function medication(
  drug: string,
  dose: number | null,
  unit: string,
  route: string,
): Event & Readonly<Record<string, unknown>> {
  return {
    type: 'medication',
    drug,
    ...(dose === null ? {} : { dose, unit }),
    ...(route === '' ? {} : { route }),
  };
}
