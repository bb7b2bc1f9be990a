// HTTP: commands that are retried safely, and refusals in plain words.

import { strings } from './strings';
import {
  fields,
  list,
  number,
  readAll,
  readMe,
  readReading,
  text,
  type Me,
  type Reading,
} from './wire';

export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly recorded: boolean }
  | {
      readonly ok: false;
      readonly status: number;
      readonly message: string;
      readonly problem: unknown;
    };

/** Called when the server no longer knows who asks. */
let signedOut: () => void = () => {};

export function whenSignedOut(call: () => void): void {
  signedOut = call;
}

const BASE = '/api/v1';
const TIMEOUT_MS = 8_000;
const RETRIES = 3;
const RETRY_MS = 400;

/** 128 random bits; `randomUUID` is missing on plain HTTP off this machine. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function get(path: string): Promise<Answer<unknown>> {
  return once('GET', path, undefined, undefined);
}

/** Sends a staff command. Lost answers are asked for again under the same key. */
export async function command(
  method: 'POST' | 'PUT',
  path: string,
  body: object,
): Promise<Answer<unknown>> {
  const key = idempotencyKey();
  for (let tried = 1; ; tried += 1) {
    const answer = await once(method, path, body, key);
    const worthRetrying = !answer.ok && (answer.status === 0 || answer.status === 503);
    if (!worthRetrying || tried === RETRIES) return answer;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS * tried));
  }
}

async function once(
  method: string,
  path: string,
  body: object | undefined,
  key: string | undefined,
): Promise<Answer<unknown>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key !== undefined) headers['Idempotency-Key'] = key;
  try {
    const response = await fetch(BASE + path, {
      method,
      headers,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await response.json().catch(() => null);
    if (response.status === 401 && path !== '/me' && path !== '/login') signedOut();
    if (response.ok) return { ok: true, value, recorded: fields(value)['recorded'] !== false };
    return { ok: false, status: response.status, message: plainWords(value), problem: value };
  } catch {
    return { ok: false, status: 0, message: strings.unreachable, problem: null };
  }
}

/** A problem document as a sentence for staff, with the items that a gate still wants. */
export function plainWords(problem: unknown): string {
  const from = fields(problem);
  const title = text(from['title']);
  const detail = text(from['detail']);
  const sentence =
    detail === '' || detail === title ? title : title === '' ? detail : `${title}: ${detail}`;
  const items = [...list(from['unmet']), ...list(from['items'])]
    .map((item) => text(item) || text(fields(item)['title']) || text(fields(item)['text']))
    .filter((item) => item !== '');
  const unmet = items.length === 0 ? '' : ` ${strings.missingItems} ${items.join('; ')}.`;
  const stopped = sentence === '' || /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
  return (stopped || strings.refused) + unmet;
}

/** Only what the problem's detail says, where nothing else is told: its title is for programs. */
export function detailOf(problem: unknown): string {
  const { detail, unmet, items } = fields(problem);
  const alone = list(unmet).length + list(items).length === 0;
  return (alone && text(detail)) || plainWords(problem);
}

export async function me(): Promise<Me | 'nobody' | 'unreachable'> {
  const answer = await get('/me');
  if (answer.ok) return readMe(answer.value) ?? 'nobody';
  return answer.status === 401 || answer.status === 403 ? 'nobody' : 'unreachable';
}

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
  readonly room: string | null;
  readonly adapter: string;
  readonly link: string;
  readonly last_seen: number | null;
  readonly clock_offset_ms: number | null;
  readonly latest: readonly Reading[];
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
    room: text(from['room']) || null,
    adapter: text(from['adapter']),
    link: text(from['link'], 'down'),
    last_seen: number(from['last_seen']),
    clock_offset_ms: number(from['clock_offset_ms']),
    latest: readAll(from['latest'], (one) => readReading(one)),
  };
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
