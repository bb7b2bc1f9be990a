// What is this patient's own about a number: limits of their own, a baseline that is known to be
// low. Staff see it beside the number, since an alert then means something else. Pure.

import { numeralOf, type Numeral } from '../alerts/alerts';
import type { Shown } from './vitals';
import type { Session } from '../stream/shapes';

export type Annotation = 'own' | 'low' | 'hand' | 'corrected';

/** Below these a baseline is only accepted when it is known to be low (clinical.md#baseline). */
export const LOW_RATE = 50;
export const LOW_SPO2 = 95;

export function annotationsOf(session: Session | null, numeral: Numeral): Annotation[] {
  if (session === null) return [];
  const own = session.personal_limits.some(({ condition }) => numeralOf(condition) === numeral);
  return [
    ...(own ? (['own'] as const) : []),
    ...(lowVitals(session).includes(numeral) ? (['low'] as const) : []),
  ];
}

/** How the number that is shown came about. */
export function annotationsOfValue({
  manual,
  corrected,
}: Pick<Shown, 'manual' | 'corrected'>): Annotation[] {
  return [...(manual ? (['hand'] as const) : []), ...(corrected ? (['corrected'] as const) : [])];
}

/** Own limits of what has no numeral, such as the temperature. */
export function hasOtherLimits(session: Session): boolean {
  return session.personal_limits.some(({ condition }) => numeralOf(condition) === null);
}

/** The numerals whose baseline is low; both, when nobody sent the numbers. */
export function lowVitals({ known_low, baseline }: Session): Numeral[] {
  if (!known_low) return [];
  const rate = baseline?.['heart_rate'];
  const spo2 = baseline?.['spo2'];
  const found: Numeral[] = [];
  if (rate !== undefined && rate < LOW_RATE) found.push('hr');
  if (spo2 !== undefined && spo2 < LOW_SPO2) found.push('spo2');
  return found.length > 0 ? found : ['hr', 'spo2'];
}
