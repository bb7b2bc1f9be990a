import { expect, it } from 'vitest';
import { calledText } from './Called';
import { outcomesFor } from './outcomeChoices';
import { readAlert } from '../stream/wire';

const AT = Date.UTC(2026, 10, 30, 10, 32);

function said(more: object): string {
  const raw = { id: 'a1', room: '3', priority: 'high', state: 'active', ...more };
  const alert = readAlert({ escalated: 1, escalated_at: AT, ...raw });
  if (alert === null) throw new Error('not an alert');
  return calledText(alert);
}

it('says who was called, and when', () => {
  expect(said({})).toMatch(/^Escalated — second nurse called \d\d:32$/);
  expect(said({ escalated: 2 })).toMatch(/^Escalated — prescriber called \d\d:32$/);
});

it('of a medium alert says that nobody has it, and calls nobody', () => {
  expect(said({ priority: 'medium' })).toBe('Nobody has it yet');
});

it('says nothing once somebody has it, when it is over, and while nobody was called', () => {
  expect(said({ acknowledged: { by: 'KM', at: AT } })).toBe('');
  expect(said({ state: 'latched' })).toBe('');
  expect(said({ escalated: 0, escalated_at: null })).toBe('');
  expect(said({ escalated: undefined })).toBe('');
});

it('a call for help is not asked about the probe', () => {
  expect(outcomesFor('help')).toContain('clinician_called');
  expect(outcomesFor('help')).not.toContain('sensor_resited');
});
