import { words } from '../strings/alertlog';

/** What a rule is about, in words; of a newer server's its name. */
export const nameOf = (condition: string): string =>
  words.conditions[condition] ?? condition.replaceAll('_', ' ');
