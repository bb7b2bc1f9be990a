import { describe, expect, it } from 'vitest';
import { hourMinute } from '../format';
import { allCuffs, emptyHistory, extend, handPoints, type Window } from './history';
import type { Reading } from '../stream/shapes';
import { readSession } from '../stream/wire';
import { phasesOf } from './phases';
import { rowsOf } from './rows';
import { cellText, cuffText } from './Table';

const MINUTE_MS = 60_000;
const window: Window = { from: 0, to: 60 * MINUTE_MS };

const reading = (vital: string, at: number, rest: Partial<Reading>): Reading => ({
  vital,
  quality: 'good',
  taken_at: at,
  received_at: at,
  ...rest,
});

/** Ten minutes of values every 5 s, with nothing from 2:00 to 3:30. */
function history() {
  const made = emptyHistory();
  for (let at = 0; at < 10 * MINUTE_MS; at += 5_000) {
    if (at > 2 * MINUTE_MS && at < 3.5 * MINUTE_MS) continue;
    extend(made, reading('spo2', at, { value: 95 + (at % 3) }));
  }
  extend(made, reading('nibp', 6 * MINUTE_MS, { systolic: 122, diastolic: 74 }));
  return made;
}

it('gives the newest value of each row, its range, and how long there was none', () => {
  const rows = rowsOf(history(), window, 10 * MINUTE_MS, 5 * MINUTE_MS);
  expect(rows.map(({ from }) => from / MINUTE_MS)).toEqual([5, 0]);
  expect(rows[1]?.spo2).toEqual({ last: 96, low: 95, high: 97, gap_ms: 90_000 - 1 });
  expect(rows[0]?.spo2.gap_ms).toBe(0);
  expect(rows[0]?.cuffs).toHaveLength(1);
  expect(rows[1]?.cuffs).toEqual([]);
});

it('has a row for every minute, also for one without a value', () => {
  const rows = rowsOf(history(), window, 10 * MINUTE_MS, MINUTE_MS).reverse();
  expect(rows).toHaveLength(10);
  const text = rows.map(({ spo2 }) => cellText(spo2));
  expect(text[0]).toBe('96 (95\u2060–\u206097)');
  expect(text[2]).toMatch(/no value for 0:59$/);
  expect(text[3]).toMatch(/no value for 0:30$/);
  expect(cellText(rows[5]!.hr)).toBe('no value');
});

it('says of an absence that goes on that it goes on', () => {
  const made = emptyHistory();
  extend(made, reading('spo2', 0, { value: 97 }));
  extend(made, reading('spo2', 5_000, { absent: 'sensor_off' }));
  const [row] = rowsOf(made, window, MINUTE_MS, MINUTE_MS);
  expect(row?.spo2).toMatchObject({ last: 97, gap_ms: 55_000 });
});

describe('what the monitor corrects or takes back', () => {
  const at = 6 * MINUTE_MS;
  const later_ms = 3 * MINUTE_MS;

  it('is drawn in its own moment, and the earlier value beside it', () => {
    const made = history();
    const late = { received_at: at + later_ms };
    extend(made, reading('spo2', at, { value: 91, corrected: true, ...late }));
    extend(made, reading('spo2', at + 5_000, { withdrawn: true, absent: 'invalid', ...late }));
    expect(made.takenBack.map(({ of, at: time }) => [of, time])).toEqual([
      ['spo2', at],
      ['spo2', at + 5_000],
    ]);
    expect(made.spo2.find((point) => point.at === at)).toMatchObject({ value: 91 });
    expect(made.spo2.find((point) => point.at === at + 5_000)).toMatchObject({ value: null });
    // Each frame that says so again changes nothing.
    extend(made, reading('spo2', at, { value: 91, corrected: true, ...late }));
    expect(made.takenBack).toHaveLength(2);
    const row = rowsOf(made, window, 10 * MINUTE_MS, MINUTE_MS).find(({ from }) => from === at)!;
    expect(cellText(row.spo2)).toMatch(/^9\d \(91\D+97\) corrected, 9\d withdrawn, 9\d withdrawn$/);
  });

  it('is found by the time of a monitor whose clock is wrong', () => {
    const made = emptyHistory();
    const clock = { taken_at: 7 };
    extend(made, { ...reading('spo2', at, { value: 72 }), ...clock });
    const right = reading('spo2', at + later_ms, { value: 96, corrected: true });
    extend(made, { ...right, ...clock });
    expect(made.spo2).toMatchObject([{ at, value: 96 }]);
    expect(made.takenBack).toEqual([{ of: 'spo2', at, value: 72 }]);
  });

  it('is a value like any when what it corrects never came', () => {
    const made = emptyHistory();
    extend(made, reading('spo2', at, { value: 96, corrected: true }));
    extend(made, reading('spo2', at + 1_000, { withdrawn: true, absent: 'invalid' }));
    expect(made).toMatchObject({ spo2: [{ at, value: 96 }], takenBack: [] });
  });

  it('is a pressure that stays in the list, struck through', () => {
    const made = history();
    const late = { received_at: at + later_ms };
    const right = { systolic: 124, diastolic: 78, corrected: true, ...late };
    extend(made, reading('nibp', at, right));
    extend(made, reading('nibp', at, right));
    expect(made.bp).toEqual([
      { at, systolic: 122, diastolic: 74, withdrawn: true },
      { at, systolic: 124, diastolic: 78, corrected: true },
    ]);
    const [row] = rowsOf(made, window, 10 * MINUTE_MS, 5 * MINUTE_MS);
    const time = hourMinute(at);
    expect(cuffText(row!)).toBe(`122/74 at ${time} withdrawn, 124/78 at ${time} corrected`);
    extend(made, reading('nibp', at, { absent: 'invalid', withdrawn: true, ...late }));
    expect(made.bp.map(({ withdrawn }) => withdrawn)).toEqual([true, true]);
  });
});

it('has no rows before the first value', () => {
  expect(rowsOf(emptyHistory(), window, 10 * MINUTE_MS, MINUTE_MS)).toEqual([]);
});

const event = (at: number, type: string) => ({ n: at, at: at * MINUTE_MS, type, by: 'KM' });

function phases(phase: string, phase_since: number, events: object[]) {
  const session = readSession({
    id: 's',
    opened_at: 0,
    phase,
    phase_since: phase_since * MINUTE_MS,
    events,
  });
  if (session === null) throw new Error('no session');
  return phasesOf(session, 60 * MINUTE_MS).map((one) => [
    one.phase,
    one.from / MINUTE_MS,
    one.to / MINUTE_MS,
  ]);
}

it('derives the phases from what was recorded, without holes', () => {
  const events = [
    event(10, 'accept_baseline'),
    event(15, 'start'),
    event(20, 'pause'),
    event(22, 'resume'),
    event(25, 'score'),
    event(50, 'stop'),
  ];
  expect(phases('recovery', 50, events)).toEqual([
    ['baseline', 0, 10],
    ['ready', 10, 15],
    ['infusing', 15, 20],
    ['paused', 20, 22],
    ['infusing', 22, 50],
    ['recovery', 50, 60],
  ]);
});

it('believes the server about the phase of now, whatever the events are', () => {
  expect(phases('of_tomorrow', 30, [event(15, 'start')])).toEqual([
    ['baseline', 0, 15],
    ['infusing', 15, 30],
    ['of_tomorrow', 30, 60],
  ]);
  expect(phases('infusing', 15, [])).toEqual([
    ['baseline', 0, 15],
    ['infusing', 15, 60],
  ]);
});

it('draws what people measured from the list, in its order of time, also what was withdrawn', () => {
  const made = emptyHistory();
  extend(made, reading('nibp', 5 * MINUTE_MS, { systolic: 122, diastolic: 74 }));
  // As the stream sends it: it is in the list already.
  extend(made, reading('nibp', 6 * MINUTE_MS, { systolic: 150, diastolic: 90, manual: true }));
  const session = readSession({
    id: 's',
    events: [
      { ...event(3, 'manual_vitals'), values: { systolic: 118, diastolic: 72, heart_rate: 71 } },
      {
        ...event(6, 'manual_vitals'),
        values: { systolic: 150, diastolic: 90 },
        withdrawn: { by: 'TJ', at: 7 * MINUTE_MS },
      },
      { ...event(8, 'manual_vitals'), values: { systolic: 119 } },
    ],
  });
  const events = session?.events ?? [];
  expect(
    allCuffs(made, events).map(({ systolic, hand }) => [systolic, hand?.by, hand?.withdrawn]),
  ).toEqual([
    [118, 'KM', false],
    [122, undefined, undefined],
    [150, 'KM', true],
  ]);
  expect(handPoints(events, 'heart_rate')).toEqual([
    { at: 3 * MINUTE_MS, value: 71, by: 'KM', withdrawn: false },
  ]);
});

it('a patient who may leave is in recovery all the time, and a second device begins nothing', () => {
  const events = [event(5, 'check_in'), event(10, 'spray'), event(15, 'spray')];
  expect(phases('ready_to_leave', 15, events)).toEqual([
    ['baseline', 5, 10],
    ['infusing', 10, 15],
    ['recovery', 15, 60],
  ]);
});
