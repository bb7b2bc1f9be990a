// Which earlier session lies under today's trend.

import { signal } from '@preact/signals';
import { dayMonth } from '../rules/date';
import { words } from '../strings/trend';
import type { Session } from '../stream/shapes';
import { comparable, pastOf, type PastSession } from './past';

/** A course of eight has at most seven before this one. */
const LISTED = 8;

/** What somebody chose here; of another session it says nothing. */
export const chosen = signal<{ readonly session: string; readonly id: string } | null>(null);

/** Those that can lie under today's values; none before the start, where nothing is to align. */
export function earlierOnes(session: Session): readonly PastSession[] {
  return session.started_at === null ? [] : comparable(pastOf(session).value).slice(0, LISTED);
}

/** The last one, until somebody chooses another or none. */
export function earlierOf(session: Session): PastSession | null {
  const others = earlierOnes(session);
  const { value } = chosen;
  if (value === null || value.session !== session.id) return others[0] ?? null;
  return others.find(({ id }) => id === value.id) ?? null;
}

/** `2, 13 Nov` */
export function earlierText({ number, at }: PastSession): string {
  return words.earlierOne(number, dayMonth(at));
}
