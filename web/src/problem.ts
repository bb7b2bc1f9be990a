// A refusal without the words that are for programs.

import { plainWords } from './api';
import { fields, list, text } from './stream/fields';

/** The problem's detail alone, where it has nothing else for people: its title is for programs. */
export function detailOf(problem: unknown): string {
  const { detail, unmet, items } = fields(problem);
  const alone = list(unmet).length + list(items).length === 0;
  return (alone && text(detail)) || plainWords(problem);
}
