// Saying what an alert was.

import { asked, owed, report } from './actions';
import { command } from './api';
import { later } from './strings/later';

export async function say(id: string, outcome: string): Promise<void> {
  const path = `/alerts/${encodeURIComponent(id)}/outcome`;
  const answer = await command('POST', path, { outcome });
  if (answer.ok) forgetOwed(id);
  const label = later.outcomes[outcome as keyof typeof later.outcomes] ?? outcome;
  report(answer, label);
}

export function forgetOwed(id: string): void {
  if (asked.value === id) asked.value = null;
  owed.value = owed.value.filter((alert) => alert.id !== id);
}
