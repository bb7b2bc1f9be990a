// Moving one thing of a list. Pure.

/** The list with the thing at `from` moved to `to`; what lies outside the list stays. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const all = [...items];
  if (from < 0 || from >= all.length || to < 0 || to >= all.length) return all;
  const [one] = all.splice(from, 1);
  all.splice(to, 0, one as T);
  return all;
}

export interface Placed {
  readonly id: string;
  readonly order: number;
}

/** Which rooms have to be placed anew, so that they come in this order: as few as can be. */
export function placesToChange(rooms: readonly Placed[], ids: readonly string[]): Placed[] {
  const now = new Map(rooms.map(({ id, order }) => [id, order]));
  let last = Number.NEGATIVE_INFINITY;
  const places = [...now.values()].sort((a, b) => a - b);
  // Each takes the place that the one before it had; places that two share are spread.
  return ids.flatMap((id, index) => {
    const order = Math.max(places[index] ?? last + 1, last + 1);
    last = order;
    return now.get(id) === order ? [] : [{ id, order }];
  });
}
