import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const get = vi.fn();
const command = vi.fn();
vi.mock('../api', () => ({ get, command }));
const { bytesOf, idOf, look, turnOff, turnOn } = await import('./subscription');

const ENDPOINT = 'https://push.example/k';
const KEY = 'BCVxsr7N_eNgVRqvHtD0';

let here: { endpoint: string; unsubscribe: () => Promise<boolean> } | null;
const unsubscribed = vi.fn();
const subscribe = vi.fn();

function browser(permission: string, asked = permission) {
  const made = {
    endpoint: ENDPOINT,
    unsubscribe: async () => {
      here = null;
      return unsubscribed() as boolean;
    },
    toJSON: () => ({ endpoint: ENDPOINT, keys: { p256dh: 'p', auth: 'a' } }),
  };
  subscribe.mockImplementation(async () => (here = made));
  const registration = { pushManager: { getSubscription: async () => here, subscribe } };
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: async () => registration } });
  vi.stubGlobal('window', { PushManager: {}, Notification: {} });
  vi.stubGlobal('Notification', { permission, requestPermission: async () => asked });
}

const answered = (value: object) => ({ ok: true, value, recorded: true });

beforeEach(() => {
  here = null;
  for (const mock of [get, command, unsubscribed, subscribe]) mock.mockReset();
  get.mockResolvedValue(answered({ key: KEY, subscriptions: [] }));
});
afterEach(() => vi.unstubAllGlobals());

describe('a browser', () => {
  it('knows its address by the name by which the server does', async () => {
    expect(await idOf(ENDPOINT)).toMatch(/^[0-9a-f]{32}$/);
    expect(bytesOf('AQ-_')).toEqual(new Uint8Array([1, 15, 191]));
  });

  it('is off until it is turned on, and then the server has what the browser gave', async () => {
    browser('default', 'granted');
    expect(await look()).toEqual({ is: 'off', key: KEY });
    command.mockResolvedValue(answered({ id: 'x' }));
    expect(await turnOn(KEY)).toEqual({ is: 'on', key: KEY });
    expect(command).toHaveBeenCalledWith('POST', '/push/subscriptions', {
      endpoint: ENDPOINT,
      keys: { p256dh: 'p', auth: 'a' },
    });
    expect(subscribe.mock.calls[0]?.[0]).toMatchObject({ userVisibleOnly: true });
    get.mockResolvedValue(answered({ key: KEY, subscriptions: [await idOf(ENDPOINT)] }));
    expect(await look()).toEqual({ is: 'on', key: KEY });
  });

  it('is not on when the server does not know it', async () => {
    browser('granted');
    await turnOnQuietly();
    expect(await look()).toEqual({ is: 'off', key: KEY });
  });

  it('keeps no subscription that the server refused', async () => {
    browser('granted');
    command.mockResolvedValue({ ok: false, status: 409, message: 'Too many.', problem: null });
    expect(await turnOn(KEY)).toEqual({ is: 'failed', message: 'Too many.' });
    expect(unsubscribed).toHaveBeenCalledOnce();
  });

  it('is turned off at the server before it is at the browser', async () => {
    browser('granted');
    await turnOnQuietly();
    command.mockResolvedValue({ ok: false, status: 0, message: 'No server.', problem: null });
    expect(await turnOff(KEY)).toEqual({ is: 'failed', message: 'No server.' });
    expect(unsubscribed).not.toHaveBeenCalled();
    command.mockResolvedValue(answered({}));
    expect(await turnOff(KEY)).toEqual({ is: 'off', key: KEY });
    expect(unsubscribed).toHaveBeenCalledOnce();
    expect(command).toHaveBeenLastCalledWith(
      'DELETE',
      `/push/subscriptions/${await idOf(ENDPOINT)}`,
      {},
    );
  });

  it('says why it cannot be told', async () => {
    get.mockResolvedValue(answered({ key: null, subscriptions: [] }));
    expect(await look()).toEqual({ is: 'unavailable' });
    get.mockResolvedValue(answered({ key: KEY, subscriptions: [] }));
    vi.stubGlobal('navigator', {});
    vi.stubGlobal('window', {});
    expect(await look()).toEqual({ is: 'cannot' });
    browser('denied');
    expect(await look()).toEqual({ is: 'refused' });
    browser('default', 'denied');
    expect(await turnOn(KEY)).toEqual({ is: 'refused' });
    browser('default', 'default');
    expect(await turnOn(KEY)).toEqual({ is: 'off', key: KEY });
    get.mockResolvedValue({ ok: false, status: 403, message: 'No.', problem: null });
    expect(await look()).toEqual({ is: 'failed', message: 'No.' });
  });

  async function turnOnQuietly() {
    command.mockResolvedValue(answered({ id: 'x' }));
    await turnOn(KEY);
    command.mockReset();
  }
});
