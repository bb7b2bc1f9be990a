// The texts of the rules page; apart from the others because they come later.

export const words = {
  allRules: 'All rules',
  lead: 'Everything that will alarm, and when. Each list of rules has a version that somebody approves.',
  version: (version: number) => `Version ${version}`,
  planned: (minutes: number) => `planned for ${minutes} min`,
  approvedBy: (who: string, at: string) => `Approved by ${who} on ${at}`,
  notApproved: 'Nobody has approved this version',
  notApprovedNext:
    'These limits are the product’s defaults. A medical director must review and approve them before they are relied on.',
  approve: 'Approve this version',
  approveAs: (who: string, version: number) =>
    `You put your name to version ${version} of these rules, as ${who}. It is recorded with the time.`,
  whoMayApprove: 'A prescriber or an administrator can approve them.',
  approved: (version: number) => `Version ${version} approved`,
  print: 'Print',
  printedAt: (at: string) => `Printed ${at}`,
  cadence: 'How often blood pressure is measured',
  kinds: {
    physiological: 'About the patient',
    technical: 'About the measurement',
  } as Readonly<Record<string, string>>,
  other: 'Others',
  clears: 'Ends',
  note: 'Note',
  name: 'Name',
  date: 'Date',
  signature: 'Signature',
  signHere: 'Reviewed and approved by',
  none: 'No rules could be found.',
  noStages: 'This rule has no stages.',
} as const;
