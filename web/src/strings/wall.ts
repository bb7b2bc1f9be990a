// The texts of the wall display alone.

export const words = {
  settings: 'This wall display',
  initials: 'Patients',
  withInitials: 'Room and initials',
  roomOnly: 'Room number only',
  ends: { from: 'First room', to: 'Last room' },
  noEnd: { from: 'the first', to: 'the last' },
  shows: (first: string, last: string) => `Rooms here: ${first} to ${last}.`,
  tooMany: 'Not all rooms fit here. Move the pointer to choose the rooms of this display.',
  soundOn: 'Sound is on.',
  leave: 'Back to the station',
  testSound: 'Test sound',
};
