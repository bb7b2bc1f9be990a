// The phases of a session over time, from what was recorded. Pure.

import type { Session } from '../stream/shapes';

export interface PhaseSpan {
  readonly phase: string;
  readonly from: number;
  readonly to: number;
}

/** What each kind of event begins; the others change nothing. */
const BEGINS: Readonly<Record<string, string>> = {
  check_in: 'baseline',
  accept_baseline: 'ready',
  start: 'infusing',
  spray: 'infusing',
  pause: 'paused',
  resume: 'infusing',
  stop: 'recovery',
};

/** From the opening of the session until `now`, without holes. */
export function phasesOf(session: Session, now: number): PhaseSpan[] {
  const begun = session.events
    .flatMap(({ at, type }) => {
      const phase = BEGINS[type];
      return phase === undefined ? [] : [{ phase, from: at }];
    })
    .sort((a, b) => a.from - b.from);
  // What the server says now is true, whatever the events of it look like. That nothing is left to do
  // is no phase of its own: it has been recovery all the time.
  const phase = session.phase === 'ready_to_leave' ? 'recovery' : session.phase;
  if (begun.at(-1)?.phase !== phase) begun.push({ phase, from: session.phase_since });
  const first = begun[0];
  if (first !== undefined && session.opened_at < first.from && first.phase !== 'baseline') {
    begun.unshift({ phase: 'baseline', from: session.opened_at });
  }
  // The second device begins nothing new.
  const changes = begun.filter(({ phase: next }, at) => next !== begun[at - 1]?.phase);
  return changes
    .map(({ phase, from }, at) => ({ phase, from, to: changes[at + 1]?.from ?? now }))
    .filter(({ from, to }) => to > from);
}
