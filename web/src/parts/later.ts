// What concerns the person in front of the screen comes after the first screen, in one piece.

import { lazily } from './lazily';

const person = () => import('../person');

export const Find = lazily(async () => (await person()).Find);
export const KeyList = lazily(async () => (await person()).KeyList);
export const MenuItems = lazily(async () => (await person()).MenuItems);
export const Outcomes = lazily(async () => (await person()).Outcomes);
export const Pad = lazily(async () => (await person()).Pad);
