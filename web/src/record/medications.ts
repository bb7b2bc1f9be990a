// The clinic's own list of medicines, and what of it was given in a session. Pure but for the asking.

import { get } from '../api';
import { fields, label, list, number, readAll, text } from '../stream/fields';
import type { Medication } from '../care/read';

export interface Drug {
  /** As it is recorded. */
  readonly drug: string;
  readonly unit: string;
  readonly route: string;
  readonly doses: readonly number[];
  /** The usual one, where the list says it. */
  readonly usual: number | null;
}

const DOSES_MAX = 4;
const DRUGS_MAX = 40;

export function readDrugs(raw: unknown): Drug[] {
  const from = fields(raw);
  const items = list(from['items']).length > 0 ? from['items'] : from['medications'];
  return readAll(items, readDrug).slice(0, DRUGS_MAX);
}

function readDrug(raw: unknown): Drug | null {
  const from = fields(raw);
  const drug = label(from['drug'], 60) || label(from['name'], 60);
  if (drug === '') return null;
  const doses = list(from['doses'])
    .flatMap((dose) => number(typeof dose === 'string' ? Number(dose) : dose) ?? [])
    .slice(0, DOSES_MAX);
  return {
    drug,
    unit: text(from['unit'], 'mg'),
    route: text(from['route']),
    doses,
    usual: number(from['usual']),
  };
}

export async function medicationList(): Promise<Drug[] | null> {
  const answer = await get('/lists/medications');
  return answer.ok ? readDrugs(answer.value) : null;
}

/** Oxygen is on the clinic's list too, and is no medicine: it runs until it is off. */
export function isOxygen({ drug, unit }: Drug): boolean {
  return drug.toLowerCase() === 'oxygen' && unit === 'L/min';
}

/** The last time that it was given in this session. */
export function lastOf(given: readonly Medication[], { drug }: Drug): Medication | null {
  const same = given.filter((one) => one.drug.toLowerCase() === drug.toLowerCase());
  return same.reduce<Medication | null>(
    (newest, next) => (newest === null || next.at >= newest.at ? next : newest),
    null,
  );
}

/** `Ondansetron 4 mg IV`, as the record says it. */
export function wordsOf(drug: string, dose: number | null, unit: string, route: string): string {
  const name = drug.charAt(0).toUpperCase() + drug.slice(1);
  const way = route.length <= 3 ? route.toUpperCase() : route;
  return [name, dose === null ? '' : `${dose} ${unit}`, way].filter(Boolean).join(' ');
}
