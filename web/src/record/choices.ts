// What a profile offers for recording.

import { get, type Answer } from '../api';
import { fields, list, number, readAll, text } from '../stream/fields';
import type { SessionEvent } from '../stream/shapes';

export interface Choice {
  readonly name: string;
  readonly text: string;
}

export interface Score extends Choice {
  readonly lowest: number;
  readonly highest: number;
  /** What each value means, from the lowest on; empty when numbers say enough. */
  readonly meanings: readonly string[];
}

export interface Choices {
  readonly symptoms: readonly Choice[];
  readonly scores: readonly Score[];
  /** Conditions that have limits which a patient may have of their own. */
  readonly limits: readonly Choice[];
}

/** What the server last sent of each profile: the sheet opens at once and is then updated. */
const known = new Map<string, Choices>();

export function knownChoices(profile: string): Choices | null {
  return known.get(profile) ?? null;
}

export async function choices(profile: string): Promise<Answer<Choices>> {
  const answer = await get(`/profiles/${encodeURIComponent(profile)}`);
  if (!answer.ok) return answer;
  const value = readChoices(answer.value);
  known.set(profile, value);
  return { ...answer, value };
}

export function readChoices(raw: unknown): Choices {
  const from = fields(raw);
  return {
    symptoms: readAll(from['symptoms'], (one) => readChoice(one, 'name')),
    scores: readAll(from['scores'], readScore),
    limits: readAll(from['conditions'], (one) => readChoice(one, 'condition')).filter(hasLimits),
  };
}

function readChoice(raw: unknown, key: string): Choice | null {
  const from = fields(raw);
  const name = text(from[key]);
  return name === '' ? null : { name, text: text(from['text']) || name.replaceAll('_', ' ') };
}

function readScore(raw: unknown): Score | null {
  const choice = readChoice(raw, 'name');
  const from = fields(raw);
  const lowest = number(from['lowest']);
  const highest = number(from['highest']);
  if (choice === null || lowest === null || highest === null || highest < lowest) return null;
  const meanings = list(from['meanings']).map((meaning) => text(meaning));
  return { ...choice, lowest, highest, meanings };
}

/** A value of the patient below or above a number: not a fall, a symptom, or a full disk. */
function hasLimits({ name }: Choice): boolean {
  return /^(spo2|hr|systolic|diastolic|resp_rate|temp)_(low|high)$/.test(name);
}

/** What was last entered on a score, and when; nothing that was withdrawn. */
export function lastScore(events: readonly SessionEvent[], { text: of }: Score) {
  const last = events.findLast(
    (event) =>
      event.type === 'score' && event.withdrawn === null && event.text.startsWith(`${of} `),
  );
  return last === undefined ? null : { value: last.text.slice(of.length + 1), at: last.at };
}
