// A refusal without the words that are for programs.

import { plainWords } from './api';
import { fields, list, text } from './stream/fields';

/** Only what the problem's detail says, where nothing else is told: its title is for programs. */
export function detailOf(problem: unknown): string {
  const { detail, unmet, items } = fields(problem);
  const alone = list(unmet).length + list(items).length === 0;
  return (alone && text(detail)) || plainWords(problem);
}
