// How a record is kept, as the server tells it.

import { fields, number, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

export interface Removal {
  readonly at: number;
  /** By initials; null where the program did it, as configured. */
  readonly by: string | null;
  readonly reason: string;
}

export interface Kept {
  readonly ended_at: number | null;
  readonly seal_due_at: number | null;
  readonly sealed_at: number | null;
  readonly delete_due_at: number | null;
  readonly redacted: Removal | null;
  readonly deleted: Removal | null;
}

export function readKeeping(raw: unknown): Kept {
  const from = fields<Wire['Keeping']>(raw);
  return {
    ended_at: number(from['ended_at']),
    seal_due_at: number(from['seal_due_at']),
    sealed_at: number(from['sealed_at']),
    delete_due_at: number(from['delete_due_at']),
    redacted: readRemoval(from['redacted']),
    deleted: readRemoval(from['deleted']),
  };
}

function readRemoval(raw: unknown): Removal | null {
  const from = fields<Wire['Removal']>(raw);
  const at = number(from['at']);
  return at === null ? null : { at, by: text(from['by']) || null, reason: text(from['reason']) };
}

const MAY = ['lead', 'prescriber', 'admin'];

/** Whether who is here may remove something, by their own sign-in or as who acts. */
export function mayRemove(
  acts: { readonly role: string } | null,
  signedIn: { readonly role: string } | null | undefined,
): boolean {
  return [acts?.role, signedIn?.role].some((role) => role !== undefined && MAY.includes(role));
}
