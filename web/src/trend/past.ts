// What earlier sessions of a patient's course say for this one. The server keeps it; nothing of it
// is taken over by itself.

import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { get } from '../api';
import { fields, label, number, readAll, text } from '../stream/fields';
import type { Session, Wire } from '../stream/shapes';

type Values = Readonly<Record<string, number>>;

export interface PastSession {
  readonly id: string;
  readonly at: number;
  readonly started_at: number | null;
  /** Which treatment of the course it was. */
  readonly number: number | null;
  readonly baseline: Values;
  /** Highest pressures and heart rate, lowest saturation. */
  readonly peak: Values;
  readonly mg: number | null;
  readonly remarks: readonly string[];
}

export interface Past {
  /** The newest first, without the session of now. */
  readonly sessions: readonly PastSession[];
  /** What was accepted as normal the last time: to be looked at. */
  readonly suggested: { readonly at: number; readonly baseline: Values } | null;
}

const REMARKS_KEPT = 6;

export function readPast(raw: unknown, session: string, profile: string): Past {
  const from = fields<Wire['ShownCourse']>(raw);
  const { at, baseline } = fields<Wire['SuggestedBaseline']>(from.suggested_baseline);
  const values = valuesOf(baseline);
  const then = number(at);
  const suggests = then !== null && Object.keys(values).length > 0;
  return {
    // Of another drug nothing compares.
    sessions: readAll(from.sessions, (one) =>
      fields<Wire['PastSession']>(one).profile === profile ? readSession(one) : null,
    ).filter(({ id }) => id !== session),
    suggested: suggests ? { at: then, baseline: values } : null,
  };
}

function readSession(raw: unknown): PastSession | null {
  const from = fields<Wire['PastSession']>(raw);
  const at = number(from.opened_at);
  const id = text(from.id);
  if (at === null || id === '') return null;
  return {
    id,
    at,
    started_at: number(from.started_at),
    number: number(from.number),
    baseline: valuesOf(from.baseline),
    peak: valuesOf(from.peak),
    mg: number(fields<Wire['GivenDose']>(from.given).mg),
    remarks: readAll(
      from.remarks,
      (one) => label(fields<Wire['Remark']>(one).text, 200) || null,
    ).slice(-REMARKS_KEPT),
  };
}

function valuesOf(raw: unknown): Values {
  const found = Object.entries(fields(raw)).flatMap(([name, value]) => {
    const one = number(value);
    return one === null ? [] : [[name, one] as const];
  });
  return Object.fromEntries(found);
}

/** Where the server has the earlier sessions of whom this one is about; null where it has none. */
export function placeOf({ raw }: Session): string | null {
  const { course, id } = fields<Wire['Patient']>(fields<Wire['Session']>(raw).patient);
  if (text(course) !== '') return `/courses/${encodeURIComponent(text(course))}`;
  return text(id) === '' ? null : `/patients/${encodeURIComponent(text(id))}`;
}

const known = new Map<string, Signal<Past | null>>();
const SESSIONS_KEPT = 20;

/** Asked for once in a session: what is over does not change. Null until the server has said. */
export function pastOf(session: Session): ReadonlySignal<Past | null> {
  const place = placeOf(session);
  const key = `${session.id} ${place}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= SESSIONS_KEPT) known.clear();
  const past = signal<Past | null>(null);
  known.set(key, past);
  if (place !== null)
    void get(place).then((answer) => {
      if (answer.ok) past.value = readPast(answer.value, session.id, session.profile);
      // Asked again when it is next wanted.
      else known.delete(key);
    });
  return past;
}

/** Those that can lie under today's values: aligned at the start, they have one. */
export function comparable(past: Past | null): readonly PastSession[] {
  return past?.sessions.filter(({ started_at }) => started_at !== null) ?? [];
}
