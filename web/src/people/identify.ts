// Saying who acts here, and taking it back.

import { effect, signal, untracked } from '@preact/signals';
import { acting, asksWhoActs, padOpen, type Acting } from './acting';
import { command, get } from '../api';
import { now_ms } from '../clock';
import { me } from './account';
import { fields, number, text } from '../stream/fields';
import { tellActing } from '../alerts/tabs';
import { words } from '../strings/people';

/** Wrong tries in a row after which one waits, as at the server. */
const TRIES = 5;
const WAIT_S = 30;

/** Until when no PIN can be tried here. */
export const waitUntil = signal(0);
let wrong = 0;

export function readActing(raw: unknown): Acting | null {
  const from = fields(raw);
  const initials = text(from['initials']);
  const until = number(from['until']);
  if (initials === '' || until === null) return null;
  return { name: text(from['name']), initials, role: text(from['role']), until };
}

/** Gives back what is wrong, or null when the person acts from now on. */
export async function identify(who: object): Promise<string | null> {
  const answer = await command('POST', '/identify', who);
  if (answer.ok) {
    wrong = 0;
    tellActing(readActing(answer.value));
    padOpen.value = false;
    return null;
  }
  if (answer.status === 429) {
    wait(number(fields(answer.problem)['retry_after_s']) ?? WAIT_S);
    return null;
  }
  if (fields(answer.problem)['code'] !== 'wrong_secret' || 'password' in who) return answer.message;
  wrong += 1;
  if (wrong < TRIES) return words.wrongPin;
  wait(WAIT_S);
  return null;
}

function wait(seconds: number): void {
  wrong = 0;
  waitUntil.value = now_ms() + seconds * 1_000;
}

/** Gives back what is wrong, or null when whoever is signed in acts again. */
export async function end(): Promise<string | null> {
  const answer = await command('DELETE', '/identify', {});
  if (!answer.ok) return answer.message;
  tellActing(null);
  padOpen.value = false;
  return null;
}

/** Somebody may have said who they are before the page was loaded again. */
export function askServer(): void {
  effect(() => {
    const isStaff = me.value != null;
    void asksWhoActs.value;
    untracked(() => {
      acting.value = null;
      padOpen.value = false;
    });
    if (isStaff) {
      void get('/me').then((answer) => {
        if (answer.ok) acting.value = readActing(fields(answer.value)['acting']);
      });
    }
  });
}
