// What was typed while the server could not be reached: kept on this device, and sent once. Pure.

import { fields, label, list, number, text } from '../stream/fields';

export interface Kept {
  /** Under which it is sent as often as it takes, and counts once. */
  readonly key: string;
  readonly session: string;
  /** The name of who typed it: it goes out under no other. */
  readonly by: string;
  readonly what: string;
  readonly at: number;
  readonly event: { readonly type: string };
}

/** A bound on what one device keeps. */
export const KEPT_MAX = 40;
/** The server knows a key for a day: what is older could count twice. */
export const SEND_WITHIN_MS = 23 * 3_600_000;

/** What may wait: an entry for the record. What decides something now may not. */
const MAY_WAIT: ReadonlySet<string> = new Set([
  'symptom',
  'score',
  'note',
  'medication',
  'oxygen',
  'adverse_event',
  'manual_vitals',
  'rate_change',
]);

export function mayWait({ type }: { readonly type: string }): boolean {
  return MAY_WAIT.has(type);
}

/** As it was stored; what cannot be read is left out. */
export function readKept(stored: string | null): Kept[] {
  let raw: unknown = null;
  try {
    raw = JSON.parse(stored ?? '[]');
  } catch {
    return [];
  }
  return list(raw)
    .slice(0, KEPT_MAX)
    .flatMap((one) => {
      const from = fields(one);
      const [key, session, by] = [text(from['key']), text(from['session']), text(from['by'])];
      const at = number(from['at']);
      const event = fields(from['event']);
      const type = text(event['type']);
      if (key === '' || session === '' || at === null || !mayWait({ type })) return [];
      return [{ key, session, by, at, what: label(from['what'], 120), event: { ...event, type } }];
    });
}

/** Null when there is no room for it: then nothing is kept, and the person is told. */
export function keep(all: readonly Kept[], next: Kept): Kept[] | null {
  if (all.some(({ key }) => key === next.key)) return [...all];
  return all.length >= KEPT_MAX ? null : [...all, next];
}

export interface Sorted {
  /** Oldest first. */
  readonly send: readonly Kept[];
  /** Somebody else is signed in. */
  readonly wait: readonly Kept[];
  /** No longer sent by itself. */
  readonly old: readonly Kept[];
}

export function sort(all: readonly Kept[], name: string | undefined, now: number): Sorted {
  const isOld = ({ at }: Kept) => now - at > SEND_WITHIN_MS;
  const young = all.filter((one) => !isOld(one));
  return {
    send: young.filter(({ by }) => by === name).sort((a, b) => a.at - b.at),
    wait: young.filter(({ by }) => by !== name),
    old: all.filter(isOld),
  };
}
