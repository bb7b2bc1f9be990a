// Which alerts somebody looks for, and what the server lists of them.

import { get, type Answer } from '../api';
import { dayIn } from '../parts/dayIn';
import { fields, label, number, readAll, text } from '../stream/fields';
import type { Priority, Wire } from '../stream/shapes';

export interface Wanted {
  /** `2026-11-27` in the clinic's time, or empty. */
  readonly day: string;
  /** From midnight of this day and up to that of `to`, where not one day is wanted. */
  readonly from: string;
  readonly to: string;
  readonly room: string;
  readonly condition: string;
  readonly outcome: string;
  readonly person: string;
}

export const ANYTHING: Wanted = {
  day: '',
  from: '',
  to: '',
  room: '',
  condition: '',
  outcome: '',
  person: '',
};
export const isAnything = (wanted: Wanted): boolean =>
  Object.values(wanted).every((value) => value === '');

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const LONGEST = 64;

/** As an address has it: `?day=2026-11-27&room=3`. */
export function wantedOf(query: string): Wanted {
  const given = new URLSearchParams(query);
  const one = (name: string) => (given.get(name) ?? '').slice(0, LONGEST);
  const date = (name: string) => (DATE.test(one(name)) ? one(name) : '');
  return {
    day: date('day'),
    from: date('from'),
    to: date('to'),
    room: one('room'),
    condition: one('condition'),
    outcome: one('outcome'),
    person: one('person'),
  };
}

/** As the server is asked: the page and the table ask the same. */
export function queryOf(wanted: Wanted, zone: string | undefined): URLSearchParams {
  const query = new URLSearchParams();
  const { day, from, to, room, condition, outcome, person } = wanted;
  const first = day || from;
  const last = day || to;
  if (first !== '') query.set('from', String(dayIn(first, zone).from));
  if (last !== '') query.set('to', String(dayIn(last, zone).to - 1));
  for (const [name, value] of Object.entries({ room, condition, outcome, person: person.trim() }))
    if (value !== '') query.set(name, value);
  return query;
}

export const csvOf = (wanted: Wanted, zone: string | undefined): string =>
  `/api/v1/alerts/log.csv?${queryOf(wanted, zone)}`;

export interface Said {
  readonly by: string;
  readonly at: number;
  /** Null where it takes back what was said before. */
  readonly outcome: string | null;
}

export interface Logged {
  readonly id: string;
  readonly room: string | null;
  readonly session: string | null;
  readonly condition: string;
  readonly priority: Priority;
  readonly text: string;
  readonly raised_at: number;
  readonly ended_at: number | null;
  readonly taken: { readonly by: string; readonly after_ms: number } | null;
  readonly silenced: boolean;
  readonly outcome: string | null;
  readonly said: readonly Said[];
}

export interface Page {
  readonly alerts: readonly Logged[];
  /** Where the next page begins; null where there is none. */
  readonly next: string | null;
}

/** What fits on a page and is read in one look. */
export const ON_A_PAGE = 25;
const LONGEST_TEXT = 200;
const PRIORITIES: ReadonlySet<string> = new Set(['high', 'medium', 'low']);

export async function askForLog(
  wanted: Wanted,
  after: string | null,
  zone: string | undefined,
): Promise<Answer<Page>> {
  const query = queryOf(wanted, zone);
  query.set('limit', String(ON_A_PAGE));
  if (after !== null) query.set('after', after);
  const answer = await get(`/alerts/log?${query}`);
  return answer.ok ? { ...answer, value: readPage(answer.value) } : answer;
}

export function readPage(raw: unknown): Page {
  const from = fields<Wire['AlertLog']>(raw);
  return { alerts: readAll(from.alerts, readLogged), next: text(from.next) || null };
}

function readLogged(raw: unknown): Logged | null {
  const from = fields<Wire['LoggedAlert']>(raw);
  const id = text(from.id);
  const raised_at = number(from.raised_at);
  const priority = text(from.priority);
  if (id === '' || raised_at === null || !PRIORITIES.has(priority)) return null;
  const taken = fields<Wire['FirstTaken']>(from.taken);
  const after_ms = number(taken.after_ms);
  return {
    id,
    room: text(from.room) || null,
    session: text(from.session) || null,
    condition: text(from.condition),
    priority: priority as Priority,
    text: label(from.text, LONGEST_TEXT),
    raised_at,
    ended_at: number(from.ended_at),
    taken: after_ms === null ? null : { by: label(taken.by, 12), after_ms },
    silenced: from.silenced === true,
    outcome: text(from.outcome) || null,
    said: readAll(from.said, readSaid),
  };
}

function readSaid(raw: unknown): Said | null {
  const from = fields<Wire['Said']>(raw);
  const at = number(from.at);
  if (at === null) return null;
  return { by: label(from.by, 12), at, outcome: text(from.outcome) || null };
}
