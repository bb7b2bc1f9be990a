// The texts about being told of alerts while the page is closed, and of the ways out of the house.

export const words = {
  title: 'When this page is closed',
  what: 'This phone or computer can show that there is an alert, how soon somebody must look, and in which room; and the patient’s initials, if your clinic chose that. Nothing else of the patient leaves the house.',
  is: {
    unavailable:
      'Your clinic has not set this up. An administrator can: it is a channel of kind “push”.',
    cannot:
      'This browser cannot do it here. On an iPhone or iPad, add this page to the home screen first, then open it from there.',
    refused:
      'You have told this browser to show no notifications from this page. Allow them in its settings, then come back.',
    off: 'It is off on this device.',
    on: 'It is on. Of your rooms, and of rooms that nobody has, this device shows each alert at once; of other rooms a call for help, and what nobody has taken.',
  } as Readonly<Record<string, string>>,
  turnOn: 'Turn on for this device',
  turnOff: 'Turn off',
  notRelied:
    'Only an extra: a phone may be silent, empty or without a network. Keep a screen in sight while a patient is treated.',

  channels: 'Channels',
  channelsHint:
    'How alerts reach people away from the screens. What there is, and where it leads, is written in the server’s configuration.',
  noChannels: 'There is none: alerts reach people at the screens alone.',
  kinds: {
    webhook: 'Webhook',
    email: 'E-mail',
    push: 'Browsers of staff',
    ping: 'Sign of life for an outside watch',
  } as Readonly<Record<string, string>>,
  leadsTo: (to: string) => `to ${to}`,
  of: (priorities: string) => `${priorities} alerts`,
  priorities: { high: 'high', medium: 'medium', low: 'low' } as Readonly<Record<string, string>>,
  works: 'Works',
  untried: 'Nothing sent yet',
  failingSince: (at: string) => `Nothing gets out since ${at}`,
  lastAt: (at: string) => `last ${at}`,
  waiting: (count: number) => (count === 1 ? '1 message waits' : `${count} messages wait`),
  givenUp: (count: number) =>
    count === 1 ? '1 message never went out' : `${count} messages never went out`,
  test: 'Send a test',
  testing: 'Sending a test…',
  tested: (what: string) => `A test went out over ${what}`,
} as const;
