import { expect, it } from 'vitest';
import { amount, givenAt, nextSpray } from './dose';
import { readCare } from './read';

const MIN = 60_000;
const { given, order } = readCare({
  given: {
    at: 0,
    mg: '17.5',
    ml: 25,
    mg_per_kg: 0.25,
    percent: 50,
    mg_min: 0.875,
    rate_ml_h: 75,
    ends_at: 20 * MIN,
  },
  order: { mg: 35, weight_kg: 70, ml: 50, minutes: 40 },
});

it('moves every figure of what was given on by the rate', () => {
  const later = givenAt(given!, order, 8 * MIN);
  expect(later.mg).toBeCloseTo(24.5);
  expect(later.ml).toBeCloseTo(35);
  expect(later.mg_per_kg).toBeCloseTo(0.35);
  expect(later.percent).toBeCloseTo(70);
});

it('counts no more once the bag is empty, and nothing backwards', () => {
  expect(givenAt(given!, order, 500 * MIN).mg).toBeCloseTo(35);
  expect(givenAt(given!, order, -5 * MIN).mg).toBe(17.5);
});

it('counts nothing while nothing runs, and leaves unknown what is unknown', () => {
  const still = { ...given!, mg_min: null };
  expect(givenAt(still, order, 8 * MIN)).toBe(still);
  expect(givenAt({ ...given!, ml: null }, null, MIN).ml).toBeNull();
  expect(givenAt({ ...given!, percent: null }, order, MIN).percent).toBeNull();
});

it('writes an amount with as many places as it is good for', () => {
  expect([0.225, 17.5, 75, 120.4, 0.5, 0].map(amount)).toEqual([
    '0.23',
    '17.5',
    '75',
    '120',
    '0.5',
    '0',
  ]);
});

it('lets the next device wait from the last one, and asks for none beyond the order', () => {
  const sprays = { device_mg: 28, apart_s: 300 };
  const ordered = { ...order!, mg: 84 };
  const one = { doses: [{ at: MIN, mg: 28 }], order: ordered };
  expect(nextSpray(one, sprays)).toEqual({ number: 2, of: 3, from: 6 * MIN });
  const all = { doses: [1, 2, 3].map((at) => ({ at, mg: 28 })), order: ordered };
  expect(nextSpray(all, sprays)).toBeNull();
  expect(nextSpray({ doses: [], order: null }, sprays)).toEqual({ number: 1, of: null, from: 0 });
});
