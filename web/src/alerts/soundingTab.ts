// Which of one device's tabs sounds. Pure.

export interface Claim {
  readonly id: string;
  /** Its sound is on, and it is not in a quiet room. */
  readonly can: boolean;
  /** It hears the server. */
  readonly live: boolean;
  readonly visible: boolean;
  /** When it was opened. */
  readonly since: number;
}

/** Who hears the server before who does not, who is seen before who is hidden, then the oldest. */
function isBetter(a: Claim, b: Claim): boolean {
  const rank = ({ live, visible }: Claim) => Number(live) * 2 + Number(visible);
  if (rank(a) !== rank(b)) return rank(a) > rank(b);
  return a.since === b.since ? a.id < b.id : a.since < b.since;
}

/** Whether another tab sounds in place of this one. A tab that cannot sound gives way to none. */
export function givesWay(mine: Claim, others: readonly Claim[]): boolean {
  return mine.can && others.some((other) => other.can && isBetter(other, mine));
}
