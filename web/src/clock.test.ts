import { beforeEach, expect, it, vi } from 'vitest';
import * as clock from './clock';

// A device that is five minutes behind the server, with a clock that only the test moves.
const SERVER_AHEAD_MS = 300_000;
let here_ms = 0;

beforeEach(() => {
  here_ms += 60_000;
  vi.spyOn(performance, 'now').mockImplementation(() => here_ms);
  clock.hear(server());
  ping(2);
});

const server = () => performance.timeOrigin + here_ms + SERVER_AHEAD_MS;
const error_ms = () => Math.round(clock.now_ms() - server());

function ping(there_ms: number, back_ms = there_ms): void {
  const sent_at = clock.monotonic_ms();
  here_ms += there_ms;
  const now = server();
  here_ms += back_ms;
  clock.pong(sent_at, now);
}

it('is the server’s, however wrong this device is', () => {
  expect(error_ms()).toBe(0);
});

it('believes the quickest ping, not the last', () => {
  ping(10, 400);
  expect(error_ms()).toBe(0);
});

it('is not set back by a heartbeat that was long on its way', () => {
  clock.hear(server() - 3_000);
  expect(error_ms()).toBe(0);
});

it('catches up at once when this device has slept', () => {
  const slept_ms = 12_000;
  clock.hear(server() + slept_ms);
  expect(error_ms()).toBe(slept_ms);
});

it('knows for how long the device slept: meanwhile the page’s own time stood still', () => {
  const device = vi.spyOn(Date, 'now').mockImplementation(() => Math.round(here_ms));
  clock.slept_ms();
  here_ms += 250;
  expect(clock.slept_ms()).toBe(0);
  device.mockImplementation(() => Math.round(here_ms) + 600_000);
  expect([clock.slept_ms(), clock.slept_ms()]).toEqual([600_000, 0]);
  // A clock that is put back is no sleep.
  device.mockImplementation(() => Math.round(here_ms));
  expect(clock.slept_ms()).toBe(0);
  device.mockRestore();
});

it('lets many ages share the work: each quarter moves on once a second, none is a second late', () => {
  const seen = clock.quarters.map(() => new Set<number>());
  for (let step = 0; step < 8; step += 1) {
    clock.tick();
    clock.quarters.forEach((quarter, index) => {
      expect(clock.now_ms() - quarter.value).toBeGreaterThanOrEqual(0);
      expect(clock.now_ms() - quarter.value).toBeLessThan(1_000);
      seen[index]?.add(quarter.value);
    });
    here_ms += 250;
  }
  // Two seconds are three values at most: the one that stood, and two more.
  for (const values of seen) expect([2, 3]).toContain(values.size);
  expect(clock.quarters[0]).toBe(clock.second);
});
