import { expect, it } from 'vitest';
import { gapIn, givenAt, lastIndex, levelOf, limitsAt, nextAlert, spreadOf, valueAt } from './at';
import { apart, originals, scaleOf } from './places';
import { merged, readCourse, type Course, type Curve } from './read';
import { alignedTo, besideAt, besideOf, rowAt, rowsOf } from './rows';
import { cellText, happenedText, pressureText, timeText } from './Rows';
import { thinned } from './thinned';

const START = Date.parse('2026-11-27T09:05:00Z');
const min = (minutes: number) => START + minutes * 60_000;

/** What `record.json` gives: a course from 5 min before the start to 30 min after it. */
export function record(more: object = {}): object {
  const at = Array.from({ length: 35 * 60 }, (_, second) => min(-5) + second * 1_000);
  const isGone = (time: number) => time >= min(2) && time < min(3);
  const kept = at.filter((time) => !isGone(time));
  return {
    header: {
      session: 's-1',
      opened_at: min(-5),
      started_at: min(0),
      ended_at: min(30),
      patient: { number: 3 },
    },
    stated: { series: { number: 3, of: 6 } },
    lacks: [{ kind: 'blind', text: 'The program was away for 2 min.' }],
    trends: [
      {
        vital: 'spo2',
        at: kept,
        values: kept.map((time) => (time >= min(10) && time < min(11) ? 88 : 97)),
        absences: [{ from: min(2), to: min(3), text: 'Sensor off' }],
      },
    ],
    pressures: [
      { at: min(-3), systolic: 126, diastolic: 78, source: { is: 'monitor', device: 'm' } },
      { at: min(5), systolic: 172, diastolic: 98, source: { is: 'by_hand', by: 'KM', n: 4 } },
    ],
    by_hand: [{ at: min(2.5), vital: 'spo2', value: 95, by: 'KM', n: 5 }],
    corrections: [
      {
        of: min(5),
        at: min(6),
        by: 'KM',
        original: 'BP 127/98',
        now: 'BP 172/98',
        reason: 'typed',
      },
    ],
    phases: [
      { phase: 'checked_in', from: min(-5), to: min(-4) },
      { phase: 'ready', from: min(-4), to: min(0) },
      { phase: 'infusing', from: min(0), to: min(20) },
      { phase: 'recovery', from: min(20), to: min(30) },
      { phase: 'discharged', from: min(30), to: null },
    ],
    events: [
      { n: 1, at: min(-5), type: 'open', by: '', text: 'Session opened', withdrawn: null },
      { n: 2, at: min(0), type: 'start', by: 'KM', text: 'Infusion started', withdrawn: null },
      { n: 2, at: min(1), type: 'task', by: '', text: 'BP due', withdrawn: null },
      {
        n: 3,
        at: min(7),
        type: 'note',
        by: 'KM',
        text: 'Asleep',
        withdrawn: { by: 'TJ', at: min(8), reason: null },
      },
      { n: 4, at: min(20), type: 'stop', by: 'KM', text: 'Infusion ended', withdrawn: null },
    ],
    alerts: [
      {
        id: 'a2',
        condition: 'spo2_low',
        priority: 'high',
        text: 'SpO2 low, worst 88 (limit 89)',
        raised_at: min(10.5),
        worst_at: min(10),
        ended_at: min(11.5),
        taken: [{ by: 'KM', at: min(10.6), after_ms: 6_000 }],
        outcome: null,
      },
      { id: 'a1', condition: 'x', priority: 'low', text: 'X', raised_at: min(4), taken: [] },
      { id: 'a3', condition: 'x', priority: 'of tomorrow', text: 'X', raised_at: min(4) },
    ],
    limits: [
      { from: min(-5), caution: { spo2: { low: 92 } }, urgent: { spo2: { low: 89 } }, extreme: {} },
      { from: min(15), caution: { spo2: { low: 88 } }, urgent: { spo2: { low: 85 } }, extreme: {} },
    ],
    summary: { baseline: { systolic: 126, spo2: 97, heart_rate: null } },
    infusion: {
      started_at: min(0),
      ended_at: min(20),
      runs: [
        { from: min(0), to: min(10), rate_ml_h: 75, mg_at_end: 12 },
        { from: min(12), to: min(20), rate_ml_h: 75, mg_at_end: 20 },
      ],
      doses: [{ at: min(4), mg: 2 }],
    },
    table: [
      {
        at: min(-3),
        pressure: { at: min(-3), systolic: 126, diastolic: 78 },
        spo2: 97,
        by_hand: [],
      },
      { at: min(5), pressure: null, heart_rate: 80, spo2: 97, by_hand: ['heart_rate'], notes: [] },
    ],
    ...more,
  };
}
const course = (more: object = {}) => readCourse(record(more)) as Course;

it('draws what came late apart, and reads nothing off it', () => {
  const reading = (minute: number, rest: object) => ({
    at: min(minute),
    heard_at: min(9),
    vital: 'spo2',
    device: 'm',
    value: null,
    systolic: null,
    diastolic: null,
    ...rest,
  });
  const { late, spo2, pressures } = course({
    late: [
      reading(4, { value: 71 }),
      reading(3, { value: 72 }),
      reading(5, { vital: 'nibp', systolic: 141, diastolic: 90 }),
      reading(6, { vital: 'temp', value: 37 }),
      7,
    ],
  });
  expect(late.spo2).toEqual({ at: [min(3), min(4)], values: [72, 71], gaps: [] });
  expect(late.hr.at).toEqual([]);
  expect(late.pressures.map(({ systolic }) => systolic)).toEqual([141]);
  expect(late.came_at).toBe(min(9));
  expect(spo2.values).not.toContain(71);
  expect(pressures).toHaveLength(2);
  expect(course().late.came_at).toBeNull();
});

it('reads a record, and believes nothing of what is none', () => {
  const { phases, events, alerts, baseline, spo2, lacks, number, of } = course();
  expect(phases.map(({ phase }) => phase)).toEqual(['baseline', 'infusing', 'recovery']);
  // The numbers are those of the printed record.
  expect(events.map(({ number: is }) => is)).toEqual([null, 1, null, 2, 3]);
  expect(alerts.map(({ id, worst_at }) => [id, worst_at])).toEqual([
    ['a1', min(4)],
    ['a2', min(10)],
  ]);
  expect([baseline, number, of]).toEqual([{ systolic: 126, spo2: 97 }, 3, 6]);
  expect([spo2.at.length, spo2.gaps.length, lacks.length]).toEqual([34 * 60, 1, 1]);
  expect(readCourse(null)).toBeNull();
  expect(readCourse({ header: { session: 's-1' } })).toBeNull();
  const odd = course({ trends: [{ vital: 'spo2', at: [2, 'x', 1], values: [97, 98, 99] }, 7] });
  expect(odd.spo2).toEqual({ at: [2], values: [97], gaps: [] });
  expect(course({ trends: null, pressures: 'x', events: {}, table: 0 }).lines).toEqual([]);
});

it('takes the rate of the finger clip only where the ECG gave none', () => {
  const ecg: Curve = {
    at: [10, 20, 50],
    values: [70, 71, 72],
    gaps: [{ from: 20, to: 50, why: 'Electrode off' }],
  };
  const pulse: Curve = { at: [5, 15, 30, 60], values: [80, 81, 82, 83], gaps: [] };
  expect(merged(ecg, pulse)).toEqual({
    at: [5, 10, 20, 30, 50, 60],
    values: [80, 70, 71, 82, 72, 83],
    gaps: [],
  });
});

it('has what was so at a moment, and says why there was no value', () => {
  const { spo2 } = course();
  expect(valueAt(spo2, min(1))).toEqual({ value: 97, why: '' });
  expect(valueAt(spo2, min(2.5))).toEqual({ value: null, why: 'Sensor off' });
  // A value is current for ten seconds.
  const last = spo2.at.at(-1) ?? 0;
  expect(valueAt(spo2, last + 10_000).value).toBe(97);
  expect(valueAt(spo2, last + 10_001).value).toBeNull();
  expect(valueAt(spo2, min(-6)).value).toBeNull();
  expect(lastIndex([1, 2, 2, 3], 2)).toBe(2);
  expect(spreadOf(spo2, min(9.5), min(10.5))).toEqual({ median: 93, low: 88, high: 97 });
  expect(spreadOf(spo2, min(2), min(3))).toBeNull();
  expect(gapIn(spo2, min(2.5), min(10))).toBe(30_000);
});

it('says how much had been given: by the rate, and what came at once when it came', () => {
  const one = course();
  expect(givenAt(one, min(-1))).toBe(0);
  expect(givenAt(one, min(2))).toBe(2);
  expect(givenAt(one, min(5))).toBe(7);
  expect(givenAt(one, min(11))).toBe(12);
  expect(givenAt(one, min(16))).toBe(16);
  expect(givenAt(one, min(29))).toBe(20);
  const sprays = course({
    infusion: { runs: [{ from: min(0), mg_at_end: 56 }], doses: [{ at: min(0), mg: 28 }] },
  });
  expect(givenAt(sprays, min(3))).toBe(28);
  const unknown = course({ infusion: { runs: [{ from: min(0), to: min(9) }], doses: [] } });
  expect(givenAt(unknown, min(3))).toBeNull();
});

it('judges a value by the limits of its time', () => {
  const { limits } = course();
  expect(levelOf(limitsAt(limits, min(1)), 'spo2', 92)).toBe(1);
  expect(levelOf(limitsAt(limits, min(1)), 'spo2', 89)).toBe(2);
  expect(levelOf(limitsAt(limits, min(16)), 'spo2', 89)).toBe(0);
  expect(levelOf(limitsAt(limits, min(-9)), 'spo2', 70)).toBe(0);
  expect(levelOf(limitsAt(limits, min(1)), 'systolic', 220)).toBe(0);
});

it('goes from alert to alert, and from the cursor where none is chosen', () => {
  const { alerts } = course();
  expect(nextAlert(alerts, null, min(5), 1)?.id).toBe('a2');
  expect(nextAlert(alerts, null, min(5), -1)?.id).toBe('a1');
  expect(nextAlert(alerts, 'a1', min(9), 1)?.id).toBe('a2');
  expect(nextAlert(alerts, 'a2', min(9), 1)).toBeNull();
});

it('draws as many points as can be seen, with the lowest of each, and breaks at a gap', () => {
  const { spo2 } = course();
  const points = thinned(spo2, { from: min(-5), to: min(30) }, 100);
  expect(points.length).toBeLessThan(410);
  expect(Math.min(...points.flatMap(({ value }) => value ?? []))).toBe(88);
  expect(points.filter(({ value }) => value === null)).toHaveLength(1);
  expect(points.every(({ at }, index) => index === 0 || at >= (points[index - 1]?.at ?? 0))).toBe(
    true,
  );
  // Also without a word in the record, and with one value before the window so that a line comes in.
  const sparse: Curve = { at: [0, 1_000, 60_000, 61_000], values: [1, 2, 3, 4], gaps: [] };
  expect(thinned(sparse, { from: 500, to: 60_500 }, 1_000)).toEqual([
    { at: 0, value: 1 },
    { at: 1_000, value: 2 },
    { at: 1_001, value: null },
    { at: 60_000, value: 3 },
    { at: 61_000, value: 4 },
  ]);
});

it('has a row for each reading and for what was done or worst between two', () => {
  const rows = rowsOf(course(), 'readings');
  expect(rows.map(({ at }) => timeText(at))).toEqual([
    '09:02',
    '09:05',
    '09:09',
    '09:10',
    '09:12',
    '09:15',
    '09:25',
  ]);
  const texts = rows.map(happenedText);
  expect(texts[0]).toBe('Session opened');
  expect(texts[1]).toBe('1 Infusion started');
  expect(texts[3]).toBe('BP 172/98 (corrected, was BP 127/98)');
  expect(texts[4]).toBe('2 Asleep, withdrawn');
  expect(texts[5]).toBe('Alert: SpO₂ low, worst 88 (limit 89)');
  expect(cellText(rows[3]?.hr ?? ({} as never))).toBe('80 by hand');
  expect(rows[5]?.spo2.value).toBe(88);
  expect(rowAt(rows, min(6.9))).toBe(3);
});

it('has a row for each minute, with what is missing', () => {
  const rows = rowsOf(course(), 1);
  expect(rows).toHaveLength(35);
  const gone = rows.find(({ at }) => at === min(2));
  expect(cellText(gone?.spo2 ?? ({} as never))).toBe('95 by hand, none for 1:00');
  const five = rowsOf(course(), 5).find(({ at }) => at === min(10));
  expect(cellText(five?.spo2 ?? ({} as never))).toBe('97 (88\u2060–\u206097)');
  const cuffs = rows.find(({ at }) => at === min(5))?.pressures ?? [];
  expect(cuffs.map(pressureText)).toEqual(['172/98 by hand']);
  expect(rowsOf(course({ table: [] }), 'readings').length).toBe(5);
});

it('lays another session under this one as if both had started together', () => {
  const other = course({ header: { session: 's-0', opened_at: min(-65), ended_at: min(-20) } });
  const aligned = alignedTo({ ...other, started_at: min(-60) }, min(0));
  expect([aligned.from, aligned.started_at]).toEqual([min(-5), min(0)]);
  expect(aligned.pressures[0]?.at).toBe(min(57));
  const under = alignedTo(course(), min(0));
  expect(besideAt(under, min(5))).toMatchObject({
    pressure: { systolic: 172 },
    spo2: 97,
    hr: null,
  });
  expect(besideAt(under, min(40))).toBeNull();
  // A pressure is beside one of this session, and not beside every row that follows it.
  const beside = rowsOf(course(), 'readings').map((row) => besideOf(under, row, 'readings'));
  expect(beside.map((one) => one?.pressure?.systolic ?? null)).toEqual([
    126,
    ...Array.from({ length: 6 }, () => null),
  ]);
  const minutes = rowsOf(course(), 1).filter((row) => besideOf(under, row, 1)?.pressure != null);
  expect(minutes.map(({ at }) => at)).toEqual([min(-3), min(5)]);
});

it('keeps one scale for the whole session, with what was corrected on it', () => {
  const one = course();
  expect(originals(one)).toEqual([{ at: min(5), systolic: 127, diastolic: 98, withdrawn: true }]);
  expect(scaleOf('bp', [one])).toEqual([70, 190]);
  const high = course({
    corrections: [{ of: min(5), at: min(6), by: 'm', original: 'BP 221/130', now: null }],
  });
  expect(scaleOf('bp', [high])).toEqual([70, 230]);
  expect(scaleOf('spo2', [one])).toEqual([85, 100]);
});

it('moves labels apart that would lie on each other, inside their box', () => {
  const box = { left: 0, top: 10, width: 10, height: 90 };
  const labels = [96, 95, 20].map((y) => ({ y, text: String(y) }));
  expect(apart(labels, 17, box).map(({ y, text }) => [text, y])).toEqual([
    ['20', 20],
    ['95', 83],
    ['96', 100],
  ]);
});
