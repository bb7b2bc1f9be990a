// A refusal without the words that are for programs.

import { plainWords } from './api';
import { fields, list, text } from './stream/fields';
import { strings } from './strings';

/** The problem's detail alone, where it has nothing else for people: its title is for programs. */
export function detailOf(problem: unknown): string {
  const { detail, unmet, items } = fields(problem);
  const alone = list(unmet).length + list(items).length === 0;
  return (alone && text(detail)) || plainWords(problem);
}

/** Why something was not recorded: the detail, and of what is missing only what it does not name. */
export function refusalOf(problem: unknown): string {
  const { detail, unmet } = fields(problem);
  // Its last word is the name of a field, for programs.
  const said = text(detail).replaceAll(' (override)', '');
  if (said === '') return plainWords(problem);
  const missing = list(unmet)
    .map((item) => text(item))
    .filter((item) => !said.includes(item));
  return missing.length === 0 ? said : `${said} ${strings.missingItems} ${missing.join('; ')}.`;
}
