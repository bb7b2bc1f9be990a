// Saying what an alert was, and taking that back.

import { command } from '../api';
import { strings } from '../strings';
import { later } from '../strings/later';
import { outcomeAsked, outcomesOwed, report, showNotice, type Owed } from './actions';

/** Records what came of an alert; for as long as it is said that it was, it can be taken back. */
export async function recordOutcome(alert: Owed, outcome: string, note: string): Promise<void> {
  const words = note.trim();
  const answer = await give(alert, outcome, words);
  // What the server no longer knows of is asked about no more.
  if (answer.ok || answer.status === 404) noLongerOwed(alert.id);
  const label = later.outcomes[outcome as keyof typeof later.outcomes] ?? outcome;
  if (!answer.ok || !answer.recorded) return void report(answer, label);
  const go = () => void takeBack(alert, label);
  showNotice(strings.saved(label), false, { label: later.undo, go });
}

/** What was said before counts again; what has none is asked again. */
async function takeBack(alert: Owed, label: string): Promise<void> {
  const answer = await give(alert, alert.outcome, '');
  const said = later.withdrawn(label);
  if (answer.ok && answer.recorded) showNotice(said);
  else report(answer, said);
  if (answer.ok && alert.outcome === null) owe([alert]);
}

function give({ id }: Owed, outcome: string | null, note: string) {
  const path = `/alerts/${encodeURIComponent(id)}/outcome`;
  return command('POST', path, note === '' ? { outcome } : { outcome, note });
}

/** These are asked about here, the newest last. */
export function owe(alerts: readonly Owed[]): void {
  const others = outcomesOwed.value.filter((one) => alerts.every(({ id }) => id !== one.id));
  outcomesOwed.value = [...others, ...alerts];
}

export function noLongerOwed(id: string): void {
  if (outcomeAsked.value === id) outcomeAsked.value = null;
  outcomesOwed.value = outcomesOwed.value.filter((alert) => alert.id !== id);
}
