// What is this patient's own about a number, in words. Pure.

import { LOW_RATE, LOW_SPO2 } from './annotations';
import { strings } from '../strings';
import { later } from '../strings/later';
import type { PersonalLimit, Session } from '../stream/shapes';

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
  const vital = Object.keys(later.vitals).find((name) => condition.startsWith(`${name}_`));
  const words = condition.slice(vital === undefined ? 0 : vital.length).replaceAll('_', ' ');
  return vital === undefined ? words : `${later.vitals[vital]}${words}`;
}

/** `caution 170 · urgent 185` */
export function stagesOf(limit: PersonalLimit): string {
  return (['caution', 'urgent', 'extreme'] as const)
    .flatMap((stage) => (limit[stage] === null ? [] : [`${later.stages[stage]} ${limit[stage]}`]))
    .join(' · ');
}

/** Whether a refused baseline was refused because it is low: then the screen offers the tick. */
export function asksWhetherKnownLow(status: number, message: string): boolean {
  return status === 409 && /known|\blow\b|\bHR\b|heart|pulse|SpO2|oxygen/i.test(message);
}
