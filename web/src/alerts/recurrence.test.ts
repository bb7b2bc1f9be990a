import { describe, expect, it } from 'vitest';
import { calling, loudest, standingSince } from './alerts';
import { apply, EMPTY, type Model } from '../ward/model';
import { judged } from './recurrence';
import type { Alert } from '../stream/shapes';
import { readAlert } from '../stream/wire';

const alert = (rest: object = {}): Alert => {
  const made = readAlert({
    id: 'a1',
    room: '3',
    condition: 'systolic_high',
    priority: 'medium',
    state: 'active',
    raised_at: 1_000,
    ...rest,
  });
  if (made === null) throw new Error('not an alert');
  return made;
};
const back = { reopened_at: 200_000 };
/** The alert after each of `steps` was sent. */
const after = (...steps: object[]) =>
  steps.reduce<Alert | undefined>((before, step) => judged(alert(step), before), undefined);

describe('an alert that came back', () => {
  it('makes no tone', () => {
    expect(after({}, { state: 'latched' }, back)?.quiet).toBe(true);
    expect(calling([judged(alert(back), alert())])).toEqual([]);
    expect(loudest([judged(alert(back), alert())], 300_000)).toBeNull();
  });

  it('sounds once its priority rises, and goes on sounding', () => {
    const worse = { ...back, priority: 'high' };
    expect(after({}, back, worse)?.quiet).toBe(false);
    expect(after({}, back, worse, worse)?.quiet).toBe(false);
    expect(after({}, { state: 'latched' }, worse)?.quiet).toBe(false);
  });

  it('sounds when the server asks again after somebody took it', () => {
    const taken = { ...back, acknowledged: { by: 'KM', at: 1 } };
    expect(after({}, back, taken, back)?.quiet).toBe(false);
  });

  it('is quiet again when it comes back once more', () => {
    const again = { priority: 'high', reopened_at: 400_000 };
    expect(after({}, back, { ...back, priority: 'high' }, again)?.quiet).toBe(true);
  });

  it('that this screen never saw before sounds only at high priority', () => {
    expect(after(back)?.quiet).toBe(true);
    expect(after({ ...back, priority: 'high' })?.quiet).toBe(false);
  });

  it('has waited since it came back', () => {
    expect(standingSince(alert(back))).toBe(200_000);
    expect(loudest([alert({ ...back, priority: 'high' })], 0)?.since).toBe(200_000);
  });
});

it('an alert that never went away sounds as usual', () => {
  expect(after({}, {})?.quiet).toBe(false);
  expect(after({ reopened_at: null })?.quiet).toBe(false);
});

describe('through the frames of the stream', () => {
  const room = { id: '3', rev: 1, session: null, vitals: {}, devices: [], alerts: [] };
  const snapshot = (alerts: object[] = []) => ({
    type: 'snapshot',
    epoch: 'e',
    now: 1,
    ward: { alerts: [] },
    rooms: [{ ...room, alerts }],
  });
  const frame = (rev: number, rest: object) => ({
    type: 'alert',
    room: '3',
    rev,
    alert: { ...alert(rest) },
  });
  const run = (...frames: object[]) =>
    frames.reduce<Model>((model, one) => apply(model, one).model, EMPTY).rooms.get('3')?.alerts[0];

  it('one that was resolved in between is known again, and quiet', () => {
    const high = { priority: 'high' };
    const gone = { ...high, state: 'resolved' };
    expect(run(snapshot(), frame(2, high), frame(3, gone), frame(4, { ...high, ...back }))).toEqual(
      expect.objectContaining({ state: 'active', quiet: true }),
    );
  });

  it('a snapshot does not make it sound, nor hide that it became worse', () => {
    const open = [snapshot(), frame(2, {}), frame(3, back)];
    expect(run(...open, snapshot([{ ...alert(back) }]))?.quiet).toBe(true);
    expect(run(...open, snapshot([{ ...alert({ ...back, priority: 'high' }) }]))?.quiet).toBe(
      false,
    );
  });
});
