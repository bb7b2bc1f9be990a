import { expect, it } from 'vitest';
import { fitting } from './fitting';
import { later } from './strings/later';

it('nobody is offered what cannot have been', () => {
  expect(fitting('spo2_low')).toContain('sensor_resited');
  expect(fitting('spo2_low')).not.toContain('bp_repeated');
  expect(fitting('systolic_high')).toContain('bp_repeated');
  expect(fitting('systolic_high')).not.toContain('sensor_resited');
  expect(fitting('symptom')).not.toContain('sensor_resited');
  expect(fitting('monitor_lost')).not.toContain('expected_effect');
});

it('every condition, also one of tomorrow, can be told to be something else, in words', () => {
  for (const condition of ['spo2_low', 'nibp_overdue', 'sedation', 'of_tomorrow', 'hr_falling']) {
    const offered = fitting(condition);
    expect(offered).toContain('other');
    for (const one of offered) expect(Object.keys(later.outcomes)).toContain(one);
  }
});
