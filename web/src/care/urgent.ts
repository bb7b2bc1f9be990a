// What of a vital is urgent, in the words of the server's own rules. Pure: no limit is computed here.

import type { Section } from '../rules/rules';
import type { PersonalLimit } from '../stream/shapes';
import { words } from '../strings/care';

/** The conditions of a vital, as the profile names them. */
const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  heart_rate: ['hr_low', 'hr_high'],
  spo2: ['spo2_low'],
  systolic: ['systolic_low', 'systolic_high'],
  diastolic: ['diastolic_high'],
  resp_rate: ['resp_rate_low', 'resp_rate_high'],
  temp: ['temp_high'],
};

/** The first urgent stage of each; this patient's own where they have one. */
export function urgentOf(
  vital: string,
  sections: readonly Section[],
  personal: readonly PersonalLimit[],
): string[] {
  return (CONDITIONS[vital] ?? []).flatMap((condition) => {
    const section = sections.find((one) => one.condition === condition);
    const own = personal.findLast((one) => one.condition === condition)?.urgent ?? null;
    const stage = section?.stages.find(({ name }) => name === 'urgent');
    if (own !== null) {
      const isLow = condition.endsWith('_low');
      return [words.ownUrgent(isLow ? words.atMost(own) : words.atLeast(own))];
    }
    return stage === undefined ? [] : [stage.text];
  });
}
