import { expect, it } from 'vitest';
import { keyOf, readPlan, waiverOf } from './plan';
import { readCare } from './read';

const profile = {
  gates: [
    {
      step: 'start',
      items: [
        { name: 'baseline', waived_by: 'nobody', met_by: { baseline: {} } },
        { name: 'kit', waived_by: 'prescriber', met_by: { ticked: {} } },
        { name: 'call_button' },
        { name: 'awake', met_by: { scored: { score: 'moaa_s' } } },
        { name: 'new', waived_by: 'the_owner', met_by: { of_tomorrow: {} } },
      ],
    },
  ],
  dose: { drug: 'Esketamine', mg: { least: 28, usual: 56, most: 84 }, sprays: { device_mg: 28 } },
};

it('reads how each item is met, a tick where the profile says nothing', () => {
  const { items } = readPlan(profile);
  const kind = (name: string) => items.get(keyOf('start', name))?.kind;
  expect(['kit', 'call_button', 'awake', 'baseline', 'new'].map(kind)).toEqual([
    'ticked',
    'ticked',
    'scored',
    'other',
    'other',
  ]);
  expect(items.get(keyOf('start', 'awake'))?.score).toBe('moaa_s');
});

it('asks the strictest of those who may go on, and nobody where the word is not known', () => {
  const open = (...names: string[]) =>
    readCare({
      gates: [{ step: 'start', items: names.map((name) => ({ name })) }],
    }).gates[0]!.items.map((item) => ['start', item] as const);
  const plan = readPlan(profile);
  expect(waiverOf(plan, open('call_button'))).toBe('nurse');
  expect(waiverOf(plan, open('call_button', 'kit'))).toBe('prescriber');
  expect(waiverOf(plan, open('baseline', 'kit'))).toBe('nobody');
  expect(waiverOf(plan, open('new'))).toBe('nobody');
  expect(waiverOf(null, open('call_button'))).toBe('prescriber');
});

it('takes the session at its word of who may go on now', () => {
  const [item] = readCare({
    gates: [{ step: 'start', items: [{ name: 'baseline', waived_by: 'lead' }] }],
  }).gates[0]!.items;
  expect(waiverOf(readPlan(profile), [['start', item!]])).toBe('lead');
});

it('knows a dose that comes in devices from one that runs through a pump', () => {
  expect(readPlan(profile).dose).toMatchObject({
    mg: 56,
    pumped: false,
    sprays: { device_mg: 28, most: 3 },
  });
  expect(readPlan({}).dose).toBeNull();
  expect(readPlan('nonsense').items.size).toBe(0);
});
