// How many screens watch a room beside this one. Pure.

/** The server counts every screen that can be heard and seen and is not quiet: also this one. */
export function otherWatchers(watched_by: number, isCountedHere: boolean): number {
  return Math.max(0, watched_by - Number(isCountedHere));
}
