// The service worker is a plain script: here it runs in a scope of the test's own.

import { beforeEach, describe, expect, it, vi } from 'vitest';
import source from '../../sw.js?raw';

type Heard = (event: Record<string, unknown>) => void;
let heard: Record<string, Heard>;
const showNotification = vi.fn();
const openWindow = vi.fn();
let pages: { focused: boolean; focus: () => void; navigate: (to: string) => void }[];

/** Hands the worker an event, and waits for what it does. */
async function happens(kind: string, event: Record<string, unknown>) {
  let done: Promise<unknown> = Promise.resolve();
  heard[kind]?.({ ...event, waitUntil: (what: Promise<unknown>) => (done = what) });
  await done;
}

beforeEach(() => {
  heard = {};
  pages = [];
  showNotification.mockReset();
  openWindow.mockReset();
  const scope = {
    addEventListener: (kind: string, what: Heard) => (heard[kind] = what),
    registration: { showNotification },
    clients: { matchAll: async () => pages, openWindow },
  };
  new Function(...Object.keys(scope), source)(...Object.values(scope));
});

const call = {
  id: '5f0c',
  about: 'a1',
  title: 'High priority, room 3',
  text: 'Alert at 12:00. Look at the staff screen, or go.',
  priority: 'high',
  call: true,
  room: '3',
};
const pushed = (said: object) => happens('push', { data: { json: () => said } });
const shown = () => showNotification.mock.calls[0] as [string, Record<string, unknown>];

describe('the service worker', () => {
  it('shows priority and room of an alert, and goes to the room when it is touched', async () => {
    await pushed(call);
    const [title, options] = shown();
    expect(title).toBe('High priority, room 3');
    expect(options).toMatchObject({
      body: call.text,
      tag: 'a1',
      renotify: true,
      silent: false,
      requireInteraction: true,
    });
    const close = vi.fn();
    await happens('notificationclick', { notification: { close, data: options['data'] } });
    expect(close).toHaveBeenCalledOnce();
    expect(openWindow).toHaveBeenCalledWith('/#/room/3');
  });

  it('shows that it is over without a sound, in the place of the call', async () => {
    await pushed({ ...call, text: 'It is over', call: false });
    expect(shown()[1]).toMatchObject({
      tag: 'a1',
      renotify: false,
      silent: true,
      requireInteraction: false,
    });
  });

  it('goes to a page that is open rather than to a new one', async () => {
    const page = { focused: false, focus: vi.fn(), navigate: vi.fn() };
    pages = [page];
    await pushed({ ...call, room: null });
    const { data } = shown()[1];
    await happens('notificationclick', { notification: { close: () => {}, data } });
    expect(page.focus).toHaveBeenCalledOnce();
    expect(page.navigate).toHaveBeenCalledWith('/#/inbox');
    expect(openWindow).not.toHaveBeenCalled();
  });

  it('shows that something came, whatever came', async () => {
    const broken = () => {
      throw new Error('no JSON');
    };
    for (const data of [null, { json: broken }, { json: () => null }, { json: () => 7 }]) {
      showNotification.mockReset();
      await happens('push', { data });
      expect(shown()[0]).toBe('dripwatch');
    }
  });
});
