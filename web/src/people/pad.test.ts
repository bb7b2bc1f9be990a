import { expect, it } from 'vitest';
import { dots, isComplete, NOTHING, press } from './pad';

const typed = (keys: string[]) => keys.reduce(press, { ...NOTHING, initials: 'KM' });

it('digits are taken up to six, and the last one can be taken back', () => {
  expect(typed([...'12345678']).pin).toBe('123456');
  expect(typed(['1', '2', 'Backspace', '3']).pin).toBe('13');
  expect(typed(['Backspace', 'x', 'F1']).pin).toBe('');
});

it('a PIN has four digits at least, and somebody it belongs to', () => {
  expect(isComplete(typed([...'123']))).toBe(false);
  expect(isComplete(typed([...'1234']))).toBe(true);
  expect(isComplete({ initials: ' ', pin: '1234' })).toBe(false);
});

it('shows how many digits were typed, and not which', () => {
  expect(dots(typed([...'12']))).toBe('●●○○○○');
});
