// Signing in and out.

import { batch } from '@preact/signals';
import * as api from '../api';
import { showNotice } from '../notice';
import { words } from '../strings/people';
import { fields, number } from '../stream/fields';
import { readMe } from '../stream/wire';
import { enter, leave, signedOutByServer } from './account';

/** Gives back what is wrong, or null when the person is in. */
export async function signIn(name: string, password: string): Promise<string | null> {
  const answer = await api.command('POST', '/login', { name, password });
  if (!answer.ok) return answer.status === 401 ? words.wrongPassword : answer.message;
  signedOutByServer.value = false;
  enter(readMe(answer.value) ?? { name, role: '', initials: name, time_zone: null });
  const tries = number(fields(fields(answer.value)['wrong_tries'])['count']);
  if (tries) showNotice(words.wrongTries(tries), true);
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
