import { expect, it } from 'vitest';
import { isBatteryLow, readBoard } from './board';

const screen = {
  id: 'k3f9',
  kind: 'phone',
  person: { name: 'Tom Jung', initials: 'TJ', role: 'nurse' },
  connected_at: 10,
  heard_at: 900,
  audible: false,
  visible: true,
  quiet: false,
  can_hear: false,
  trouble: 'sound_off',
  battery: { percent: 12, charging: false },
  rooms: null,
};

it('a screen is who is there, what is wrong, and what it shows', () => {
  const board = readBoard({ now: 1_000, screens: [screen], unheard: ['3'] });
  expect(board?.unheard).toEqual(['3']);
  expect(board?.screens[0]).toEqual({
    id: 'k3f9',
    kind: 'phone',
    who: 'TJ',
    connected_at: 10,
    heard_at: 900,
    can_hear: false,
    trouble: 'sound_off',
    battery: { percent: 12, charging: false },
    rooms: null,
  });
});

it('what a newer server does not say counts as not heard', () => {
  const board = readBoard({ now: 1, screens: [{ id: 'a', can_hear: 'yes' }, null], unheard: null });
  expect(board?.screens.map(({ trouble }) => trouble)).toEqual(['not_heard', 'not_heard']);
  expect(board?.unheard).toEqual([]);
  expect(readBoard('nonsense')).toBeNull();
});

it('a battery is low while it is not charged', () => {
  const low = (battery: object | null) =>
    readBoard({ now: 1, screens: [{ ...screen, battery }], unheard: [] })?.screens.map(
      isBatteryLow,
    );
  expect(low({ percent: 19, charging: false })).toEqual([true]);
  expect(low({ percent: 19, charging: true })).toEqual([false]);
  expect(low({ percent: 20, charging: false })).toEqual([false]);
  expect(low(null)).toEqual([false]);
});
