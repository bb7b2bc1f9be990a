// What the keys, and the buttons that do the same, open; the keyboard itself is in
// `page/keyboard.ts`.

import { signal } from '@preact/signals';

export const helpOpen = signal(false);
/** The sheet on which staff record what happens in the open room. */
export const recordOpen = signal(false);
/** The page of that sheet that is wanted, when it is not the first. */
export const recordPage = signal<'vitals' | 'limits' | 'medication' | null>(null);
export const findOpen = signal(false);
