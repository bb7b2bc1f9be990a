// Who took an alert and has not said what it was is asked once more: ten minutes after it was over,
// once, on the screen where they are, without a tone.

import { get } from '../api';
import { now_ms } from '../clock';
import { store, stored } from '../storage';
import { dueOf } from './due';
import { owe } from './outcome';

/** What is older is left to the log: the shift is over. */
const BACK_MS = 4 * 3_600_000;
const AT_ONCE = 3;
const KEPT = 100;
const KEY = 'dripwatch-reminded';

/** Asks about what this person, by their initials, has not said in time. */
export async function remind(person: string): Promise<void> {
  const from = String(Math.round(now_ms() - BACK_MS));
  const query = new URLSearchParams({ person, outcome: 'missing', from });
  const answer = await get(`/alerts/log?${query}`);
  if (!answer.ok) return;
  const reminded = (stored(KEY) ?? '').split(' ');
  const due = dueOf(answer.value, now_ms(), reminded).slice(-AT_ONCE);
  if (due.length === 0) return;
  store(KEY, [...reminded, ...due.map(({ id }) => id)].slice(-KEPT).join(' '));
  owe(due);
}
