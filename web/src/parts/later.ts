// Parts that several screens share and that come after the first screen, most in one piece with
// what concerns the person in front of it.

import { lazily } from './lazily';

const person = () => import('../person');

export const LinkNotes = lazily(async () => (await import('./LinkNotes')).LinkNotes, '');
export const Altered = lazily(async () => (await person()).Altered, '');
export const Find = lazily(async () => (await person()).Find);
export const KeyList = lazily(async () => (await person()).KeyList);
export const MenuItems = lazily(async () => (await person()).MenuItems);
export const Outcomes = lazily(async () => (await person()).Outcomes);
export const Pad = lazily(async () => (await person()).Pad);
export const NoMonitors = lazily(async () => (await import('./FirstRun')).NoMonitors, '');
export const NoRooms = lazily(async () => (await import('./FirstRun')).NoRooms);
