import { describe, expect, it } from 'vitest';
import { badDose, itemOf, lineOf, readDestination, readList, readPerson } from './read';

describe('a list of the clinic', () => {
  const line = {
    drug: ' ondansetron ',
    doses: '4, 8',
    usual: '',
    unit: 'mg',
    route: 'iv',
    text: '',
  };

  it('is read with its doses as they are typed, and sent with them as numbers', () => {
    const raw = { drug: 'ondansetron', doses: [4, 8.5], unit: 'mg', route: 'iv' };
    const read = readList({ version: 3, changed: { by: 'AB', at: 5 }, items: [raw, 'odd'] });
    expect(read).toMatchObject({ version: 3, by: 'AB', at: 5 });
    expect(read.lines[0]?.doses).toBe('4, 8.5');
    expect(itemOf(line, true)).toEqual({
      drug: 'ondansetron',
      doses: [4, 8],
      unit: 'mg',
      route: 'iv',
    });
    expect(itemOf({ ...line, text: ' call bell ' }, false)).toEqual({ text: 'call bell' });
  });

  it('keeps the usual dose as long as it is one of those offered', () => {
    const raw = { drug: 'ondansetron', doses: [4, 8], usual: 8, unit: 'mg', route: 'iv' };
    const [read] = readList({ version: 1, changed: null, items: [raw] }).lines;
    expect(read && itemOf(read, true)).toEqual(raw);
    expect(itemOf({ ...line, doses: '4', usual: '8' }, true)).not.toHaveProperty('usual');
  });

  it('names the dose that is none, before anything is sent', () => {
    expect(badDose('4, 8; 0.5')).toBe(null);
    expect(badDose('4, x')).toBe('x');
    expect(badDose('4 mg')).toBe('mg');
    expect(badDose(' ')).toBe(' ');
  });

  it('knows of which line a refusal speaks', () => {
    expect([lineOf('items[2].unit'), lineOf('items'), lineOf('')]).toEqual([2, null, null]);
  });
});

it('of somebody without an id nothing is shown', () => {
  expect(readPerson({ name: 'KM' })).toBe(null);
  expect(readPerson({ id: 'KM', name: 'KM', role: 'nurse' })).toMatchObject({
    pin: false,
    active: false,
  });
});

describe('a system of the hospital', () => {
  it('is read with what it refused, and what is odd is left out', () => {
    const refused = { id: '7', session: 's-1', at: 5, tries: 5, why: 'error (AE)\u0007', odd: 1 };
    const read = readDestination({
      name: 'EHR',
      kind: 'fhir',
      waiting: 'many',
      not_reached_since: 9,
      is_lost: 'yes',
      set_aside: [refused, { id: '8' }, null],
    });
    expect(read).toMatchObject({ name: 'EHR', waiting: 0, notReached: 9, isLost: false, why: '' });
    expect(read?.setAside).toEqual([
      { id: '7', session: 's-1', at: 5, tries: 5, why: 'error (AE)', isCorrection: false },
    ]);
    expect(readDestination({ kind: 'fhir' })).toBeNull();
  });
});
