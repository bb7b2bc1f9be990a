// Finding a room by its number or its patient's initials. Pure.

export interface Place {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
}

const plain = (text: string) => text.toLowerCase().replace(/[\s.]/g, '');

/** How well it fits, 0 best; null when it does not. */
function fit(query: string, { name, initials }: Place): number | null {
  const number = plain(name).replace(/^room/, '');
  if (number === query || plain(name) === query) return 0;
  if (plain(initials) === query) return 1;
  if (number.startsWith(query)) return 2;
  if (plain(initials).startsWith(query)) return 3;
  return plain(name).includes(query) ? 4 : null;
}

/** The rooms that fit, best first, else in floor order. */
export function found(typed: string, places: readonly Place[]): Place[] {
  const query = plain(typed);
  if (query === '') return [];
  return places
    .flatMap((place) => {
      const at = fit(query, place);
      return at === null ? [] : [{ place, at }];
    })
    .sort((a, b) => a.at - b.at)
    .map(({ place }) => place);
}
