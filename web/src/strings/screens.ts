// The texts of the board on which screens can be heard.

export const screenWords = {
  title: 'Who can hear',
  about:
    'An alert reaches somebody only at a screen that is seen, has its sound on, and is not in a quiet room.',
  everyRoom: 'Every room is heard by at least one screen.',
  nobodyHears: (rooms: string, count: number) =>
    `Nobody hears ${count === 1 ? 'room' : 'rooms'} ${rooms}.`,
  nobodyHearsNext: 'Turn the sound on at a station, or sign in at one.',
  none: 'No screen is connected but this one.',
  failed: 'The list of screens could not be loaded. It is tried again.',
  thisOne: 'this screen',
  kinds: {
    station: 'station',
    room: 'room screen',
    phone: 'phone',
    wall: 'wall display',
    developer: 'developer’s screen',
    other: 'program',
  } as Readonly<Record<string, string>>,
  of: (who: string, what: string) => (who === '' ? what : `${who}’s ${what}`),
  canHear: 'Can be heard',
  /** What is wrong, and what to do about it. */
  trouble: {
    not_heard: ['Not answering', 'Its network or battery is gone, or it sleeps.'],
    not_seen: ['Not in front', 'Another page or app covers it, or it is locked.'],
    quiet: ['Quiet room', 'It keeps silent beside a patient, on purpose.'],
    sound_off: ['Sound is off', 'Tap “Sound is off” on it; another tab of it may have the sound.'],
  } as Readonly<Record<string, readonly [string, string]>>,
  heard: (span: string) => `last heard ${span} ago`,
  since: (at: string) => `connected since ${at}`,
  allRooms: 'shows all rooms',
  someRooms: (rooms: string) => `shows ${rooms}`,
  noRooms: 'shows no room',
  battery: (percent: number, charging: boolean) =>
    `battery ${percent} %${charging ? ', charging' : ''}`,
  batteryLow: 'Battery low: put it on its charger.',
} as const;
