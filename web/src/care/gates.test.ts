import { expect, it } from 'vitest';
import { openBeforeStart, openItems, gateOf, placed, readiness, remeasureAt } from './gates';
import { readCare, type Care } from './read';

const item = (name: string, met: boolean, more = {}) => ({ name, text: name, met, ...more });

const care = (...start: unknown[]): Care =>
  readCare({
    gates: [
      { step: 'check_in', items: [item('escort', true)] },
      { step: 'start', items: start },
    ],
  });

it('says GO only where the server has a gate of the start and nothing of it is open', () => {
  const all = care(item('no_hold', true), item('order', true));
  expect(readiness(all, 'ready')).toEqual({ is: 'go' });
  expect(readiness(all, 'baseline')).toEqual({ is: 'open' });
  expect(readiness(readCare({ gates: [] }), 'ready')).toEqual({ is: 'open' });
  expect(readiness(readCare({}), 'ready')).toEqual({ is: 'open' });
  expect(readiness(care(item('no_hold', true), item('order', false)), 'ready').is).toBe('open');
});

it('takes an item that does not say whether it is met for open', () => {
  expect(readiness(care({ name: 'order' }), 'ready').is).toBe('open');
  expect(readiness(care(item('order', 'yes' as unknown as boolean)), 'ready').is).toBe('open');
});

it('holds with the reason of the hold, whatever else is open', () => {
  const held = care(
    item('no_hold', false, { detail: 'Hold: BP above 140/90' }),
    item('kit', false),
  );
  expect(readiness(held, 'ready')).toEqual({ is: 'hold', why: 'Hold: BP above 140/90' });
  expect(readiness(care(item('kit', true)), 'held')).toEqual({ is: 'hold', why: '' });
});

it('gives every item of the gates before the start one place, and one that is new the checklist', () => {
  const all = placed(care(item('order', true), item('of_tomorrow', false)));
  const names = Object.values(all).flatMap((found) => found.map((one) => one.item.name));
  expect(names.toSorted()).toEqual(['escort', 'of_tomorrow', 'order']);
  expect(all.checklist.map(({ item: { name } }) => name)).toEqual(['of_tomorrow']);
  expect(all.order.map(({ item: { name } }) => name)).toEqual(['order']);
});

it('lists what is open by the number of its block', () => {
  const open = openBeforeStart(care(item('kit', false), item('second_check', false)));
  expect(open.map(({ block, item: { name } }) => `${block} ${name}`)).toEqual([
    '2 second_check',
    '5 kit',
  ]);
});

it('measures a hold anew as long after the last pressure as the hold itself says', () => {
  const why = 'Hold: BP above 140/90, measure again after 5 minutes of rest';
  expect(remeasureAt(why, 1_000)).toBe(301_000);
  expect(remeasureAt('Hold: heart rate above 100', 1_000)).toBeNull();
  expect(remeasureAt(why, null)).toBeNull();
});

it('has nothing open of a gate that is not ahead', () => {
  expect(openItems(gateOf(care(), 'discharge'))).toEqual([]);
});
