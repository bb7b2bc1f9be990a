// The texts of the trend's table.

export const words = {
  caption: 'Values of the last hour, newest first',
  time: 'Time',
  every: (minutes: number) => (minutes === 1 ? 'Every minute' : `Every ${minutes} minutes`),
  happened: 'What happened',
  /** Never broken in two. */
  range: (low: number, high: number) => `${low}\u2060–\u2060${high}`,
  noValue: 'no value',
  noValueFor: (span: string) => `no value for ${span}`,
  notMeasured: 'not measured',
  at: (value: string, time: string) => `${value} at ${time}`,
  earlier: 'Grey: earlier session',
  greyIs: (of: string) => `grey: ${of}`,
  noEarlier: 'none',
  earlierOne: (number: number | null, day: string) => (number === null ? day : `${number}, ${day}`),
  nothing: 'Nothing was measured in this hour.',
  withdrawn: (value: string) => `${value} withdrawn`,
  byHand: (value: string, by: string, withdrawn: boolean) =>
    `${value} by hand ${by}${withdrawn ? ', withdrawn' : ''}`,
};
