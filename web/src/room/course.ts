// Which page a session has, by the gates that the server says are ahead of it. Pure.

import { fields, list } from '../stream/fields';
import type { Session } from '../stream/shapes';

/** A page of its own before the start and before the patient leaves; none where no gate is ahead. */
export type Course = 'before' | 'leave' | null;

export function courseOf({ raw }: Session): Course {
  const gates = list(fields(raw)['gates']);
  if (gates.length === 0) return null;
  return gates.some((gate) => fields(gate)['step'] === 'discharge') ? 'leave' : 'before';
}
