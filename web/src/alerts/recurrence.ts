// An alert that comes back within a few minutes is shown, and makes no tone for coming back. Pure.

import type { Alert, Priority } from '../stream/shapes';

const RANK: Readonly<Record<Priority, number>> = { low: 0, medium: 1, high: 2 };

/** The same alert, knowing whether it is quiet; `before` is what this screen last knew of it. */
export function judged(alert: Alert, before: Alert | undefined): Alert {
  const quiet = isQuiet(alert, before);
  return quiet === alert.quiet ? alert : { ...alert, quiet };
}

function isQuiet(alert: Alert, before: Alert | undefined): boolean {
  if (alert.reopened_at === null || alert.state === 'resolved') return false;
  // Nobody here knows what it was before. A tone too many is better than one too few.
  if (before === undefined) {
    const askedAgain = (alert.acknowledged_before?.at ?? 0) > alert.reopened_at;
    return alert.priority !== 'high' && !askedAgain;
  }
  if (RANK[alert.priority] > RANK[before.priority]) return false;
  if (before.reopened_at !== alert.reopened_at) return true;
  // Taken, and still there after its time: the server asks again.
  if (before.acknowledged !== null && alert.acknowledged === null) return false;
  return before.quiet;
}
