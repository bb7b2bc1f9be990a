// What is due in a session: order, time and short words. Pure.

import { pretty, span } from '../format';
import { strings } from '../strings';
import type { Task } from '../stream/shapes';

/** What the patient needs before what the record needs; a kind that is not known yet comes before the last. */
const ORDER = [
  'hold',
  'repeat_cuff',
  'bp_due',
  'marked_rise',
  'suggestion',
  'move_probe',
  'check_probe',
  'outcome_missing',
];

function rank({ kind }: Task): number {
  const at = ORDER.indexOf(kind);
  return at < 0 ? ORDER.length - 1.5 : at;
}

/** A task without a time is due for as long as it is open. */
function isDue(task: Task, now: number): boolean {
  return (task.due ?? 0) <= now;
}

/** What is due now first, then by kind, then the one that has waited longest. */
export function inOrder(tasks: readonly Task[], now: number): Task[] {
  return [...tasks].sort(
    (a, b) =>
      +isDue(b, now) - +isDue(a, now) ||
      rank(a) - rank(b) ||
      (a.due ?? a.since) - (b.due ?? b.since),
  );
}

/** The one that a tile has room for; null while nothing is due. */
export function pressing(tasks: readonly Task[], now: number): Task | null {
  const first = inOrder(tasks, now)[0];
  return first !== undefined && isDue(first, now) ? first : null;
}

/** `in 2:11`, `0:40 late`, `for 1:05` */
export function timeOf({ due, since }: Task, now: number): string {
  // What was asked for at once is not late from its first second on.
  if (due === null || due <= since) return strings.taskFor(span(now - since));
  return due > now ? strings.taskIn(span(due - now)) : strings.taskLate(span(now - due));
}

/** What a tile says of it. Of a hold that is the reason: its head shows that it holds. */
export function brief(task: Task): string {
  const text = strings.tasksBrief[task.kind] ?? pretty(task.text);
  return rank(task) > 0 ? text : text.replace(/^.*?: |,.*/g, '');
}
