// A wall has nobody who reloads it. It does so itself when nothing is alerting and the server has
// another page, and when it has heard nothing for ten seconds although the server answers. Nor is
// there anybody who dismisses what it says of the past: that ends by itself.

import { effect } from '@preact/signals';
import { me } from '../api';
import { monotonic_ms, second, span_ms } from '../clock';
import { servedPage } from '../page/update';
import { gaps, heardAt_ms } from '../stream/socket';
import { older } from '../page/version';
import { forgetUnrecorded, openAlerts, unrecorded } from '../ward/store';
import { mayReload, type Reloads } from './wall';

const SILENT_MS = 10_000;
const LOOK_MS = 1_000;
/** Live for this long: what was wrong is over. */
const HEALTHY_MS = 60_000;
/** By asking who it is a wall renews its cookie, which outlives any weekend. */
const RENEW_MS = 12 * 3_600_000;
/** For how long it says that it was not monitoring. */
const GAP_SAID_MS = 10 * 60_000;
/** For how long it shows what the server lost. */
const UNRECORDED_MS = 60 * 60_000;
const KEY = 'dripwatch.reloads';

function reloads(): Reloads {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '') as Reloads;
    return { count: Number(kept.count) || 0, at: Number(kept.at) || 0 };
  } catch {
    return { count: 0, at: 0 };
  }
}

function reload(): void {
  const { count } = reloads();
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ count: count + 1, at: monotonic_ms() }));
  } catch {
    // Without a memory of the last time there is no end to it: rather not at all.
    return;
  }
  location.reload();
}

/** Looks after this wall until what it gives back is called. */
export function lookAfter(): () => void {
  let heard_ms = span_ms();
  let healthySince_ms = heard_ms;
  let asking = false;
  const stop = effect(() => {
    void heardAt_ms.value;
    const now = span_ms();
    if (now - heard_ms > SILENT_MS) healthySince_ms = now;
    heard_ms = now;
  });

  let unrecordedSince_ms = heard_ms;
  const stopWatching = effect(() => {
    void unrecorded.value;
    unrecordedSince_ms = span_ms();
  });

  const look = async () => {
    const now = span_ms();
    const last = gaps.value.at(-1);
    if (last !== undefined && second.value - last.to > GAP_SAID_MS) gaps.value = [];
    if (now - unrecordedSince_ms > UNRECORDED_MS)
      for (const { id } of unrecorded.value) forgetUnrecorded(id);
    const silent = now - heard_ms > SILENT_MS;
    if (!silent && now - healthySince_ms > HEALTHY_MS && reloads().count > 0 && !older.value) {
      sessionStorage.removeItem(KEY);
    }
    const calm = !openAlerts.value.some(({ state }) => state === 'active');
    const wanted = silent || (older.value && calm);
    if (!wanted || asking || !mayReload(reloads(), monotonic_ms())) return;
    // Without a server there is nothing to load: then this page, which says so, is worth more.
    asking = true;
    const page = await servedPage();
    asking = false;
    if (page === 'none') return;
    if (page === 'same' && !silent) older.value = false;
    else if (silent || !openAlerts.value.some(({ state }) => state === 'active')) reload();
  };
  const looking = setInterval(() => void look(), LOOK_MS);
  const renewing = setInterval(() => void me(), RENEW_MS);
  return () => {
    stop();
    stopWatching();
    clearInterval(looking);
    clearInterval(renewing);
  };
}
