import { expect, test } from 'vitest';
import { readUnknown, unknownText, type Unknown } from './unknownCodes';

const unknown = (code: string, unit = '', name = '', count = 1): Unknown => ({
  code,
  unit,
  name,
  count,
});

test('what is not understood is named with its unit, the most frequent first', () => {
  const text = unknownText([unknown('52', '', 'Height', 3), unknown('PEEP', 'cmH2O', '', 9)]);
  expect(text).toBe('Sends PEEP cmH2O · 52 (Height), not understood');
});

test('of many the rest is counted, and of none nothing is said', () => {
  const many = Array.from({ length: 32 }, (_, n) => unknown(`X${n}`));
  expect(unknownText(many)).toBe('Sends X0 · X1 · X2 · X3 · X4 · X5 and 26 more, not understood');
  expect(unknownText([])).toBeNull();
});

test('an entry is read whatever it lacks, unless it names nothing', () => {
  expect(readUnknown({ code: 'PEEP', unit: 'cmH2O', count: 2, last_at: 5 })).toEqual(
    unknown('PEEP', 'cmH2O', '', 2),
  );
  expect(readUnknown({ name: 'Speed' })).toEqual(unknown('', '', 'Speed', 0));
  for (const raw of [null, 'PEEP', {}, { unit: '%' }, []]) expect(readUnknown(raw)).toBeNull();
});
