// Patients as the server tells of them.

import { get, type Answer } from '../api';
import { fields, label, list, number, readAll, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';
import { words } from '../strings/patients';
import { baselineText, givenText, peakText } from '../day/facts';
import { readRemark } from '../day/read';

export interface Patient {
  /** Null for somebody who was never here, or of whom it is not sure. */
  readonly id: string | null;
  readonly initials: string;
  /** Family and given name, as far as they are known. */
  readonly name: string;
  readonly born: string;
  readonly numbers: readonly string[];
  readonly place: string;
  readonly arrived_at: number | null;
  readonly seen_at: number | null;
  /** The room in which their session runs. */
  readonly room: string | null;
  /** A free room that the hospital's system names for them. */
  readonly offered_room: string | null;
  /** As it was sent: for check-in of somebody who was never here. */
  readonly identity: object;
}

const NAME_MAX = 120;

export function readPatient(raw: unknown): Patient | null {
  const from = fields<Wire['ListedPatient']>(raw);
  const who = fields<Wire['Identity']>(from['identity']);
  const id = text(from['id']) || null;
  const names = [label(who['family'], NAME_MAX), label(who['given'], NAME_MAX)];
  return {
    id,
    initials: label(from['initials'], 16),
    name: names.filter((name) => name !== '').join(', '),
    born: text(who['birth_date']),
    numbers: list(who['ids']).map((one) => label(fields(one)['number'], 60)),
    place: label(from['place'], 60),
    arrived_at: number(from['arrived_at']),
    seen_at: number(from['seen_at']),
    room: text(fields(from['session'])['room']) || null,
    offered_room: text(from['offered_room']) || null,
    identity: who,
  };
}

export const whoIs = ({ name, initials }: Patient) => name || initials || words.noName;

/** Of whom a session is opened: by their id where they were here before. */
export const whoToOpenFor = ({ id, identity }: Patient) => (id === null ? { identity } : { id });

/** Those without a session, in their order; who is expected in this room comes first. */
export function expectedIn(room: string, announced: readonly Patient[]): Patient[] {
  const waiting = announced.filter((one) => one.room === null);
  const isHere = ({ offered_room }: Patient) => Number(offered_room === room);
  return waiting.sort((a, b) => isHere(b) - isHere(a));
}

const patientsOf = (answer: Answer<unknown>): Answer<Patient[]> =>
  answer.ok ? { ...answer, value: readAll(fields(answer.value)['patients'], readPatient) } : answer;

/** Who was here, the newest first; all words of `query` are in their names, numbers or birth dates. */
export async function findPatients(query: string): Promise<Answer<Patient[]>> {
  const words = query.trim();
  return patientsOf(
    await get(words === '' ? '/patients' : `/patients?query=${encodeURIComponent(words)}`),
  );
}

/** Whom the hospital's system admitted in the last day. */
export async function arrivedToday(): Promise<Answer<Patient[]>> {
  return patientsOf(await get('/patients?arrived=today'));
}

export interface EarlierSession {
  readonly id: string;
  readonly profile: string;
  readonly phase: string;
  readonly course: string | null;
  readonly number: number | null;
  readonly opened_at: number;
  readonly baseline: string;
  readonly peak: string;
  readonly given: string;
  readonly remarks: readonly { readonly at: number; readonly by: string; readonly text: string }[];
}

export interface Course {
  readonly id: string;
  readonly profile: string;
  readonly planned: number;
  readonly opened_at: number;
  readonly by: string;
}

export interface KnownPatient {
  readonly patient: Patient;
  readonly courses: readonly Course[];
  readonly suggested: { readonly at: number; readonly text: string } | null;
  readonly sessions: readonly EarlierSession[];
}

export async function askForPatient(id: string): Promise<Answer<KnownPatient | null>> {
  const answer = await get(`/patients/${encodeURIComponent(id)}`);
  return answer.ok ? { ...answer, value: readKnown(answer.value) } : answer;
}

export function readKnown(raw: unknown): KnownPatient | null {
  const patient = readPatient(raw);
  if (patient?.id == null) return null;
  const from = fields<Wire['ShownPatient']>(raw);
  const suggested = fields<Wire['SuggestedBaseline']>(from['suggested_baseline']);
  const at = number(suggested['at']);
  return {
    patient,
    courses: readAll(from['courses'], readCourse),
    suggested: at === null ? null : { at, text: baselineText(suggested['baseline']) },
    sessions: readAll(from['sessions'], readEarlier),
  };
}

function readCourse(raw: unknown): Course | null {
  const from = fields<Wire['Course']>(raw);
  const id = text(from['id']);
  if (id === '') return null;
  return {
    id,
    profile: text(from['profile']),
    planned: number(from['planned']) ?? 0,
    opened_at: number(from['opened_at']) ?? 0,
    by: text(from['by']),
  };
}

function readEarlier(raw: unknown): EarlierSession | null {
  const from = fields<Wire['PastSession']>(raw);
  const id = text(from['id']);
  const opened_at = number(from['opened_at']);
  if (id === '' || opened_at === null) return null;
  return {
    id,
    profile: text(from['profile']),
    phase: text(from['phase']),
    course: text(from['course']) || null,
    number: number(from['number']),
    opened_at,
    baseline: baselineText(from['baseline']),
    peak: peakText(from['peak']),
    given: givenText(from['given']),
    remarks: readAll(from['remarks'], readRemark),
  };
}
