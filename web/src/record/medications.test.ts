import { expect, it } from 'vitest';
import { lastOf, readDrugs, wordsOf } from './medications';

const given = (at: number, drug: string, dose: number) => ({
  n: at,
  at,
  by: 'KM',
  drug,
  dose,
  unit: 'mg',
  route: 'iv',
});

it('reads the clinic’s list, in its order, with the usual dose', () => {
  const [first, second] = readDrugs({
    items: [
      { drug: 'ondansetron', unit: 'mg', route: 'iv', doses: [4, '8', 'x'], usual: 8 },
      { drug: 'midazolam', doses: [1, 2] },
      { unit: 'mg' },
    ],
  });
  expect(first).toEqual({ drug: 'ondansetron', unit: 'mg', route: 'iv', doses: [4, 8], usual: 8 });
  // No dose is called usual that the list does not.
  expect(second).toMatchObject({ drug: 'midazolam', usual: null });
  expect(readDrugs(null)).toEqual([]);
});

it('finds what was given last of a drug, whoever wrote it how', () => {
  const all = [given(2, 'Ondansetron', 8), given(1, 'ondansetron', 4), given(3, 'midazolam', 1)];
  const drug = readDrugs({ items: [{ drug: 'ondansetron', doses: [4] }] })[0]!;
  expect(lastOf(all, drug)?.dose).toBe(8);
  expect(lastOf([], drug)).toBeNull();
});

it('says a medicine as the record does', () => {
  expect(wordsOf('ondansetron', 4, 'mg', 'iv')).toBe('Ondansetron 4 mg IV');
  expect(wordsOf('paracetamol', null, 'mg', 'po')).toBe('Paracetamol PO');
});
