// What is this patient's own about a number: limits of their own, a baseline that is known to be
// low. Staff see it beside the number, since an alert then means something else. Pure.

import { numeralOf, type Numeral } from './alerts';
import { strings } from './strings';
import type { PersonalLimit, Session } from './wire';

export type Mark = 'own' | 'low';

/** Below these a baseline is only accepted when it is known to be low (CLINICAL 2.2). */
const LOW_RATE = 50;
const LOW_SPO2 = 95;

export function marksOf(session: Session | null, numeral: Numeral): Mark[] {
  if (session === null) return [];
  const own = session.personal_limits.some(({ condition }) => numeralOf(condition) === numeral);
  return [
    ...(own ? (['own'] as const) : []),
    ...(lowVitals(session).includes(numeral) ? (['low'] as const) : []),
  ];
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

/** ` (HR 46, SpO₂ 93)` */
export function lowBaseline({ baseline }: Session): string {
  const parts = [
    ['heart_rate', strings.hr, LOW_RATE],
    ['spo2', strings.spo2, LOW_SPO2],
  ] as const;
  const low = parts.flatMap(([vital, label, limit]) => {
    const value = baseline?.[vital];
    return value !== undefined && value < limit ? [`${label} ${value}`] : [];
  });
  return low.length === 0 ? '' : ` (${low.join(', ')})`;
}

/** `hr_low` → `HR low` */
export function conditionName(condition: string): string {
  const vital = Object.keys(strings.vitals).find((name) => condition.startsWith(`${name}_`));
  const words = condition.slice(vital === undefined ? 0 : vital.length).replaceAll('_', ' ');
  return vital === undefined ? words : `${strings.vitals[vital]}${words}`;
}

/** `caution 170 · urgent 185` */
export function stagesOf(limit: PersonalLimit): string {
  return (['caution', 'urgent', 'extreme'] as const)
    .flatMap((stage) => (limit[stage] === null ? [] : [`${strings.stages[stage]} ${limit[stage]}`]))
    .join(' · ');
}

/** Whether a refused baseline was refused because it is low: then the screen offers the tick. */
export function asksWhetherKnownLow(status: number, message: string): boolean {
  return status === 409 && /known|\blow\b|\bHR\b|heart|pulse|SpO2|oxygen/i.test(message);
}
