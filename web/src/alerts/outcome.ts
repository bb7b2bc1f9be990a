// Saying what an alert was.

import { outcomeAsked, outcomesOwed, report } from './actions';
import { command } from '../api';
import { later } from '../strings/later';

export async function recordOutcome(id: string, outcome: string): Promise<void> {
  const path = `/alerts/${encodeURIComponent(id)}/outcome`;
  const answer = await command('POST', path, { outcome });
  if (answer.ok) noLongerOwed(id);
  const label = later.outcomes[outcome as keyof typeof later.outcomes] ?? outcome;
  report(answer, label);
}

export function noLongerOwed(id: string): void {
  if (outcomeAsked.value === id) outcomeAsked.value = null;
  outcomesOwed.value = outcomesOwed.value.filter((alert) => alert.id !== id);
}
