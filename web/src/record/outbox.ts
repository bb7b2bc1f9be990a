// Sends what was kept on this device as soon as the server is back.

import { effect, signal } from '@preact/signals';
import { showNotice } from '../alerts/actions';
import { recordEvent } from '../room/recordEvent';
import { idempotencyKey, plainWords } from '../api';
import { now_ms } from '../clock';
import { me } from '../people/account';
import { actsNow } from '../people/acting';
import { store, stored } from '../storage';
import { link } from '../stream/socket';
import { words } from '../strings/care';
import { keep, readKept, sort, type Kept } from './kept';

const KEY = 'dripwatch.kept';

export const kept = signal<readonly Kept[]>(readKept(stored(KEY)));

function write(all: readonly Kept[]): void {
  store(KEY, JSON.stringify(all));
  kept.value = all;
}

/** What another tab has kept or sent since is in the store. */
const read = () => readKept(stored(KEY) ?? JSON.stringify(kept.peek()));

/** Under whose name entries are made here now. */
export const nameNow = () => actsNow.peek()?.name ?? me.peek()?.name;

/** Gives back whether it is kept: a private window, or a full list, keeps nothing for long. */
export function keepForLater(one: Omit<Kept, 'by' | 'at'>): boolean {
  const all = keep(read(), { ...one, by: nameNow() ?? '', at: now_ms() });
  if (all !== null) write(all);
  return all !== null;
}

export function forget(key: string): void {
  write(read().filter((one) => one.key !== key));
}

/** A key is answered once: what was refused under it is sent under another. */
function renew({ key }: Kept): void {
  const next = idempotencyKey();
  write(read().map((one) => (one.key === key ? { ...one, key: next } : one)));
}

let sending = false;

/** One after another, oldest first; what was refused is said, and not tried again. */
async function sendAll(): Promise<void> {
  if (sending) return;
  sending = true;
  try {
    for (const one of sort(read(), nameNow(), now_ms()).send) {
      const answer = await recordEvent(one.session, one.event, one.key);
      // Not reached, or not ready: it stays, and is tried at the next return of the server.
      if (!answer.ok && (answer.status === 0 || answer.status >= 500 || answer.status === 429))
        return;
      // Who is asked for says so first, and it goes out then.
      if (!answer.ok && (answer.status === 401 || answer.status === 403)) {
        if (answer.status === 403) renew(one);
        return;
      }
      forget(one.key);
      if (answer.ok) showNotice(words.sent(one.what));
      else showNotice(words.keptRefused(one.what, plainWords(answer.problem)), true);
    }
  } finally {
    sending = false;
  }
}

/** From now on what is kept is sent when the server is there, and when its author is. */
export function startOutbox(): void {
  effect(() => {
    const isThere = link.value === 'live' && me.value != null;
    void actsNow.value;
    if (isThere && kept.peek().length > 0) void sendAll();
  });
}
