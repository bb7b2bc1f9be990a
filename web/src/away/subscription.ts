// Whether this browser is told of alerts while the page is closed: between the browser, who gives an
// address for that, and the server, who keeps it.

import { command, get } from '../api';
import { fields, list, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

export type Told =
  /** The server has no channel for browsers. */
  | { readonly is: 'unavailable' }
  /** This browser has no such thing, or not here. */
  | { readonly is: 'cannot' }
  /** The person has told the browser to show no notifications. */
  | { readonly is: 'refused' }
  | { readonly is: 'off'; readonly key: string }
  | { readonly is: 'on'; readonly key: string }
  | { readonly is: 'failed'; readonly message: string };

/** The bytes of base64url, as a browser wants a key. */
export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const letters = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** By which name the server knows an address that a browser gave. */
export async function idOf(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  const digits = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
  return digits.join('').slice(0, 32);
}

const canBeTold = () =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** The worker that wakes when the page is closed; none if it was never allowed to start. */
async function worker(): Promise<ServiceWorkerRegistration | null> {
  const found = await navigator.serviceWorker.getRegistration();
  return found ?? null;
}

export async function look(): Promise<Told> {
  const answer = await get('/push');
  if (!answer.ok) return { is: 'failed', message: answer.message };
  const from = fields<Wire['PushState']>(answer.value);
  const key = text(from['key']);
  if (key === '') return { is: 'unavailable' };
  if (!canBeTold()) return { is: 'cannot' };
  if (Notification.permission === 'denied') return { is: 'refused' };
  const here = await (await worker())?.pushManager.getSubscription();
  if (here === null || here === undefined) return { is: 'off', key };
  const known = list(from['subscriptions']).map((id) => text(id));
  return { is: known.includes(await idOf(here.endpoint)) ? 'on' : 'off', key };
}

export async function turnOn(key: string): Promise<Told> {
  const asked = await Notification.requestPermission();
  if (asked === 'denied') return { is: 'refused' };
  const ready = await worker();
  if (asked !== 'granted') return { is: 'off', key };
  if (ready === null) return { is: 'cannot' };
  const applicationServerKey = bytesOf(key);
  const options = { userVisibleOnly: true, applicationServerKey };
  try {
    // One of another server's key, as after its data were lost, stands in the way of a new one.
    await (await ready.pushManager.getSubscription())?.unsubscribe();
    const made = await ready.pushManager.subscribe(options);
    const answer = await command('POST', '/push/subscriptions', made.toJSON());
    if (answer.ok) return { is: 'on', key };
    await made.unsubscribe();
    return { is: 'failed', message: answer.message };
  } catch {
    return { is: 'cannot' };
  }
}

export async function turnOff(key: string): Promise<Told> {
  const here = await (await worker())?.pushManager.getSubscription();
  if (here === null || here === undefined) return { is: 'off', key };
  const path = `/push/subscriptions/${await idOf(here.endpoint)}`;
  const answer = await command('DELETE', path, {});
  if (!answer.ok && answer.status !== 404) return { is: 'failed', message: answer.message };
  await here.unsubscribe();
  return { is: 'off', key };
}
