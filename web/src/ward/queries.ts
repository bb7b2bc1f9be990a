// What is asked for by the screens that come after the first: profiles, devices, stored readings.

import { get, type Answer } from '../api';
import { readUnknown, type Unknown } from '../devices/unknownCodes';
import { fields, number, readAll, text } from '../stream/fields';
import type { Alert, Reading } from '../stream/shapes';
import { readAlert, readReading } from '../stream/wire';

export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly planned_s: number;
  readonly approved: boolean;
}

export async function profiles(): Promise<Profile[]> {
  const answer = await get('/profiles');
  return answer.ok ? readAll(fields(answer.value)['profiles'], readProfile) : [];
}

function readProfile(raw: unknown): Profile | null {
  const from = fields(raw);
  const name = text(from['name']);
  if (name === '') return null;
  return {
    name,
    title: text(from['title']) || name,
    planned_s: number(from['planned_s']) ?? 2_400,
    approved: from['approved'] !== null && from['approved'] !== undefined,
  };
}

export interface KnownDevice {
  readonly id: string;
  /** What it calls itself, where that is no id and was changed. */
  readonly original: string;
  readonly room: string | null;
  readonly adapter: string;
  readonly link: string;
  readonly last_seen: number | null;
  readonly clock_offset_ms: number | null;
  /** Two senders, beds or patients under one name: it feeds no room until staff decide. */
  readonly conflict: boolean;
  readonly latest: readonly Reading[];
  readonly not_understood: readonly Unknown[];
}

export async function devices(): Promise<Answer<KnownDevice[]>> {
  const answer = await get('/devices');
  return answer.ok
    ? { ...answer, value: readAll(fields(answer.value)['devices'], readKnownDevice) }
    : answer;
}

function readKnownDevice(raw: unknown): KnownDevice | null {
  const from = fields(raw);
  const id = text(from['id']);
  if (id === '') return null;
  return {
    id,
    original: text(from['original']),
    room: text(from['room']) || null,
    adapter: text(from['adapter']),
    link: text(from['link'], 'down'),
    last_seen: number(from['last_seen']),
    clock_offset_ms: number(from['clock_offset_ms']),
    conflict: from['conflict'] === true,
    latest: readAll(from['latest'], (one) => readReading(one)).filter(
      ({ withdrawn }) => withdrawn !== true,
    ),
    not_understood: readAll(from['not_understood'], readUnknown),
  };
}

/** The alerts that were raised from `from` to `to`; null when the server does not say. */
export async function raisedBetween(from: number, to: number): Promise<Alert[] | null> {
  const answer = await get(`/alerts?from=${Math.round(from)}&to=${Math.round(to)}&limit=1000`);
  return answer.ok ? readAll(fields(answer.value)['alerts'], readAlert) : null;
}

/** The pages of a history that are fetched before giving up on its end. */
const PAGES_MAX = 20;

/** Stored readings below `of`, such as `sessions/ID/readings`, oldest first. */
export async function readings(of: string, from: number): Promise<Answer<Reading[]>> {
  const found: Reading[] = [];
  let start = from;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await get(`/${of}?from=${Math.round(start)}&step=5`);
    if (!answer.ok) return answer;
    found.push(...readAll(fields(answer.value)['readings'], (one) => readReading(one)));
    const next = number(fields(answer.value)['next']);
    if (next === null || next <= start) break;
    start = next;
  }
  return { ok: true, value: found, recorded: true };
}
