// What alerts were: the question, the log, and what each rule did in a week. Fetched when the first of
// them is needed.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { outcomeAsked, outcomesOwed } from '../alerts/actions';
import { me } from '../people/account';
import { actsNow } from '../people/acting';
import { strings } from '../strings';
import { link } from '../stream/socket';

type All = typeof import('../alertlog');

const all = signal<All | null>(null);
const failed = signal(false);
let isAsked = false;

async function load(): Promise<void> {
  isAsked = true;
  failed.value = false;
  try {
    all.value = await import('../alertlog');
  } catch {
    failed.value = true;
  }
}

function lazily<P extends object>(of: (all: All) => ComponentType<P>): ComponentType<P> {
  return function Lazily(props: P) {
    if (all.value !== null) {
      const Part = of(all.value);
      return <Part {...props} />;
    }
    if (!isAsked) void load();
    if (!failed.value) return <p class="quiet">{strings.loading}</p>;
    return (
      <p class="notice notice-bad" role="alert">
        {strings.notLoaded}{' '}
        <button type="button" onClick={() => void load()}>
          {strings.tryAgain}
        </button>
      </p>
    );
  };
}

export const AlertLog = lazily((all) => all.LogPage);
export const AlertWeek = lazily((all) => all.WeekPage);

const Asked = lazily((all) => all.Outcomes);

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
