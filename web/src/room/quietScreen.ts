// A screen inside the patient's room may keep quiet while another one, with sound, shows the room.

import { showNotice } from '../alerts/actions';
import { get } from '../api';
import { audible, quietRoom } from '../alerts/sound';
import { link } from '../stream/socket';
import { later } from '../strings/later';
import { otherWatchers } from '../ward/watchers';
import { fields, number } from '../stream/fields';

/** How often the server is asked whether somebody else still watches. */
const ASK_MS = 2_000;

/** Screens that watch the room beside this one, or null when the server does not say. */
async function others(room: string): Promise<number | null> {
  const answer = await get(`/rooms/${encodeURIComponent(room)}`);
  const count = answer.ok ? number(fields(answer.value)['watched_by']) : null;
  return count === null ? null : otherWatchers(count, isCounted());
}

function isCounted(): boolean {
  return audible() && document.visibilityState === 'visible' && quietRoom.value === null;
}

/** Goes quiet if it may; says why when it may not. */
export async function beQuiet(room: string): Promise<void> {
  const count = link.value === 'lost' ? null : await others(room);
  if (count !== null && count > 0) quietRoom.value = room;
  else showNotice(count === 0 ? later.quietNotAllowed : later.quietNotKnown, true);
}

export function soundAgain(): void {
  quietRoom.value = null;
}

/** While the room is quiet: asks, and ends it at once when nobody else watches. */
export function watchOthers(room: string): () => void {
  let over = false;
  const ask = async () => {
    const count = await others(room);
    if (over || quietRoom.value === null) return;
    if (count === null || count === 0) forcedEnd();
    else timer = setTimeout(() => void ask(), ASK_MS);
  };
  let timer = setTimeout(() => void ask(), ASK_MS);
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

export function forcedEnd(): void {
  if (quietRoom.value === null) return;
  quietRoom.value = null;
  showNotice(later.quietEnded, true);
}
