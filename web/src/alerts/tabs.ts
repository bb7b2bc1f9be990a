// The tabs of one device tell each other how well they could sound, so that one of them does. By
// a channel and not by a lock: locks are missing where the clinic's page comes over plain HTTP.

import { effect } from '@preact/signals';
import { acting, type Acting } from '../people/acting';
import { pausedLocally } from './actions';
import { idempotencyKey } from '../api';
import { monotonic_ms, second, span_ms } from '../clock';
import * as sound from './sound';
import { me, signedOutByServer } from '../people/account';
import { link } from '../stream/socket';
import { givesWay, type Claim } from './soundingTab';
import { ready } from '../ward/store';

interface Told {
  /** Null when the tab closes. */
  readonly claim: Claim | null;
  readonly id: string;
  /** Until when the link-lost sound was paused there. */
  readonly paused: number;
}

/** A tab that said nothing for so long sounds no more. They speak once a second. */
const HEARD_MS = 2_500;

const id = idempotencyKey();
const since = monotonic_ms();
const heard = new Map<string, { readonly claim: Claim; readonly at: number }>();
let channel: BroadcastChannel | null = null;

function mine(): Claim {
  const isStaff = me.value != null;
  return {
    id,
    since,
    can:
      sound.running.value && sound.quietRoom.value === null && (isStaff || signedOutByServer.value),
    // One that has heard nothing yet must not silence one that has.
    live: isStaff && ready.value && (link.value === 'live' || link.value === 'slow'),
    visible: document.visibilityState === 'visible',
  };
}

function decide(claim: Claim): void {
  for (const [other, { at }] of heard) if (span_ms() - at > HEARD_MS) heard.delete(other);
  sound.elsewhere.value = givesWay(
    claim,
    [...heard.values()].map((one) => one.claim),
  );
}

function speak(): void {
  const claim = mine();
  channel?.postMessage({ claim, id, paused: pausedLocally.value } satisfies Told);
  decide(claim);
}

function hear(data: Told | { readonly acting: Acting | null }): void {
  if ('acting' in data) {
    acting.value = data.acting;
    return;
  }
  const isNew = !heard.has(data.id);
  if (data.claim === null) heard.delete(data.id);
  else heard.set(data.id, { claim: data.claim, at: span_ms() });
  if (link.peek() === 'lost') pausedLocally.value = Math.max(pausedLocally.peek(), data.paused);
  // One that has just been opened must hear of this one before it sounds.
  if (isNew && data.claim !== null) speak();
  else decide(mine());
}

/** The tabs have one login, so that who acts in one of them acts in all. */
export function tellActing(now: Acting | null): void {
  acting.value = now;
  channel?.postMessage({ acting: now });
}

export function share(): void {
  if (!('BroadcastChannel' in window)) return;
  channel = new BroadcastChannel('dripwatch');
  channel.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
  effect(() => {
    void second.value;
    speak();
  });
  for (const event of ['visibilitychange', 'pageshow']) addEventListener(event, speak, true);
  addEventListener('pagehide', () => channel?.postMessage({ claim: null, id, paused: 0 }));
}
