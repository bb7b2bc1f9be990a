// The rules of a profile, as the server says them in sentences.

import { get, type Answer } from '../api';
import { fields, list, number, readAll, text } from '../stream/fields';
import type { Priority } from '../stream/shapes';

export interface Approval {
  readonly by: string;
  readonly at: number;
}

export interface Listed {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  readonly planned_s: number | null;
  readonly approved: Approval | null;
}

export interface Stage {
  readonly priority: Priority;
  readonly name: string;
  readonly text: string;
}

export interface Section {
  readonly condition: string;
  readonly title: string;
  readonly kind: string;
  readonly when: string;
  readonly stages: readonly Stage[];
  readonly clears: string;
  readonly note: string;
}

export interface Rules extends Listed {
  readonly cadence: readonly string[];
  readonly sections: readonly Section[];
}

export async function listed(): Promise<Answer<Listed[]>> {
  const answer = await get('/profiles');
  if (!answer.ok) return answer;
  return { ...answer, value: readAll(fields(answer.value)['profiles'], readListed) };
}

export async function rulesOf(name: string): Promise<Answer<Rules | null>> {
  const answer = await get(`/profiles/${encodeURIComponent(name)}/rules`);
  return answer.ok ? { ...answer, value: readRules(answer.value) } : answer;
}

export function readListed(raw: unknown): Listed | null {
  const from = fields(raw);
  const name = text(from['name']);
  if (name === '') return null;
  const approved = fields(from['approved']);
  const by = text(approved['by']);
  return {
    name,
    title: text(from['title']) || name,
    version: number(from['version']) ?? 0,
    planned_s: number(from['planned_s']),
    // Without a name nobody answers for it.
    approved: by === '' ? null : { by, at: number(approved['at']) ?? 0 },
  };
}

export function readRules(raw: unknown): Rules | null {
  const profile = readListed(raw);
  const from = fields(raw);
  if (profile === null) return null;
  return {
    ...profile,
    cadence: list(from['cadence']).map((line) => text(line)),
    sections: readAll(from['sections'], readSection),
  };
}

function readSection(raw: unknown): Section | null {
  const from = fields(raw);
  const condition = text(from['condition']);
  const title = text(from['title']) || condition.replaceAll('_', ' ');
  if (title === '') return null;
  return {
    condition,
    title,
    kind: text(from['kind']),
    when: text(from['when']),
    stages: readAll(from['stages'], readStage),
    clears: text(from['clears']),
    note: text(from['note']),
  };
}

function readStage(raw: unknown): Stage | null {
  const from = fields(raw);
  const sentence = text(from['text']);
  const priority = text(from['priority']);
  if (sentence === '') return null;
  return {
    // As with alerts: what this page does not know is shown as the most urgent.
    priority: priority === 'low' || priority === 'medium' ? priority : 'high',
    name: text(from['name']),
    text: sentence,
  };
}

export interface Group {
  readonly kind: string;
  readonly sections: readonly Section[];
}

const KINDS = ['physiological', 'technical'];

/** The patient first, then the measuring, then whatever a newer server adds. None is left out. */
export function grouped(sections: readonly Section[]): Group[] {
  const rank = (kind: string) => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);
  const groups = [...KINDS, ''].map((kind, index) => ({
    kind,
    sections: sections.filter((section) => rank(section.kind) === index),
  }));
  return groups.filter((group) => group.sections.length > 0);
}

const APPROVERS: ReadonlySet<string> = new Set(['prescriber', 'admin']);

export function mayApprove(role: string): boolean {
  return APPROVERS.has(role);
}
