// The texts of the wall display alone.

export const words = {
  settings: 'This wall display',
  initials: 'Patients',
  withInitials: 'Room and initials',
  roomOnly: 'Room number only',
  walls: 'Displays that share the rooms',
  which: 'This one is number',
  shows: (first: string, last: string) => `Rooms here: ${first} to ${last}.`,
  tooMany: 'Not all rooms fit here. Move the pointer to share them among displays.',
  soundOn: 'Sound is on.',
  leave: 'Back to the station',
  testSound: 'Test sound',
};
