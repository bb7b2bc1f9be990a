// Where this screen is: the part of the address after #.

import { computed, signal } from '@preact/signals';

export type Route =
  | { readonly screen: 'central' | 'inbox' | 'devices' | 'wall' }
  | { readonly screen: 'room'; readonly id: string }
  | { readonly screen: 'rules'; readonly profile: string | null };

export function parse(hash: string): Route {
  const [, screen = '', id = ''] = hash.split('/');
  if (screen === 'room' && id !== '') return { screen, id: decode(id) };
  if (screen === 'rules') return { screen, profile: id === '' ? null : decode(id) };
  if (screen === 'inbox' || screen === 'devices' || screen === 'wall') return { screen };
  return { screen: 'central' };
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
export const toDevices = '#/devices';
export const toRules = (profile?: string) =>
  profile === undefined ? '#/rules' : `#/rules/${encodeURIComponent(profile)}`;
export const toRoom = (id: string) => `#/room/${encodeURIComponent(id)}`;

export const route = signal<Route>(parse(location.hash));
/** A wall shows and takes nothing: there is nobody at it. */
export const onWall = computed(() => route.value.screen === 'wall');
addEventListener('hashchange', () => {
  route.value = parse(location.hash);
  scrollTo(0, 0);
});
