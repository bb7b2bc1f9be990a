import { expect, test } from 'vitest';
import { words } from '../strings/day';
import { recordFiles } from './files';

test('the REMS form is there for esketamine and for no other drug', () => {
  const keys = (drug: string) => recordFiles('s-1', drug).map(({ key }) => key);
  expect(keys('Esketamine ')).toContain('rems');
  for (const drug of ['ketamine', '', 'esketamine hydrochloride']) {
    expect(keys(drug)).not.toContain('rems');
  }
  expect([...keys('esketamine')].sort()).toEqual(Object.keys(words.files).sort());
});

test('a file is saved under the session, and what is shown is not saved', () => {
  const files = new Map(recordFiles('a/b', '').map((file) => [file.key, file]));
  expect(files.get('csv')).toEqual({
    key: 'csv',
    href: '/api/v1/sessions/a%2Fb/record.csv',
    save: 'a/b.csv',
  });
  expect(files.get('pdf')?.save).toBeNull();
});
