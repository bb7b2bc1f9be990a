// The keys that `keys.ts` acts on, for the list of them; it comes with the menu.

export const keyHelp: readonly (readonly [key: string, what: string])[] = [
  ['← ↑ → ↓', 'choose a room'],
  ['Enter', 'open the room'],
  ['a', 'go to the chosen room’s alert'],
  ['Shift + A', 'go to the first alert'],
  ['e', 'record an event in the open room'],
  ['p', 'pause audio 2 min'],
  ['Esc', 'all rooms'],
  ['?', 'this list'],
];
