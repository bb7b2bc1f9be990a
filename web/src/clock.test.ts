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

it('believes that the device slept until the server says that its clock was only set', () => {
  let leap_ms = 0;
  const device = vi.spyOn(Date, 'now').mockImplementation(() => Math.round(here_ms) + leap_ms);
  clock.mayHaveSlept();
  here_ms += 250;
  expect(clock.mayHaveSlept()).toBe(false);
  leap_ms = 600_000;
  expect([clock.mayHaveSlept(), clock.mayHaveSlept()]).toEqual([true, false]);
  // Every age is at once what it is if it slept: no number of before is shown as a current one.
  expect(error_ms()).toBe(600_000);
  expect(clock.hear(server())).toBe(0);
  expect(error_ms()).toBe(0);
  // This time the server agrees.
  leap_ms = 1_200_000;
  expect(clock.mayHaveSlept()).toBe(true);
  expect(clock.hear(server() + 600_000)).toBeCloseTo(600_000, -1);
  clock.hear(server());
  // And once more, by the answer to a ping.
  ping(2);
  leap_ms = 1_800_000;
  expect(clock.mayHaveSlept()).toBe(true);
  ping(2);
  expect(error_ms()).toBe(0);
  expect(clock.hear(server())).toBe(0);
  // A clock that is put back is no sleep.
  leap_ms = 0;
  expect(clock.mayHaveSlept()).toBe(false);
  device.mockRestore();
});

it('knows from the server alone for how long the device slept', () => {
  expect(clock.hear(server() + 300)).toBe(0);
  expect(clock.hear(server() + 12_000)).toBeCloseTo(12_000, -1);
  expect(error_ms()).toBe(12_000);
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
  // Two seconds are three values at most: the one that was shown, and two more.
  for (const values of seen) expect([2, 3]).toContain(values.size);
  expect(clock.quarters[0]).toBe(clock.second);
});
