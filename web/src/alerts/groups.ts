// Alerts of one room are one thing to go to. Pure.

import type { Alert } from '../stream/shapes';

export type Group = [Alert, ...Alert[]];

/** In the order of each room's first; an alert of the ward is alone. */
export function byRoom(alerts: readonly Alert[]): Group[] {
  const groups: Group[] = [];
  for (const alert of alerts) {
    const known = groups.find(([first]) => first.room !== null && first.room === alert.room);
    if (known === undefined) groups.push([alert]);
    else known.push(alert);
  }
  return groups;
}
