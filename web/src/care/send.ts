// Recording from the pages of a session's course: one at a time, with what was said of it.

import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { notice, showNotice } from '../alerts/actions';
import { recordEvent } from '../room/recordEvent';
import { byWhom, leaves } from '../people/asked';
import { offerUndo } from '../record/undo';
import { refusalOf } from '../problem';
import { fields, list, text } from '../stream/fields';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { words } from '../strings/care';
import type { Session } from '../stream/shapes';
import { careOf } from './read';

export interface Sender {
  /** Why the last one was not taken. */
  readonly wrong: Signal<string | null>;
  /** The same without the list of what is missing, where that is on the screen already. */
  readonly brief: Signal<string | null>;
  /** A gate named what is missing: with a reason it may be gone on without. */
  readonly unmet: Signal<boolean>;
  /** Nothing can be recorded now. */
  readonly off: boolean;
  /** Gives back whether it was taken. Who came `once`, for this alone, does not act on after it. */
  readonly send: (event: { type: string }, what: string, once?: boolean) => Promise<boolean>;
}

export function useSend(session: Session): Sender {
  const { id } = session;
  const wrong = useSignal<string | null>(null);
  const brief = useSignal<string | null>(null);
  const unmet = useSignal(false);
  const busy = useSignal(false);
  // Why something was not taken then is no reason any more once something else is open.
  const open = careOf(session)
    .gates.flatMap(({ items }) => items.filter(({ met }) => !met))
    .map(({ name }) => name)
    .join();
  useEffect(() => void (wrong.value = brief.value = null), [open]);
  const off = busy.value || link.value === 'lost';
  const send = async (event: { type: string }, what: string, once = false) => {
    if (busy.peek() || link.peek() === 'lost') return false;
    busy.value = true;
    const answer = await byWhom((key) => recordEvent(id, event, key));
    // Before anything else can be tapped: what is on its way is under one name.
    if (once && answer.ok) await leaves();
    busy.value = false;
    unmet.value = !answer.ok && list(fields(answer.problem)['unmet']).length > 0;
    if (!answer.ok) {
      wrong.value = words.failed(answer.status === 0 ? answer.message : refusalOf(answer.problem));
      const detail = text(fields(answer.problem)['detail']);
      brief.value = detail === '' ? wrong.value : words.failed(refusalOf({ detail }));
      return false;
    }
    wrong.value = brief.value = null;
    const pump = later.atThePump[event.type];
    if (!answer.recorded) showNotice(strings.notRecorded(what), true);
    else if (pump !== undefined) showNotice(later.recordedBut(what, pump));
    // Only the newest is said.
    else if (offerUndo(event.type, what, answer)) notice.value = null;
    else showNotice(strings.saved(what));
    return true;
  };
  return { wrong, brief, unmet, off, send };
}

/** The event with the reason for which staff go on without what is missing. */
export function withReason(event: { type: string }, reason: string): { type: string } {
  const said = reason.trim();
  return said === '' ? event : ({ ...event, override: { reason: said } } as { type: string });
}
