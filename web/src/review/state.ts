// Where somebody looks in a past session: what is drawn large, and the cursor in it.

import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { lastIndex, limitsAt, levelOf, nextAlert, pressureAt, valueAt } from './at';
import { scalesOf, type Scales } from './places';
import type { Course, PastAlert } from './read';
import { rowsOf, type Row, type Step } from './rows';
import { showing, type Window } from './window';

export interface Looking {
  readonly course: Course;
  readonly whole: Window;
  readonly window: Signal<Window>;
  readonly cursor: Signal<number>;
  /** The alert to which somebody jumped; null once the cursor is elsewhere. */
  readonly alert: Signal<string | null>;
  readonly step: Signal<Step>;
  readonly rows: ReadonlySignal<readonly Row[]>;
  /** The other session that lies under this one, as if it had started when this one did. */
  readonly under: Signal<Course | null>;
  /** Of the whole session: they do not change with the window. */
  readonly scales: ReadonlySignal<Scales>;
}

export function look(course: Course): Looking {
  const whole = { from: course.from, to: course.to };
  const step = signal<Step>(course.lines.length > 1 ? 'readings' : 5);
  const under = signal<Course | null>(null);
  const first =
    course.alerts.find(({ priority }) => priority === 'high') ?? course.alerts.at(0) ?? null;
  return {
    course,
    whole,
    window: signal(whole),
    cursor: signal(first?.worst_at ?? course.started_at ?? course.from),
    alert: signal(first?.id ?? null),
    step,
    rows: computed(() => rowsOf(course, step.value)),
    under,
    scales: computed(() => scalesOf(course, under.value)),
  };
}

/** Moves the cursor, and the window where the cursor would not be in it. */
export function goTo({ cursor, window, whole, alert }: Looking, at: number, of?: string): void {
  cursor.value = Math.min(whole.to, Math.max(whole.from, at));
  alert.value = of ?? null;
  window.value = showing(window.value, cursor.value, whole);
}

/** The cursor where the finger is: the window stays. */
export function pointTo({ cursor, alert }: Looking, at: number): void {
  cursor.value = at;
  alert.value = null;
}

export function jump(looking: Looking, step: 1 | -1): void {
  const { course, alert, cursor } = looking;
  const to = nextAlert(course.alerts, alert.value, cursor.value, step);
  if (to !== null) goToAlert(looking, to);
}

export function goToAlert(looking: Looking, { id, worst_at }: PastAlert): void {
  goTo(looking, worst_at, id);
}

/** What of a vital is at the cursor. */
export function atCursor(course: Course, time: number) {
  const set = limitsAt(course.limits, time);
  const of = (vital: 'hr' | 'spo2') => {
    const monitor = valueAt(course[vital], time);
    const limited = vital === 'hr' ? ('heart_rate' as const) : vital;
    const { value } = monitor;
    return { ...monitor, level: value === null ? (0 as const) : levelOf(set, limited, value) };
  };
  return { hr: of('hr'), spo2: of('spo2'), pressure: pressureAt(course.pressures, time), set };
}

/** Whether there is anything to draw. */
export const isEmpty = ({ hr, spo2, pressures, hand }: Course): boolean =>
  hr.at.length + spo2.at.length + pressures.length + hand.length === 0;

/** When the drug ended: after it times are counted from there. */
export function endOfDrug({ runs }: Course): number | null {
  const ends = runs.map(({ to }) => to);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** The time of the value before or after the cursor, so that a key goes from one to the next. */
export function stepped({ hr, spo2 }: Course, time: number, by: number): number {
  const curve = hr.at.length >= spo2.at.length ? hr : spo2;
  const index = lastIndex(curve.at, time + by);
  const at = curve.at[index];
  // In a gap the cursor goes on by time.
  const isNear = at !== undefined && Math.abs(at - (time + by)) < Math.abs(by);
  return isNear && at !== time ? at : time + by;
}
