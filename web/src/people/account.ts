// Who uses this screen.

import { signal } from '@preact/signals';
import { actsNow, asksWhoActs } from './acting';
import * as api from '../api';
import { showNotice } from '../notice';
import { setZone } from '../format';
import { onWall, toWall } from '../route';
import { forgetAll } from '../ward/store';
import * as stream from '../stream/socket';
import { strings } from '../strings';
import type { Me } from '../stream/shapes';
import { readMe } from '../stream/wire';

/** Undefined while the server is being asked. */
export const me = signal<Me | null | undefined>(undefined);

/** The server no longer knows the person who was here: nobody is watching on this screen. */
export const signedOutByServer = signal(false);
/** The page is open, but the server has not answered who is there. */
export const unanswered = signal(false);

api.whenSignedOut(() => void checkStillIn());
// Whoever asks must not be asked again when the answer changes.
api.actAs(() => (actsNow.peek() ?? me.peek())?.name);

export async function recognise(): Promise<void> {
  const found = await api.me();
  unanswered.value = found === 'unreachable';
  if (found === 'nobody') leave();
  // The server may be down when the page is opened: keep asking, a person may be signed in.
  else if (found === 'unreachable') setTimeout(() => void recognise(), 1_000);
  else enter(found);
}

export function enter(found: Me): void {
  setZone(found.time_zone);
  // A display may only look, and nobody uses it.
  if (found.role === 'display' && !onWall.value) location.hash = toWall;
  me.value = found;
}

/** A refused connection or command: only the server knows who is signed in with the cookie. */
export async function checkStillIn(): Promise<void> {
  const found = await api.me();
  if (found === 'nobody') leave();
  else if (found !== 'unreachable') become(found);
  asksWhoActs.value += 1;
}

/** For whom the stream is; whether that is somebody else than was here. */
export function becomes(raw: unknown): boolean {
  const found = readMe(raw);
  return found !== null && become({ ...found, time_zone: me.peek()?.time_zone ?? null });
}

/** Somebody else signed in in another tab: this one is theirs too, and says so. */
function become(found: Me): boolean {
  if (found.name === me.peek()?.name) return false;
  enter(found);
  showNotice(strings.nowSignedIn(found.name), true);
  return true;
}

export function leave(): void {
  signedOutByServer.value ||= me.value != null;
  stream.stop();
  forgetAll();
  me.value = null;
}
