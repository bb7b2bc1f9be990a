import { describe, expect, it } from 'vitest';
import {
  cameBack,
  foremost,
  goingThere,
  loudest,
  message,
  numeralOf,
  pausedUntil,
  short,
  sorted,
  standingSince,
  worstAt,
} from './alerts';
import type { Alert } from '../stream/shapes';
import { readAlert } from '../stream/wire';

const alert = (id: string, rest: object = {}): Alert => {
  const made = readAlert({
    id,
    room: '1',
    priority: 'medium',
    state: 'active',
    raised_at: 0,
    ...rest,
  });
  if (made === null) throw new Error('not an alert');
  return made;
};
const taken = { acknowledged: { by: 'KM', at: 1 } };

it('unclaimed comes first, then priority, then who has waited longest', () => {
  const order = sorted([
    alert('claimed high', { priority: 'high', ...taken }),
    alert('young', { raised_at: 20 }),
    alert('low', { priority: 'low' }),
    alert('old', { raised_at: 10 }),
    alert('over', { priority: 'high', state: 'latched' }),
    alert('long over', { state: 'latched' }),
    alert('high', { priority: 'high', raised_at: 30 }),
  ]).map(({ id }) => id);
  expect(order).toEqual(['high', 'old', 'young', 'over', 'low', 'long over', 'claimed high']);
});

it('a call for help comes before what monitors say of the same priority', () => {
  const order = sorted([
    alert('old', { raised_at: 10 }),
    alert('help', { condition: 'help', raised_at: 20 }),
    alert('high', { priority: 'high', raised_at: 30 }),
  ]).map(({ id }) => id);
  expect(order).toEqual(['high', 'help', 'old']);
});

it('a tile shows what is active and unclaimed before what is over or taken', () => {
  const over = alert('over', { priority: 'high', state: 'latched' });
  const low = alert('low', { priority: 'low' });
  expect(foremost([over, alert('mine', { priority: 'high', ...taken }), low])).toBe(low);
  expect(foremost([])).toBeUndefined();
});

it('a message splits into what and its limit', () => {
  const spo2 = alert('a', { condition: 'spo2_low', text: 'SpO2 low 84 (limit 89)' });
  expect(message(spo2)).toEqual({ what: 'SpO₂ low 84', limit: '89', sign: '<' });
  expect(short(spo2)).toBe('SpO₂ low 84 < 89');
  expect(short({ ...spo2, text: 'SpO2 low by hand 89 (limit 89)' })).toBe(
    'SpO₂ low by hand 89 ≤ 89',
  );
  expect(short(alert('b', { condition: 'monitor_lost', text: 'Monitor lost' }))).toBe(
    'Monitor lost',
  );
});

it('a condition is drawn on the numeral that it is about', () => {
  const on = numeralOf;
  expect(['hr_high', 'spo2_no_value', 'diastolic_high', 'nibp_overdue'].map(on)).toEqual([
    'hr',
    'spo2',
    'bp',
    'bp',
  ]);
  expect(on('monitor_lost')).toBeNull();
});

it('a value beyond the next limit that nothing confirms yet is one line of a tile', () => {
  const text = 'Systolic high 173 (limit 170); 187 (limit 180) unconfirmed, repeat now';
  const high = alert('b', { condition: 'systolic_high', text });
  expect(short(high)).toBe('SYS high 187: repeat now');
  expect(message(high).what).toBe('Systolic high 187: repeat now');
  expect(message(high).limit).toBe('180, unconfirmed');
});

it('a condition that is new to this page is shown by its text, on the number it is about', () => {
  const fall = alert('a', { condition: 'spo2_falling', text: 'SpO2 falling 91 (from 97)' });
  expect(short(fall)).toBe('SpO₂ falling 91 (from 97)');
  expect(numeralOf(fall.condition)).toBe('spo2');
  const reaction = alert('b', { condition: 'reaction', text: 'Reaction: SBP fell 34' });
  expect(short(reaction)).toBe('Reaction: SBP fell 34');
  expect(numeralOf(reaction.condition)).toBeNull();
  expect(short(alert('c', { condition: 'of_tomorrow' }))).toBe('of tomorrow');
});

describe('sound', () => {
  const silenced = alert('a', { priority: 'high', silenced_until: 120 });

  it('is that of the highest priority that nobody silenced or took', () => {
    const alerts = [silenced, alert('b', taken), alert('c', { priority: 'low', raised_at: 7 })];
    expect(loudest(alerts, 100)).toEqual({ priority: 'low', since: 7, newest: 7 });
  });

  it('comes back when the silence ends', () => {
    expect(loudest([silenced], 119)).toBeNull();
    expect(loudest([silenced], 120)?.priority).toBe('high');
  });

  it('is none for what is over', () => {
    expect(loudest([alert('a', { state: 'latched' })], 0)).toBeNull();
  });

  it('is paused only while all of it is silenced', () => {
    expect(pausedUntil([silenced], 100)).toBe(120);
    expect(pausedUntil([silenced, alert('new')], 100)).toBeNull();
    expect(pausedUntil([], 100)).toBeNull();
  });
});

it('an alert that recurred waits since it is active this time, by whichever key the server says it', () => {
  const again = alert('a', { raised_at: 10, active_since: 500 });
  expect(standingSince(again)).toBe(500);
  expect(cameBack(again)).toBe(true);
  const reopened = alert('b', { raised_at: 10, reopened_at: 400 });
  expect(standingSince(reopened)).toBe(400);
  expect(cameBack(reopened)).toBe(true);
  expect(cameBack(alert('c', { raised_at: 10, active_since: 10 }))).toBe(false);
  expect(cameBack(alert('d', { raised_at: 10 }))).toBe(false);
});

it('the worst is kept apart from what is measured now', () => {
  const spo2 = alert('a', { condition: 'spo2_low', text: 'SpO2 low, worst 72 (limit 89)' });
  expect(short(spo2)).toBe('SpO₂ low, worst 72 < 89');
  expect(message(spo2)).toEqual({ what: 'SpO₂ low, worst 72', limit: '89', sign: '<' });
});

it('when the worst was is said where the text names one', () => {
  const worst = { worst_at: Date.UTC(2026, 10, 21, 10, 31), condition: 'spo2_low' };
  const said = alert('a', { ...worst, text: 'SpO2 low 88, worst 72 (limit 89)' });
  expect(worstAt(said)).toMatch(/^worst at \d\d:31$/);
  expect(worstAt(alert('b', { ...worst, text: 'SpO2 low 88 (limit 89)' }))).toBe('');
  expect(worstAt(alert('c', { text: 'SpO2 low 88, worst 72 (limit 89)' }))).toBe('');
});

describe('who is going to the room of an alert that nobody has', () => {
  const mine = alert('mine', { acknowledged: { by: 'KM', at: 0 } });

  it('is whoever has another of that room', () => {
    const fresh = alert('new');
    expect(goingThere(fresh, [mine, fresh], 1_000)).toBe('KM is going');
    expect(goingThere(alert('elsewhere', { room: '2' }), [mine], 1_000)).toBe('');
    expect(goingThere(alert('ward', { room: null }), [mine], 1_000)).toBe('');
    expect(goingThere(mine, [mine], 1_000)).toBe('');
  });

  it('is nobody any more who went there a while ago: the other alert says since when', () => {
    const long = alert('long', { acknowledged: { by: 'KM', at: 1_000 } });
    const fresh = alert('new');
    expect(goingThere(fresh, [long, fresh], 120_999)).toBe('KM is going');
    expect(goingThere(fresh, [long, fresh], 121_000)).toBe('');
    const later = alert('later', { acknowledged: { by: 'TJ', at: 60_000 } });
    expect(goingThere(fresh, [long, later, fresh], 121_000)).toBe('TJ is going');
  });

  it('is not whoever calls for help from there', () => {
    const help = alert('help', { condition: 'help' });
    expect(goingThere(help, [mine, help], 1_000)).toBe('');
  });

  it('is whoever had it before it became worse, while they are on their way', () => {
    const worse = alert('a', { acknowledged_before: { by: 'TJ', at: 1_000 } });
    expect(goingThere(worse, [worse], 120_999)).toBe('TJ is going');
    expect(goingThere(worse, [worse], 121_000)).toBe('');
  });
});
