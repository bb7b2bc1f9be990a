import { expect, it } from 'vitest';
import { KNOWN, outcomesFor } from './outcomeChoices';
import { later } from '../strings/later';

it('every condition has its own set, of outcomes that are said in words', () => {
  // That none of the server's conditions is missing here, the type of the table says.
  for (const condition of KNOWN) {
    const offered = outcomesFor(condition);
    expect(offered.at(-1), condition).toBe('other');
    expect(offered, condition).toContain('false_alert');
    expect(new Set(offered).size).toBe(offered.length);
    for (const one of offered) expect(Object.keys(later.outcomes)).toContain(one);
  }
});

it.each([
  ['spo2_low', ['expected_effect', 'sensor_resited', 'clinician_called', 'false_alert', 'other']],
  ['hr_falling', ['expected_effect', 'sensor_resited', 'clinician_called', 'false_alert', 'other']],
  ['systolic_high', ['expected_effect', 'bp_repeated', 'clinician_called', 'false_alert', 'other']],
  ['symptom', ['expected_effect', 'clinician_called', 'false_alert', 'other']],
  ['nibp_overdue', ['bp_repeated', 'sensor_resited', 'false_alert', 'other']],
  ['spo2_no_value', ['sensor_resited', 'false_alert', 'other']],
  ['monitor_lost', ['false_alert', 'other']],
  ['disk_low', ['false_alert', 'other']],
  ['help', ['clinician_called', 'false_alert', 'other']],
])('of %s nobody is offered what cannot have been', (condition, expected) => {
  expect(outcomesFor(condition)).toEqual(expected);
});

it('a condition of tomorrow may have had any outcome', () => {
  expect([...outcomesFor('of_tomorrow')].sort()).toEqual(Object.keys(later.outcomes).sort());
});
