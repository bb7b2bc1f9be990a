// An act for which the server wants to know first who does it: the pad opens in place, and once
// somebody has said so the act is sent once more.

import { effect, signal, untracked } from '@preact/signals';
import { acting, padOpen } from './acting';
import { end } from './identify';
import { askWho } from './Who';
import { idempotencyKey, type Answer } from '../api';
import { detailOf } from '../problem';
import { route } from '../route';
import { fields, text } from '../stream/fields';

export interface Asked {
  /** What the server says of it. */
  readonly why: string;
  /** A PIN is not enough. */
  readonly password: boolean;
}

/** Why the pad is open, where an act waits for it. */
export const asked = signal<Asked | null>(null);

const CODES: ReadonlySet<string> = new Set(['needs_identity', 'needs_password']);
/** What waited for longer is not what the person at the pad has in mind. */
const WAITS_MS = 120_000;

/** Whether the server wants to know first who does it, and by what. */
export function whatIsAsked(answer: Answer<unknown>): Asked | null {
  if (answer.ok) return null;
  const code = text(fields(answer.problem)['code']);
  if (!CODES.has(code)) return null;
  return { why: detailOf(answer.problem), password: code === 'needs_password' };
}

/**
 * Does `act`, and once more after somebody has said who they are where the server asks for it. A
 * key is answered once and the first one was refused, so that the second try has its own: under
 * it the act counts once, however often it is sent.
 */
export async function byWhom(
  act: (key: string) => Promise<Answer<unknown>>,
  key = idempotencyKey(),
): Promise<Answer<unknown>> {
  const answer = await act(key);
  const what = whatIsAsked(answer);
  if (what === null || !(await saysWho(what))) return answer;
  const again = await act(idempotencyKey());
  if (what.password) await leaves();
  return again;
}

/**
 * Whoever came to this screen for one decision does not go on acting in the place of who works
 * there: what is tapped next is not theirs.
 */
export async function leaves(): Promise<void> {
  if (acting.peek() !== null) await end();
}

/** Whether somebody said who they are before the pad was closed, or the screen left. */
export function saysWho(what: Asked): Promise<boolean> {
  const before = acting.peek();
  const here = route.peek();
  asked.value = what;
  askWho();
  return new Promise((resolve) => {
    const end = (said: boolean) => {
      clearTimeout(timer);
      stop();
      if (asked.peek() === what) asked.value = null;
      resolve(said);
    };
    const timer = setTimeout(() => end(false), WAITS_MS);
    let stop = () => {};
    stop = effect(() => {
      const isOpen = padOpen.value;
      const isHere = route.value === here;
      if (isOpen && isHere) return;
      // After the effect has its end, by which it is stopped.
      queueMicrotask(() =>
        end(untracked(() => isHere && acting.peek() !== null && acting.peek() !== before)),
      );
    });
  });
}
