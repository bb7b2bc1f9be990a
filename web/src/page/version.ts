import { signal } from '@preact/signals';

/** The server has another page than this one, as `update.ts` finds out. */
export const older = signal(false);
