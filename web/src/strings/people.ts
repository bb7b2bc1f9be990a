// The texts of who is in front of the screen: the pad, the menu, the keys. They come later.

export const words = {
  wrongPassword: 'Name or password is wrong.',
  wrongTries: (count: number) => `Wrong tries under your name since your last sign-in: ${count}.`,

  whoAreYou: 'Who are you?',
  initials: 'Initials',
  pin: 'PIN',
  digits: (count: number) => `PIN, ${count} digits typed`,
  ok: 'OK',
  takeBack: 'Delete the last digit',
  passwordOnly: 'A PIN is not enough: give your password.',
  wrongPin: 'Initials or PIN is wrong.',
  wait: (left: string) => `Too many wrong tries. Try again in ${left}.`,
  actsFor: (who: string, left: string) => `${who} acts here for ${left}.`,
  end: 'End now',

  volume: 'Volume',
  volumes: ['Soft', 'Middle', 'Loud'],
  testSounds: 'Test sound',
  tones: { high: 'High', medium: 'Medium', low: 'Low', lost: 'Connection lost' },

  awake: 'Keep this screen on',
  awakeIs: {
    on: 'This screen stays on.',
    off: 'This screen may switch itself off.',
    refused: 'This device refused to keep the screen on. Is its battery low?',
  },

  find: 'Find a room',
  findHint: 'Number or initials',
  noneFound: 'No room is called that.',

  /** Key, what it does, and the screens on which it does; on all where none are named. */
  keys: [
    ['← ↑ → ↓', 'choose a room', ['central']],
    ['Enter', 'open the chosen room', ['central']],
    ['A', 'go to the alert of this room', ['central', 'room']],
    ['Shift + A', 'go to the first alert of all rooms', []],
    ['E', 'record an event', ['room']],
    ['B', 'ask for a BP now, and enter it', ['room']],
    ['H', 'pause or resume the infusion', ['room']],
    ['[ ]', 'the alert before, the next one', ['session']],
    ['0', 'the whole session', ['session']],
    ['D', 'the day', []],
    ['C', 'all rooms', []],
    ['P', 'pause audio 2 min', []],
    ['/', 'find a room by its number or initials', []],
    [
      'Esc',
      'close what is open, otherwise all rooms',
      ['room', 'day', 'session', 'patients', 'admin'],
    ],
    ['Esc', 'close what is open', ['central', 'inbox']],
    ['?', 'this list', []],
  ] as readonly (readonly [string, string, readonly string[]])[],
} as const;
