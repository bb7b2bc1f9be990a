// Which entries of a session have a number on the trend, and how its list folds the others. Pure.

import type { SessionEvent } from '../stream/shapes';

/** Paperwork: it is listed, and says nothing about what the trend shows. */
const PAPERWORK: ReadonlySet<string> = new Set([
  'open',
  'check_in',
  'screening',
  // Its values are drawn as lines, and it would lie on the start.
  'accept_baseline',
  'order',
  'check',
  'correct',
  'sign_off',
]);

export const isMarked = ({ type }: SessionEvent): boolean => !PAPERWORK.has(type);

/** Ticks of a checklist one after the other are one row; everything else is a row of its own. */
export function folded(events: readonly SessionEvent[]): SessionEvent[][] {
  const rows: SessionEvent[][] = [];
  for (const event of events) {
    const last = rows.at(-1);
    if (event.type === 'check' && last?.[0]?.type === 'check') last.push(event);
    else rows.push([event]);
  }
  return rows;
}
