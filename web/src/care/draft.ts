// What is typed in a form of a session and not saved yet: kept while another page is looked at, until
// it is saved, or somebody leaves the form by its own button.

import { effect, signal, type Signal } from '@preact/signals';
import { me } from '../people/account';

/** A bound on what one page keeps: a form of each of so many sessions. */
const MOST_DRAFTS = 20;

const drafts = new Map<string, Signal<unknown>>();

// The next person begins with nothing of this one's.
effect(() => {
  void me.value?.name;
  drafts.clear();
});

/** The draft of this name, or a new one that begins with `first`. */
export function draft<T>(name: string, first: () => T): Signal<T> {
  const known = drafts.get(name) as Signal<T> | undefined;
  if (known !== undefined) return known;
  const oldest = drafts.keys().next().value;
  if (drafts.size >= MOST_DRAFTS && oldest !== undefined) drafts.delete(oldest);
  const made = signal(first());
  drafts.set(name, made as Signal<unknown>);
  return made;
}

/** Everything of a session that was typed and not saved: gone. */
export function forgetDrafts(session: string): void {
  for (const name of [...drafts.keys()]) if (name.startsWith(`${session} `)) drafts.delete(name);
}
