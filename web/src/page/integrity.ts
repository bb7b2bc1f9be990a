// A page that somebody else changes freezes and looks live: a translator puts its own text in the
// place of ours, and what we draw goes where nobody sees it. So the page reads its own numerals:
// what is drawn and what is known must agree.

import { second } from '../clock';
import { numeralsOf } from '../room/numerals';
import { altered } from '../stream/socket';
import { roomStore } from '../ward/store';

const LOOK_MS = 1_000;
/** Rooms that are read at each look: 200 take eight seconds and no time to speak of. */
const AT_A_LOOK = 24;
/** A number that is drawn and not known at so many looks running, and is the same each time. */
const LOOKS = 3;

/** What is drawn where, and what is known of it. */
export interface Comparison<Place> {
  readonly place: Place;
  readonly drawn: string;
  readonly known: string;
}

/** Places where something else is drawn than is known, and at how many looks running. Pure. */
export class Mismatches<Place> {
  #doubts = new Map<Place, { readonly drawn: string; readonly looks: number }>();

  /** Looks again at what was doubted before, and at some more; whether one of them is frozen. */
  look(seen: readonly Comparison<Place>[]): boolean {
    let isFrozen = false;
    for (const { place, drawn, known } of seen) {
      const before = this.#doubts.get(place);
      this.#doubts.delete(place);
      if (drawn === known) continue;
      // It changed since, so that somebody draws it.
      const looks = before?.drawn === drawn ? before.looks + 1 : 1;
      this.#doubts.set(place, { drawn, looks });
      isFrozen ||= looks >= LOOKS;
    }
    return isFrozen;
  }

  get places(): readonly Place[] {
    return [...this.#doubts.keys()];
  }

  /** It is no longer on the screen. */
  forget(place: Place): void {
    this.#doubts.delete(place);
  }
}

function seenIn(place: HTMLElement): Comparison<Element>[] {
  const room = roomStore(place.dataset['room'] ?? '');
  if (room === undefined) return [];
  const { hr, spo2, bp } = numeralsOf(room, second.value);
  const numerals = [...place.querySelectorAll<HTMLElement>('.numeral[data-vital]')];
  const of = new Map(Object.entries({ hr, spo2, bp }));
  // An alert's card has the three in one line.
  const lines = [...place.querySelectorAll('.mini:not([data-testid])')];
  return [
    ...numerals.map((numeral) => [
      numeral.querySelector('.value'),
      of.get(numeral.dataset['vital'] ?? ''),
    ]),
    ...lines.flatMap((line) =>
      [...line.querySelectorAll('b')].map((value, index) => [value, [hr, spo2, bp][index]]),
    ),
  ].flatMap(([where, should]) =>
    where instanceof Element && typeof should === 'string'
      ? [{ place: where, drawn: where.textContent ?? '', known: should }]
      : [],
  );
}

/** What translators leave behind in any text of the page, not in its numbers alone. */
function isTranslated(): boolean {
  return (
    document.getElementsByTagName('font').length > 0 ||
    /\btranslated-(ltr|rtl)\b/.test(document.documentElement.className)
  );
}

const doubts = new Mismatches<Element>();
/** Where the next look begins. */
let next = 0;

function look(): void {
  if (altered.value) return;
  const rooms = [...document.querySelectorAll<HTMLElement>('[data-room]')];
  const from = next < rooms.length ? next : 0;
  next = from + AT_A_LOOK;
  const again = new Set(rooms.slice(from, from + AT_A_LOOK));
  for (const place of doubts.places) {
    const room = place.closest<HTMLElement>('[data-room]');
    if (room === null || !place.isConnected) doubts.forget(place);
    else again.add(room);
  }
  altered.value = isTranslated() || doubts.look([...again].flatMap(seenIn));
}

export function watchIntegrity(): void {
  setInterval(() => {
    // After a frame is painted, and only while there are any.
    if (document.visibilityState === 'visible') requestAnimationFrame(look);
  }, LOOK_MS);
}
