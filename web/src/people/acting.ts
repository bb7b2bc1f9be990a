// Who acts at this screen once somebody has said so with PIN or password. The server decides who acts;
// this is what it answered.

import { computed, signal } from '@preact/signals';
import { second } from '../clock';

export interface Acting {
  readonly name: string;
  readonly initials: string;
  /** What they may do here: by a PIN no more than a nurse. */
  readonly role: string;
  readonly until: number;
}

/** Rises when the server has to be asked who acts here. */
export const asksWhoActs = signal(0);

export const acting = signal<Acting | null>(null);

/** Null once the two minutes are over: whoever is signed in acts again. */
export const actsNow = computed(() =>
  acting.value !== null && acting.value.until > second.value ? acting.value : null,
);

/** The pad on which people say who they are. */
export const padOpen = signal(false);
