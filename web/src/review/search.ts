// Which sessions somebody looks for, and what the server lists of them.

import { get, type Answer } from '../api';
import { dayIn } from '../parts/dayIn';
import { fields, label, number, readAll, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

export interface Wanted {
  /** `2026-11-27` in the clinic's time, or empty. */
  readonly day: string;
  readonly room: string;
  readonly initials: string;
  readonly course: string;
}

export const ANYTHING: Wanted = { day: '', room: '', initials: '', course: '' };
export const isAnything = (wanted: Wanted): boolean =>
  Object.values(wanted).every((value) => value === '');

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const LONGEST = 64;

/** As an address has it: `?day=2026-11-27&room=3`. */
export function wantedOf(query: string): Wanted {
  const given = new URLSearchParams(query);
  const one = (name: string) => (given.get(name) ?? '').slice(0, LONGEST);
  const day = one('day');
  return {
    day: DATE.test(day) ? day : '',
    room: one('room'),
    initials: one('initials'),
    course: one('course'),
  };
}

export interface Found {
  readonly id: string;
  readonly room: string;
  readonly initials: string;
  readonly title: string;
  readonly phase: string;
  readonly opened_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly course: string;
  readonly number: number | null;
  readonly mg: number | null;
  readonly peak: Readonly<Record<string, number>>;
  readonly isSigned: boolean;
}

export interface Page {
  readonly sessions: readonly Found[];
  /** Where the next page begins; null where there is none. */
  readonly next: string | null;
  /** Some may be missing: the disk does not answer. */
  readonly isPart: boolean;
}

/** What fits on a page and is read in one look. */
export const ON_A_PAGE = 25;
const OVER: ReadonlySet<string> = new Set(['discharged', 'aborted', 'transferred']);

export async function askForSessions(
  wanted: Wanted,
  after: string | null,
  zone: string | undefined,
): Promise<Answer<Page>> {
  const query = new URLSearchParams({ limit: String(ON_A_PAGE) });
  const { day, room, initials, course } = wanted;
  if (day !== '') {
    const { from, to } = dayIn(day, zone);
    query.set('from', String(from));
    query.set('to', String(to - 1));
  }
  for (const [name, value] of Object.entries({ room, initials: initials.trim(), course, after }))
    if (value !== null && value !== '') query.set(name, value);
  const answer = await get(`/sessions?${query}`);
  return answer.ok ? { ...answer, value: readPage(answer.value) } : answer;
}

export function readPage(raw: unknown): Page {
  const from = fields<Wire['Sessions']>(raw);
  return {
    sessions: readAll(from.sessions, readFound),
    next: text(from.next) || null,
    isPart: from.complete === false,
  };
}

function readFound(raw: unknown): Found | null {
  const from = fields<Wire['SessionView']>(raw);
  const opened_at = number(from.opened_at);
  const id = text(from.id);
  if (id === '' || opened_at === null) return null;
  const phase = text(from.phase);
  const patient = fields<Wire['Patient']>(from.patient);
  const peak = fields(from.peak);
  const numbers = Object.entries(peak).flatMap(([name, value]) => {
    const one = number(value);
    return one === null ? [] : [[name, one] as const];
  });
  return {
    id,
    room: text(from.room),
    initials: label(from.initials, 12),
    title: label(from.title, 80) || text(from.profile),
    phase,
    opened_at,
    started_at: number(from.started_at),
    // A session that is over has been so since its last phase began.
    ended_at: OVER.has(phase) ? number(from.phase_since) : null,
    course: text(patient.course),
    number: number(patient.number),
    mg: number(fields<Wire['GivenDose']>(from.given).mg),
    peak: Object.fromEntries(numbers),
    isSigned: number(fields(from.signed_off)['at']) !== null,
  };
}
