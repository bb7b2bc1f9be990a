// Where a day's sessions are drawn. Pure.

/** A span of a room, by the server's clock. */
export interface Block {
  readonly id: string;
  readonly room: string;
  readonly from: number;
  /** Where it ended, or is expected to. */
  readonly to: number;
  /** The infusion, as far as it is known or planned. */
  readonly infusion: readonly [number, number] | null;
}

interface Course {
  readonly id: string;
  readonly room: string;
  readonly opened_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly planned_s: number;
}

const HOUR_MS = 3_600_000;
const SHORTEST_DAY_MS = 6 * HOUR_MS;
/** A session that has not begun its infusion is drawn as long as one that begins now. */
const AT_LEAST_MS = 20 * 60_000;

/** What a session takes of its room's day. */
export function block(session: Course, now: number): Block {
  const { id, room, opened_at, started_at, ended_at } = session;
  const planned_ms = session.planned_s * 1_000;
  const runs = ended_at === null;
  const start = started_at ?? (runs ? now : null);
  const end = ended_at ?? Math.max(now, (start ?? now) + planned_ms, opened_at + AT_LEAST_MS);
  const planned: readonly [number, number] | null =
    started_at === null || planned_ms === 0
      ? null
      : [started_at, Math.min(started_at + planned_ms, end)];
  return { id, room, from: opened_at, to: Math.max(end, opened_at), infusion: planned };
}

export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Each full hour within. */
  readonly hours: readonly number[];
}

/** Whole hours around everything, and around `now` where the day is the present one. */
export function axis(
  blocks: readonly Block[],
  day: { readonly from: number; readonly to: number },
  now: number | null,
): Axis {
  const within = (at: number) => Math.min(Math.max(at, day.from), day.to);
  const starts = blocks.map(({ from }) => within(from));
  const ends = blocks.map(({ to }) => within(to));
  if (now !== null) {
    starts.push(now);
    ends.push(now + HOUR_MS);
  }
  if (starts.length === 0) {
    starts.push(day.from + 8 * HOUR_MS);
    ends.push(day.from + 8 * HOUR_MS);
  }
  // By the day's own beginning: not every zone is whole hours from the world's.
  const hourOf = (at: number) => day.from + Math.floor((at - day.from) / HOUR_MS) * HOUR_MS;
  const end = Math.max(...ends);
  const first = hourOf(Math.min(...starts));
  // Late in the evening there is room before, and not after: that is another day.
  const beforeMidnight = hourOf(Math.max(day.to, end) - SHORTEST_DAY_MS);
  const from = Math.max(day.from, Math.min(first, beforeMidnight));
  const last = Math.max(end, from + SHORTEST_DAY_MS);
  const to = hourOf(last) + (hourOf(last) === last ? 0 : HOUR_MS);
  const hours: number[] = [];
  for (let at = from; at <= to; at += HOUR_MS) hours.push(at);
  return { from, to, hours };
}

/** Where a moment is, as a share of the axis from 0 to 1. */
export function share({ from, to }: Axis, at: number): number {
  return Math.min(1, Math.max(0, (at - from) / Math.max(1, to - from)));
}

/** A session is drawn no narrower than this share of the axis: it must be read and touched. */
export const NARROWEST = 0.07;

/** Which line of its room each block is on: those that would lie over each other are below. */
export function lanes(blocks: readonly Block[], on: Axis): Map<string, number> {
  const lane = new Map<string, number>();
  const ends: number[] = [];
  for (const one of [...blocks].sort((a, b) => a.from - b.from)) {
    const left = Math.min(share(on, one.from), 1 - NARROWEST);
    const free = ends.findIndex((end) => end <= left);
    const index = free === -1 ? ends.length : free;
    ends[index] = Math.max(share(on, one.to), left + NARROWEST);
    lane.set(one.id, index);
  }
  return lane;
}

/** `2026-11-29` and a number of days: another date. */
export function otherDate(date: string, days: number): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : new Date(at + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

/** `Sunday 29 November` */
export function dateInWords(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return date;
  const words = { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' } as const;
  return new Date(at).toLocaleDateString('en-GB', words).replace(',', '');
}
