// What alerts were: the question, the log, and what each rule did in a week. Fetched when the first of
// them is needed.

import { outcomeAsked, outcomesOwed } from '../alerts/actions';
import { me } from '../people/account';
import { actsNow } from '../people/acting';
import { link } from '../stream/socket';
import { fetched } from './fetched';

const { part } = fetched(() => import('../alertlog'));

export const AlertLog = part((all) => all.LogPage);
export const AlertWeek = part((all) => all.WeekPage);

const Asked = part((all) => all.Outcomes);

/** Asks what an alert was, where somebody has to be asked. */
export function Outcomes(props: { room?: string }) {
  return outcomesOwed.value.length > 0 || outcomeAsked.value !== null ? <Asked {...props} /> : null;
}

/** Soon after the page is there, and then every minute. */
const REMIND_FIRST_MS = 5_000;
const REMIND_EVERY_MS = 60_000;

function remind(): void {
  setTimeout(remind, REMIND_EVERY_MS);
  const person = (actsNow.value ?? me.value)?.initials;
  if (person === undefined || me.value?.role === 'display' || link.value !== 'live') return;
  void import('../alertlog').then((all) => all.remind(person)).catch(() => {});
}

setTimeout(remind, REMIND_FIRST_MS);
