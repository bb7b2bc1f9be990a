// The texts of the wall display alone.

export const words = {
  settings: 'This wall display',
  initials: 'Patients',
  withInitials: 'Room and initials',
  roomOnly: 'Room number only',
  soundOn: 'Sound is on.',
  leave: 'Back to the station',
  testSound: 'Test sound',
};
