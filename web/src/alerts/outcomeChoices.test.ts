import { expect, it } from 'vitest';
import { outcomesFor } from './outcomeChoices';
import { later } from '../strings/later';

it('nobody is offered what cannot have been', () => {
  expect(outcomesFor('spo2_low')).toContain('sensor_resited');
  expect(outcomesFor('spo2_low')).not.toContain('bp_repeated');
  expect(outcomesFor('systolic_high')).toContain('bp_repeated');
  expect(outcomesFor('systolic_high')).not.toContain('sensor_resited');
  expect(outcomesFor('symptom')).not.toContain('sensor_resited');
  expect(outcomesFor('monitor_lost')).not.toContain('expected_effect');
});

it('every condition, also one that is not known yet, can be called something else, in words', () => {
  for (const condition of ['spo2_low', 'nibp_overdue', 'sedation', 'of_tomorrow', 'hr_falling']) {
    const offered = outcomesFor(condition);
    expect(offered).toContain('other');
    for (const one of offered) expect(Object.keys(later.outcomes)).toContain(one);
  }
});
