// From what staff typed to the event that is recorded. Pure.

import type { Bounds, PersonalLimit } from '../stream/shapes';
import { words } from '../strings/record';

export type Typed = Readonly<Record<string, string>>;

export type Made<Event> =
  | { readonly event: Event; readonly wrong?: never }
  | { readonly wrong: string; readonly event?: never };

/** `36,8` as well as `36.8`; null for what is no number. */
export function decimal(typed: string): number | null {
  const plain = typed.trim().replace(',', '.').replace('−', '-');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/** The fields that are filled in, as numbers; or the first that is none. */
function numbers(typed: Typed, labels: Readonly<Record<string, string>>): Made<Filled> {
  const found: Record<string, number> = {};
  for (const [name, label] of Object.entries(labels)) {
    const text = typed[name]?.trim() ?? '';
    if (text === '') continue;
    const value = decimal(text);
    if (value === null) return { wrong: words.notANumber(label) };
    found[name] = value;
  }
  return { event: found };
}

type Filled = Readonly<Record<string, number>>;

export interface ManualVitals extends Readonly<Record<string, number | string>> {
  readonly type: 'manual_vitals';
}

export function manualVitals(typed: Typed): Made<ManualVitals> {
  const labels = Object.fromEntries(
    Object.entries(words.vitals).map(([name, [label]]) => [name, label]),
  );
  const made = numbers(typed, labels);
  if (made.event === undefined) return made;
  if (Object.keys(made.event).length === 0) return { wrong: words.fillIn };
  return { event: { type: 'manual_vitals', ...made.event } };
}

export interface RateChange {
  readonly type: 'rate_change';
  /** Left out when nobody knows it. */
  readonly from?: number;
  readonly to: number;
  readonly unit: string;
}

export function rateChange(typed: Typed, unit: string): Made<RateChange> {
  const made = numbers(typed, { from: words.from, to: words.to });
  if (made.event === undefined) return made;
  const { from, to } = made.event;
  if (to === undefined) return { wrong: words.fillIn };
  return { event: { type: 'rate_change', ...(from === undefined ? {} : { from }), to, unit } };
}

export interface Limits {
  readonly type: 'limits';
  readonly limits: Readonly<Record<string, Filled | null>>;
  readonly reason: string;
}

/** Limits of this patient's own for one condition; `takeAway` gives back those of the profile. */
export function ownLimits(condition: string, typed: Typed, takeAway = false): Made<Limits> {
  const reason = typed['reason']?.trim() ?? '';
  if (reason === '') return { wrong: words.noReason };
  const rest = { type: 'limits' as const, reason };
  if (takeAway) return { event: { ...rest, limits: { [condition]: null } } };
  const made = numbers(typed, words.stages);
  if (made.event === undefined) return made;
  if (Object.keys(made.event).length === 0) return { wrong: words.fillIn };
  return { event: { ...rest, limits: { [condition]: made.event } } };
}

/** The name under which a session lists the current limits of a condition. */
export function vitalOf(condition: string): string {
  return condition.replace(/_(low|high)$/, '').replace(/^hr$/, 'heart_rate');
}

interface Now {
  /** The patient's own of now. */
  readonly own: PersonalLimit | undefined;
  /** What alerts now. */
  readonly bounds: Bounds | undefined;
}

/** Whether what is typed is looser than what counts now. The server has the last word. */
export function loosens(condition: string, typed: Typed, { own, bounds }: Now): boolean {
  const isLow = condition.endsWith('_low');
  const now = {
    caution: isLow ? bounds?.low : bounds?.high,
    urgent: own?.urgent,
    extreme: own?.extreme,
  };
  return (['caution', 'urgent', 'extreme'] as const).some((stage) => {
    const value = decimal(typed[stage] ?? '');
    const known = now[stage] ?? null;
    if (value === null || known === null) return false;
    return isLow ? value < known : value > known;
  });
}
