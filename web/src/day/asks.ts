import type { Answer } from '../api';
import { fields, text } from '../stream/fields';

const WHO: ReadonlySet<string> = new Set(['needs_identity', 'needs_password']);

/** Whether the server wants to know first who does it. */
export function asksWho(answer: Answer<unknown>): boolean {
  return !answer.ok && WHO.has(text(fields(answer.problem)['code']));
}
