// Which entry was just made, and whether it can be withdrawn. Pure.

import { fields, number, readAll, text } from '../stream/fields';

export interface Entry {
  readonly session: string;
  /** By which the server knows it. */
  readonly n: number;
  readonly what: string;
  readonly at: number;
  readonly by: string;
}

/** What the server lets be withdrawn; the rest is put right by what comes next. */
export const KINDS: ReadonlySet<string> = new Set([
  'symptom',
  'score',
  'note',
  'rate_change',
  'bp_now',
  'manual_vitals',
  'medication',
  'oxygen',
  'adverse_event',
  'check',
  'order',
]);

/** The entry that an answer is about: the newest of its kind in the session. */
export function entryOf(kind: string, what: string, answer: unknown): Entry | null {
  if (!KINDS.has(kind)) return null;
  const session = fields(answer);
  const listed = readAll(session['events'], (raw) => {
    const event = fields(raw);
    const [n, at] = [number(event['n']), number(event['at'])];
    return event['type'] === kind && n !== null && at !== null
      ? { session: text(session['id']), n, what, at, by: text(event['by']) }
      : null;
  });
  return listed.reduce<Entry | null>(
    (newest, next) => (newest === null || next.n > newest.n ? next : newest),
    null,
  );
}
