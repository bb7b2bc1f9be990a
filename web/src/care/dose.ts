// What has been given by now, from what the server said of a moment before. Pure.

import type { Care, Given, Order } from './read';

const MINUTE_MS = 60_000;

/** The dose moved on to `now` at the rate that the server gave; never beyond the end of the bag. */
export function givenAt(given: Given, order: Order | null, now: number): Given {
  const { mg_min, at, ends_at } = given;
  if (mg_min === null || mg_min <= 0) return given;
  const to = Math.max(at, ends_at === null ? now : Math.min(now, ends_at));
  const minutes = (to - at) / MINUTE_MS;
  const mg = given.mg + mg_min * minutes;
  const more = mg - given.mg;
  const share = (part: number | null, whole: number | null | undefined) =>
    part === null || whole === null || whole === undefined || whole <= 0 ? null : more / whole;
  const ofOrder = share(given.percent, order?.mg);
  const perKg = share(given.mg_per_kg, order?.weight_kg);
  const ml =
    given.ml === null || given.rate_ml_h === null ? null : (given.rate_ml_h * minutes) / 60;
  return {
    ...given,
    at: to,
    mg,
    ml: ml === null ? given.ml : (given.ml ?? 0) + ml,
    mg_per_kg: perKg === null ? given.mg_per_kg : (given.mg_per_kg ?? 0) + perKg,
    percent: ofOrder === null ? given.percent : (given.percent ?? 0) + ofOrder * 100,
  };
}

/** As many places as a pump shows: `0.42`, `17.5`, `120`. */
export function amount(value: number): string {
  const places = value < 1 ? 2 : value < 100 ? 1 : 0;
  const rounded = value.toFixed(places);
  return places === 0 ? rounded : rounded.replace(/\.?0+$/, '');
}

export interface NextSpray {
  /** Counts from 1. */
  readonly number: number;
  /** How many make the ordered dose; null when nobody ordered one. */
  readonly of: number | null;
  /** When it may be given. */
  readonly from: number;
}

/** The device that comes next; null once the ordered dose is complete. */
export function nextSpray(
  { doses, order }: Pick<Care, 'doses' | 'order'>,
  { device_mg, apart_s }: { device_mg: number; apart_s: number },
): NextSpray | null {
  const given = doses.reduce((sum, { mg }) => sum + mg, 0);
  const mg = order?.mg ?? null;
  if (mg !== null && given >= mg) return null;
  const last = doses.at(-1)?.at;
  return {
    number: doses.length + 1,
    of: mg === null || device_mg <= 0 ? null : Math.round(mg / device_mg),
    from: last === undefined ? 0 : last + apart_s * 1_000,
  };
}
