// What the server says of every screen. Pure.

import { fields, list, number, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

export interface Screen {
  readonly id: string;
  readonly kind: string;
  readonly who: string;
  readonly connected_at: number;
  readonly heard_at: number;
  readonly can_hear: boolean;
  /** Why it cannot be heard; empty when it can. */
  readonly trouble: string;
  readonly battery: { readonly percent: number; readonly charging: boolean } | null;
  /** Null for all rooms. */
  readonly rooms: readonly string[] | null;
}

export interface Board {
  readonly now: number;
  readonly screens: readonly Screen[];
  /** Rooms that nobody hears. */
  readonly unheard: readonly string[];
}

/** A battery that is not charging lasts no shift from here on. */
export const LOW_PERCENT = 20;

export function readBoard(raw: unknown): Board | null {
  const from = fields<Wire['Screens']>(raw);
  const now = number(from['now']);
  if (now === null) return null;
  return {
    now,
    screens: list(from['screens']).map(readScreen),
    unheard: list(from['unheard']).map((room) => text(room)),
  };
}

function readScreen(raw: unknown): Screen {
  const from = fields<Wire['ConnectedScreen']>(raw);
  const battery = fields(from['battery']);
  const percent = number(battery['percent']);
  const rooms = from['rooms'];
  return {
    id: text(from['id']),
    kind: text(from['kind']),
    who: text(fields(from['person'])['initials']),
    connected_at: number(from['connected_at']) ?? 0,
    heard_at: number(from['heard_at']) ?? 0,
    can_hear: from['can_hear'] === true,
    trouble: from['can_hear'] === true ? '' : text(from['trouble']) || 'not_heard',
    battery: percent === null ? null : { percent, charging: battery['charging'] === true },
    rooms: Array.isArray(rooms) ? rooms.map((room) => text(room)) : null,
  };
}

export function isBatteryLow({ battery }: Screen): boolean {
  return battery !== null && !battery.charging && battery.percent < LOW_PERCENT;
}
