import { expect, it } from 'vitest';
import { readSession } from '../stream/wire';
import { courseOf } from './course';

const session = (more: object) => readSession({ id: 's1', phase: 'ready', ...more })!;

it('has a page of its own only where the server says that a gate is ahead', () => {
  expect(courseOf(session({ gates: [{ step: 'check_in', items: [] }] }))).toBe('before');
  expect(courseOf(session({ gates: [{ step: 'discharge', items: [] }] }))).toBe('leave');
  expect(courseOf(session({ gates: [] }))).toBeNull();
  expect(courseOf(session({}))).toBeNull();
  expect(courseOf(session({ gates: 'none' }))).toBeNull();
});
