// Numbers and times as staff read them: 24 h, tabular, minus is −.

import { strings } from './strings';

const two = (value: number) => String(value).padStart(2, '0');

const clockIn = (timeZone: string | undefined) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', timeStyle: 'medium' });

/** The clinic's zone. Until the server has sent it, this device's. */
export let zone: string | undefined;
let clock = clockIn(zone);

export function setZone(name: string | null): void {
  try {
    clock = clockIn(name ?? undefined);
    zone = name ?? undefined;
  } catch {
    // A zone that this browser does not know: its own is the best that it has.
  }
}

/** No date is further from 1970. */
const FURTHEST_MS = 8.64e15;

/** `12:05:09`, in the clinic's time zone. */
export function clockTime(at: number): string {
  return Math.abs(at) <= FURTHEST_MS ? clock.format(at) : strings.missing;
}

/** `12:05` */
export function hourMinute(at: number): string {
  return clockTime(at).slice(0, 5);
}

/** `0:07`, `12:30`, `72:05`; from 100 minutes `2:05:09`. Never negative. */
export function span(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const minutes = Math.floor(total / 60);
  const seconds = two(total % 60);
  if (minutes < 100) return `${minutes}:${seconds}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${seconds}`;
}

/** `just now`, `3 min ago`: the age of a blood pressure. */
export function minutesAgo(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 1 ? strings.justNow : strings.minutesAgo(minutes);
}

/** `+24`, `−13`, `±0` */
export function signed(value: number): string {
  const rounded = Math.round(value);
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : '±0';
}

/** The chemical subscript that plain text from the server lacks. */
export function pretty(text: string): string {
  return text.replaceAll('SpO2', 'SpO₂');
}
