// Where this screen is: the part of the address after #.

import { computed, signal } from '@preact/signals';

export type Route =
  | { readonly screen: 'central' | 'inbox' | 'devices' }
  /** One of several walls, each with its part of the rooms: the first of one unless it is said. */
  | { readonly screen: 'wall'; readonly part: number; readonly of: number }
  | { readonly screen: 'room'; readonly id: string }
  | PageRoute;

/** A screen that is fetched when it is opened, and what of it: a date, an id, a part. Whether there is
 * one of this name is known where they are fetched. */
export interface PageRoute {
  readonly screen:
    | 'day'
    | 'session'
    | 'patients'
    | 'admin'
    | 'alerts-log'
    | 'alerts-week'
    | 'assignments'
    | 'away'
    | 'rules'
    | 'screens';
  readonly id: string;
}

export function parse(hash: string): Route {
  const [, screen = '', id = '', more = ''] = hash.split('/');
  if (screen === 'room' && id !== '') return { screen, id: decode(id) };
  if (screen === 'wall') {
    const [part, of] = [Number(id), Number(more)];
    const isPart = Number.isInteger(part) && Number.isInteger(of) && part >= 1 && part <= of;
    return isPart ? { screen, part, of } : { screen, part: 1, of: 1 };
  }
  if (screen === 'inbox' || screen === 'devices') return { screen };
  if (screen === '' || screen === 'central') return { screen: 'central' };
  return { screen: screen as PageRoute['screen'], id: decode(id) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const toCentral = '#/central';
export const toInbox = '#/inbox';
export const toWall = '#/wall';
export const toRoom = (id: string) => `#/room/${encodeURIComponent(id)}`;

export const route = signal<Route>(parse(location.hash));
/** A wall shows and takes nothing: there is nobody at it. */
export const onWall = computed(() => route.value.screen === 'wall');
addEventListener('hashchange', () => {
  route.value = parse(location.hash);
  scrollTo(0, 0);
});
