// The story of a demo: one line at a time, with what to try.

import { signal } from '@preact/signals';
import { get } from '../api';
import { fields, number, readAll, text } from '../stream/fields';

export interface Caption {
  /** From when on, by the server's clock; until the next one. */
  readonly at: number;
  readonly room: string | null;
  readonly text: string;
}

/** None where this is no demo. */
export const captions = signal<readonly Caption[]>([]);

export async function askForStory(): Promise<void> {
  const answer = await get('/demo');
  if (answer.ok) captions.value = readAll(fields(answer.value)['captions'], readCaption);
}

export function readCaption(raw: unknown): Caption | null {
  const from = fields(raw);
  const at = number(from['at']);
  const line = text(from['text']);
  return at === null || line === '' ? null : { at, room: text(from['room']) || null, text: line };
}

/** The line that is told at this time. */
export function toldAt(story: readonly Caption[], now: number): Caption | null {
  return story.findLast((caption) => caption.at <= now) ?? null;
}
