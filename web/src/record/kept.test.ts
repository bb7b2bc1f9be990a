import { expect, it } from 'vitest';
import { keep, KEPT_MAX, mayWait, readKept, SEND_WITHIN_MS, sort, type Kept } from './kept';

const one = (more: Partial<Kept> = {}): Kept => ({
  key: 'k1',
  session: 's1',
  by: 'KM',
  what: 'Nausea',
  at: 1_000,
  event: { type: 'symptom' },
  ...more,
});

it('keeps entries for the record, and nothing that decides something now', () => {
  const types = ['symptom', 'medication', 'note', 'start', 'discharge', 'pause', 'limits', 'check'];
  expect(types.map((type) => mayWait({ type }))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

it('comes back from the store as it was, with its key', () => {
  const event = { type: 'medication', drug: 'ondansetron', dose: 4, occurred_at: 900 };
  const kept = [one({ event })];
  expect(readKept(JSON.stringify(kept))).toEqual(kept);
});

it('is not led astray by a store that somebody else wrote', () => {
  expect(readKept(null)).toEqual([]);
  expect(readKept('{"a":1}')).toEqual([]);
  expect(readKept('not json')).toEqual([]);
  expect(readKept(JSON.stringify([one({ event: { type: 'start' } }), { key: 'x' }]))).toEqual([]);
});

it('keeps one entry once, and refuses what there is no room for', () => {
  expect(keep([one()], one())).toHaveLength(1);
  const full = Array.from({ length: KEPT_MAX }, (_, n) => one({ key: `k${n}` }));
  expect(keep(full, one({ key: 'more' }))).toBeNull();
});

it('sends under the name of who typed it alone, oldest first, and nothing that could count twice', () => {
  const all = [
    one({ key: 'b', at: 3_000 }),
    one({ key: 'a', at: 2_000 }),
    one({ key: 'tj', by: 'TJ', at: 2_500 }),
    one({ key: 'old', at: 2_000 - SEND_WITHIN_MS }),
  ];
  const { send, wait, old } = sort(all, 'KM', 3_500);
  expect(send.map(({ key }) => key)).toEqual(['a', 'b']);
  expect(wait.map(({ key }) => key)).toEqual(['tj']);
  expect(old.map(({ key }) => key)).toEqual(['old']);
  expect(sort(all, undefined, 3_500).send).toEqual([]);
});
