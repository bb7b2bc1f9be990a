// What was just recorded can be taken back for a short time. It is stored at once all the same: to
// undo is to withdraw it, and the list shows both.

import { effect, signal } from '@preact/signals';
import { showNotice } from '../alerts/actions';
import { recordEvent } from '../room/recordEvent';
import type { Answer } from '../api';
import { now_ms } from '../clock';
import { detailOf } from '../problem';
import { entryOf, type Entry } from './entry';
import { me } from '../people/account';
import { byWhom } from '../people/asked';
import { later } from '../strings/later';

const UNDO_MS = 10_000;

/** Until it is too late, or something else was recorded. */
export const undoable = signal<(Entry & { readonly until: number }) | null>(null);
effect(() => {
  if (me.value == null) undoable.value = null;
});
let timer: ReturnType<typeof setTimeout> | undefined;

/** Offers to take back what `answer` says was recorded; gives back whether it can be. */
export function offerUndo(kind: string, what: string, answer: Answer<unknown>): boolean {
  clearTimeout(timer);
  const entry = answer.ok && answer.recorded ? entryOf(kind, what, answer.value) : null;
  undoable.value = entry === null ? null : { ...entry, until: now_ms() + UNDO_MS };
  timer = setTimeout(() => (undoable.value = null), UNDO_MS);
  return undoable.value !== null;
}

/** Gives back how it went, for whoever shows it. */
export async function undo(): Promise<{ readonly text: string; readonly bad: boolean } | null> {
  const entry = undoable.value;
  if (entry === null) return null;
  undoable.value = null;
  const event = { type: 'correct', event: entry.n };
  const answer = await byWhom((key) => recordEvent(entry.session, event, key));
  if (!answer.ok) return { text: detailOf(answer.problem), bad: true };
  return { text: later.withdrawn(entry.what), bad: false };
}

export async function undoAndShow(): Promise<void> {
  const said = await undo();
  if (said !== null) showNotice(said.text, said.bad);
}
