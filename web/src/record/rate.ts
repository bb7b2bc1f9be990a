// The rate that the pump was last set to, as the session's list says it. Pure.

import type { SessionEvent } from '../stream/shapes';

const TO = /\bto ([\d.]+)(?: (\S+))?$/;

export function presentRate(
  events: readonly SessionEvent[],
): { readonly rate: string; readonly unit: string | null } | null {
  const last = events.findLast(
    ({ type, withdrawn }) => type === 'rate_change' && withdrawn === null,
  );
  const [, rate, unit] = TO.exec(last?.text ?? '') ?? [];
  return rate === undefined ? null : { rate, unit: unit ?? null };
}
