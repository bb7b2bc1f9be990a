// Signing in and out, by the person in front of the screen.

import { batch } from '@preact/signals';
import { enter, leave, signedOutByServer } from './account';
import * as api from '../api';
import { showNotice } from '../notice';
import { fields, number } from '../stream/fields';
import { readMe } from '../stream/wire';
import { later } from '../strings/later';

/** Gives back what is wrong, or null when the person is in. */
export async function signIn(name: string, password: string): Promise<string | null> {
  const answer = await api.command('POST', '/login', { name, password });
  if (!answer.ok) return answer.status === 401 ? later.wrongPassword : answer.message;
  signedOutByServer.value = false;
  enter(readMe(answer.value) ?? { name, role: '', initials: name, time_zone: null });
  const tries = number(fields(fields(answer.value)['wrong_tries'])['count']);
  if (tries) showNotice(later.wrongTries(tries), true);
  return null;
}

export async function signOut(): Promise<void> {
  await api.command('POST', '/logout', {});
  // Nobody who leaves on purpose is called back.
  batch(() => {
    leave();
    signedOutByServer.value = false;
  });
}
