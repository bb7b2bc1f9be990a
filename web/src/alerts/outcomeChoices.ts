// Which outcomes fit a condition. Pure.

import type { Wire } from '../stream/shapes';

type Outcomes = readonly Wire['Outcome'][];

const OF_PRESSURE: Outcomes = [
  'expected_effect',
  'bp_repeated',
  'clinician_called',
  'false_alert',
  'other',
];
const OF_PROBE: Outcomes = [
  'expected_effect',
  'sensor_resited',
  'clinician_called',
  'false_alert',
  'other',
];
const OF_STAFF: Outcomes = ['expected_effect', 'clinician_called', 'false_alert', 'other'];
const OF_CUFF: Outcomes = ['bp_repeated', 'sensor_resited', 'false_alert', 'other'];
const OF_SIGNAL: Outcomes = ['sensor_resited', 'false_alert', 'other'];
const OF_HELP: Outcomes = ['clinician_called', 'false_alert', 'other'];
/** Of links, clocks and the server itself: nobody touched the patient. */
const OF_MACHINES: Outcomes = ['false_alert', 'other'];

/** The conditions of the contract, in its order, each with what can have come of it. */
const FITTING: Readonly<Record<Wire['Condition'], Outcomes>> = {
  spo2_low: OF_PROBE,
  spo2_falling: OF_PROBE,
  hr_low: OF_PROBE,
  hr_high: OF_PROBE,
  hr_falling: OF_PROBE,
  systolic_low: OF_PRESSURE,
  systolic_high: OF_PRESSURE,
  diastolic_high: OF_PRESSURE,
  resp_rate_low: OF_PROBE,
  resp_rate_high: OF_PROBE,
  temp_high: OF_PROBE,
  reaction: OF_STAFF,
  symptom: OF_STAFF,
  sedation: OF_STAFF,
  distress: OF_STAFF,
  nibp_overdue: OF_CUFF,
  nibp_failed: OF_CUFF,
  spo2_no_value: OF_SIGNAL,
  hr_no_value: OF_SIGNAL,
  poor_signal: OF_SIGNAL,
  implausible_values: OF_SIGNAL,
  monitor_lost: OF_MACHINES,
  unstable_link: OF_MACHINES,
  device_conflict: OF_MACHINES,
  clock_skew: OF_MACHINES,
  unwatched: OF_MACHINES,
  recording_stopped: OF_MACHINES,
  alarm_path: OF_MACHINES,
  disk_low: OF_MACHINES,
  channel_down: OF_MACHINES,
  help: OF_HELP,
};

const OF: ReadonlyMap<string, Outcomes> = new Map(Object.entries(FITTING));

export const KNOWN: readonly string[] = [...OF.keys()];

/** Nobody has to read past what cannot have been; of a newer server's conditions all may have. */
export function outcomesFor(condition: string): Outcomes {
  return OF.get(condition) ?? [...new Set([...OF_PRESSURE, ...OF_PROBE])];
}
