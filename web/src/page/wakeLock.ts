// Keeps the screen on while somebody is signed in: a phone that sleeps shows no alarm.

import { effect, signal } from '@preact/signals';
import { onWall } from '../route';
import { me } from '../people/account';

const KEY = 'dripwatch.awake';

export const canStayAwake = 'wakeLock' in navigator;
/** What this device's person chose. */
export const stayAwake = signal(stored());
/** What became of it: the browser may refuse, as when the battery is low. */
export const awake = signal<'on' | 'off' | 'refused'>('off');

let lock: WakeLockSentinel | null = null;
let asking = false;

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setStayAwake(on: boolean): void {
  stayAwake.value = on;
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // Private windows keep nothing: the choice then lasts as long as the page.
  }
}

/** A wall stays on, whatever the setting of its device. */
const isWanted = () => (stayAwake.value || onWall.value) && me.value != null;

/** The system may take it back, as when the battery is low; it is asked for again this much later. */
const AGAIN_MS = 30_000;

async function follow(): Promise<void> {
  if (!isWanted()) {
    awake.value = 'off';
    await lock?.release();
    lock = null;
  } else if (lock === null && !asking && document.visibilityState === 'visible') {
    asking = true;
    await ask();
    asking = false;
    // It may have been switched off while the browser was asked.
    if (!isWanted()) void follow();
  }
}

async function ask(): Promise<void> {
  try {
    const given = await navigator.wakeLock.request('screen');
    lock = given;
    awake.value = 'on';
    // Hidden pages lose it; it is asked for again when the page is back.
    given.onrelease = () => {
      if (lock === given) lock = null;
      if (isWanted()) awake.value = 'off';
      again();
    };
  } catch {
    awake.value = 'refused';
    again();
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;

function again(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void follow(), AGAIN_MS);
}

export function keepAwake(): void {
  if (!canStayAwake) return;
  effect(() => {
    isWanted();
    void follow();
  });
  document.addEventListener('visibilitychange', () => void follow());
}
