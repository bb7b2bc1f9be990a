// Of which alerts it is time to ask once more what they were. Pure.

import { fields, label, number, readAll, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';
import type { Owed } from './actions';

export const AFTER_MS = 10 * 60_000;
const LONGEST_TEXT = 200;

/** Of the log: what has been over for ten minutes, and was not asked again yet. */
export function dueOf(log: unknown, now: number, reminded: readonly string[]): Owed[] {
  return readAll(fields<Wire['AlertLog']>(log).alerts, readOwed).filter(
    ({ id, ended_at }) => ended_at !== null && ended_at + AFTER_MS <= now && !reminded.includes(id),
  );
}

function readOwed(raw: unknown): Owed | null {
  const from = fields<Wire['LoggedAlert']>(raw);
  const id = text(from.id);
  if (id === '') return null;
  return {
    id,
    room: text(from.room) || null,
    condition: text(from.condition),
    text: label(from.text, LONGEST_TEXT),
    state: 'resolved',
    ended_at: number(from.ended_at),
    outcome: null,
  };
}
