import { expect, test } from 'vitest';
import { mayRemove, readKeeping } from './keeping';

test('what became of a record is read, and nothing of what is missing or of another kind', () => {
  const removal = { at: 5, by: null, reason: 'Older than 2 days, as configured.' };
  const kept = readKeeping({ state: 'deleted', ended_at: 4, sealed_at: '7', deleted: removal });
  expect(kept).toEqual({
    ended_at: 4,
    seal_due_at: null,
    sealed_at: null,
    delete_due_at: null,
    redacted: null,
    deleted: removal,
  });
  expect(readKeeping(null).deleted).toBe(null);
});

test('a lead and above may remove, by their own sign-in or where they act', () => {
  const role = (name: string) => ({ role: name });
  expect(mayRemove(null, role('nurse'))).toBe(false);
  expect(mayRemove(null, undefined)).toBe(false);
  for (const name of ['lead', 'prescriber', 'admin']) {
    expect(mayRemove(null, role(name))).toBe(true);
    expect(mayRemove(role(name), role('nurse'))).toBe(true);
  }
});
