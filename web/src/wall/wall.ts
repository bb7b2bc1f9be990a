// What a wall may show, and where. Pure.

import type { Session } from '../stream/shapes';

/** What anybody who passes may read: no drug, nothing that staff noted, initials only if wanted. */
export function forWall(session: Session | null, withInitials: boolean): Session | null {
  if (session === null) return null;
  return {
    ...session,
    initials: withInitials ? session.initials : '',
    profile: '',
    title: '',
    events: [],
    tasks: [],
    personal_limits: [],
    known_low: false,
    symptoms: [],
    raw: null,
  };
}

const STEP_PX = 2;
const MINUTE_MS = 60_000;
/** Once around a square, in steps, so that no edge is on the same dots for hours. */
const PATH = [
  [0, 0],
  [1, 0],
  [2, 0],
  [2, 1],
  [2, 2],
  [1, 2],
  [0, 2],
  [0, 1],
] as const;

/** By how much the picture is shifted in this minute, in px: two more or fewer than in the last. */
export function shiftAt(now: number): readonly [x: number, y: number] {
  const minute = Math.floor(Math.max(0, now) / MINUTE_MS);
  const [x, y] = PATH[minute % PATH.length] ?? PATH[0];
  return [x * STEP_PX, y * STEP_PX];
}

/** How often this wall has reloaded itself in a row, and when last. */
export interface Reloads {
  readonly count: number;
  readonly at: number;
}

const WAITS_MS = [0, 1, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);

/** A page that reloads itself in vain waits longer each time. */
export function mayReload({ count, at }: Reloads, now: number): boolean {
  const wait_ms = WAITS_MS[Math.min(count, WAITS_MS.length - 1)] ?? 0;
  return count === 0 || now - at >= wait_ms;
}

/** This wall's part of the rooms, in floor order: each room is on one wall, also a new one. */
export function partOf<T>(rooms: readonly T[], part: number, of: number): readonly T[] {
  const upTo = (walls: number) => Math.round((rooms.length * walls) / of);
  return rooms.slice(upTo(part - 1), upTo(part));
}
