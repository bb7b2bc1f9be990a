import { expect, it } from 'vitest';
import { givesWay, type Claim } from './soundingTab';

const tab = (id: string, since: number, rest: Partial<Claim> = {}): Claim => ({
  id,
  since,
  can: true,
  live: true,
  visible: true,
  ...rest,
});

/** The tabs that sound when each of these knows of all others. */
function sounding(...tabs: Claim[]): string[] {
  const others = (mine: Claim) => tabs.filter((other) => other !== mine);
  return tabs.filter((mine) => mine.can && !givesWay(mine, others(mine))).map(({ id }) => id);
}

it('of two tabs alike the older one sounds, and never both', () => {
  expect(sounding(tab('a', 1), tab('b', 2))).toEqual(['a']);
  expect(sounding(tab('b', 1), tab('a', 1))).toEqual(['a']);
});

it('a tab that is seen sounds before one that is hidden', () => {
  expect(sounding(tab('a', 1, { visible: false }), tab('b', 2))).toEqual(['b']);
});

it('a tab that lost the server is silent only while one that has not can sound', () => {
  const lost = tab('a', 1, { live: false });
  expect(sounding(lost, tab('b', 2, { visible: false }))).toEqual(['b']);
  expect(sounding(lost, tab('b', 2, { can: false }))).toEqual(['a']);
  expect(sounding(lost, tab('b', 2, { live: false }))).toEqual(['a']);
});

it('a tab whose sound is off keeps nobody from sounding', () => {
  expect(sounding(tab('a', 1, { can: false }), tab('b', 2))).toEqual(['b']);
  expect(sounding(tab('a', 1))).toEqual(['a']);
});
