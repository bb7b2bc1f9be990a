// Which outcomes fit a condition. Pure.

const OF_PRESSURE = ['expected_effect', 'bp_repeated', 'clinician_called', 'false_alert', 'other'];
const OF_PROBE = ['expected_effect', 'sensor_resited', 'clinician_called', 'false_alert', 'other'];
const OF_STAFF = ['expected_effect', 'clinician_called', 'false_alert', 'other'];
const OF_CUFF = ['bp_repeated', 'sensor_resited', 'false_alert', 'other'];
const TECHNICAL = ['sensor_resited', 'false_alert', 'other'];

/** Nobody has to read past what cannot have been. */
export function outcomesFor(condition: string): readonly string[] {
  if (/^(systolic|diastolic)_/.test(condition)) return OF_PRESSURE;
  if (/^nibp_/.test(condition)) return OF_CUFF;
  if (/^(symptom|sedation|distress|reaction|help)/.test(condition)) return OF_STAFF;
  if (/^(spo2|hr|resp_rate|temp)_(low|high|falling)$/.test(condition)) return OF_PROBE;
  return TECHNICAL;
}
