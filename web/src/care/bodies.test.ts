import { expect, it } from 'vitest';
import { checkIn, follows, medication, order, screening, usualOrder } from './bodies';

it('states at check-in what was filled in and ticked, and nothing else', () => {
  const typed = { number: '3', of: '6', escort: 'D. Brandt', phone: '0170', weight_kg: '70,5' };
  expect(checkIn(typed, { name: true, birth_date: true, consent: true }).event).toEqual({
    type: 'check_in',
    identifiers: ['name', 'birth_date'],
    consent: true,
    series: { number: 3, of: 6 },
    escort: { name: 'D. Brandt', phone: '0170' },
    weight_kg: 70.5,
  });
  expect(checkIn({ allergies: ' penicillin ' }, {}).event).toEqual({
    type: 'check_in',
    allergies: 'penicillin',
  });
});

it('never says by an empty form that the paperwork is kept elsewhere', () => {
  expect(checkIn({}, {}).event).toBeUndefined();
  expect(checkIn({ number: '' }, { name: false }).wrong).toBeDefined();
});

it('names a field that holds no number', () => {
  expect(checkIn({ weight_kg: 'seventy' }, {}).wrong).toContain('Weight');
  expect(order({ mg: '35 mg' }).wrong).toContain('Whole dose');
});

it('orders a dose, and begins with what is usual', () => {
  expect(order({ mg_per_kg: '0.5', ml: '50', minutes: '40', ordered_by: 'Dr S.N.' }).event).toEqual(
    {
      type: 'order',
      mg_per_kg: 0.5,
      ml: 50,
      minutes: 40,
      ordered_by: 'Dr S.N.',
    },
  );
  expect(order({ minutes: '40' }).wrong).toBeDefined();
  expect(usualOrder({ mg_per_kg: 0.5, mg: 35, ml: 50, minutes: 40 })).toEqual({
    mg_per_kg: '0.5',
    ml: '50',
    minutes: '40',
  });
  expect(usualOrder({ mg_per_kg: null, mg: 56, ml: null, minutes: null })).toEqual({ mg: '56' });
});

it('says of a review only that it was', () => {
  expect(screening({ heart: true }, false)).toEqual({
    type: 'screening',
    answers: { heart: true },
  });
  expect(screening({ heart: true }, true)).toMatchObject({ reviewed: true });
});

it('gives a medicine with its unit only where there is a dose', () => {
  expect(medication('ondansetron', 4, 'mg', 'iv')).toEqual({
    type: 'medication',
    drug: 'ondansetron',
    dose: 4,
    unit: 'mg',
    route: 'iv',
  });
  expect(medication('glucose', null, 'mg', '')).toEqual({ type: 'medication', drug: 'glucose' });
});

it('computes what follows from an order while it is typed, and nothing from half of it', () => {
  expect(follows({ mg_per_kg: '0,5', ml: '50', minutes: '40' }, 70)).toEqual({
    mg: 35,
    rate_ml_h: 75,
  });
  expect(follows({ mg_per_kg: '0.5', mg: '30', ml: '50' }, 70)).toEqual({
    mg: 30,
    rate_ml_h: null,
  });
  expect(follows({ mg_per_kg: '0.5', ml: '50', minutes: '0' }, null)).toEqual({
    mg: null,
    rate_ml_h: null,
  });
});
