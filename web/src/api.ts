// HTTP: commands that are retried safely, and refusals in plain words.

import { strings } from './strings';
import { fields, list, text } from './stream/fields';
import type { Me } from './stream/shapes';
import { readMe } from './stream/wire';

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

/** The name of who acts at this screen; commands are given under it. */
let name: () => string | undefined = () => undefined;

export function actAs(call: () => string | undefined): void {
  name = call;
}

const BASE = '/api/v1';
const TIMEOUT_MS = 8_000;
/** Who is there is asked for again and again: a hung server is one that does not answer. */
const ME_TIMEOUT_MS = 4_000;
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
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body: object,
  key = idempotencyKey(),
): Promise<Answer<unknown>> {
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
  const as = path === '/login' || path === '/identify' ? undefined : name();
  if (method !== 'GET' && as !== undefined) headers['Dripwatch-As'] = encodeURIComponent(as);
  try {
    const response = await fetch(BASE + path, {
      method,
      headers,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(path === '/me' ? ME_TIMEOUT_MS : TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await response.json().catch(() => null);
    const isOther = fields(value)['code'] === 'not_as_named';
    if (isOther || (response.status === 401 && path !== '/me' && path !== '/login')) signedOut();
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

export async function me(): Promise<Me | 'nobody' | 'unreachable'> {
  const answer = await get('/me');
  if (answer.ok) return readMe(answer.value) ?? 'nobody';
  return answer.status === 401 || answer.status === 403 ? 'nobody' : 'unreachable';
}
