// The texts of a call for help.

export const words = {
  callForHelp: 'Call help',
  emergencyHere: 'Emergency here',
  emergencySure: 'Call everybody to an emergency in this room?',
  emergencyYes: 'Yes, emergency',
  helpOver: 'Help is no longer needed',
  helpCalled: 'Help is called: every screen shows it',
  helpEnded: 'Call for help ended',
  helpBy: (who: string) => `${who} is coming`,
  cancel: 'Cancel',
} as const;
