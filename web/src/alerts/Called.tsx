import { hourMinute } from '../format';
import type { Alert } from '../stream/shapes';
import { later } from '../strings/later';

/** That people were called to it, and when; empty while nobody was, and once somebody has it. */
export function calledText({ acknowledged, escalated, escalated_at, priority, state }: Alert) {
  if (acknowledged !== null || state !== 'active' || escalated < 1) return '';
  return later.called(priority === 'high' ? escalated : 0, hourMinute(escalated_at ?? 0));
}

export function Called({ alert }: { alert: Alert }) {
  const words = calledText(alert);
  return words === '' ? null : <strong data-called={alert.escalated}>{words}</strong>;
}
