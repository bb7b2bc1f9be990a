import { signal } from '@preact/signals';

/** The server has another page than this one, as `served.ts` finds out. */
export const older = signal(false);
