// What each rule did in a week, as the server counts it.

import { get, type Answer } from '../api';
import { dayIn } from '../parts/dayIn';
import { fields, number, readAll, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The Monday of the week that a day is in. */
export function mondayOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return dayAfter(date, -((day + 6) % WEEK_DAYS));
}

/** So many weeks later. */
export const weeksLater = (monday: string, weeks: number): string =>
  dayAfter(monday, weeks * WEEK_DAYS);

export const sundayOf = (monday: string): string => dayAfter(monday, WEEK_DAYS - 1);

/** The day that the clinic's clock shows at this time. */
export function dateAt(at: number, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at);
}

export interface Rule {
  readonly condition: string;
  readonly profile: string | null;
  readonly count: number;
  readonly perSession: number | null;
  readonly withOutcome: number;
  readonly missing: number;
  readonly actionable: number | null;
  readonly never: number;
  readonly median_s: number | null;
  readonly centile_s: number | null;
}

export interface Deserving {
  readonly condition: string;
  readonly profile: string;
  readonly count: number;
  readonly withOutcome: number;
  readonly notActionable: number;
  readonly score: number;
}

export interface Figures {
  readonly sessions: number;
  readonly rules: readonly Rule[];
  readonly deserving: readonly Deserving[];
}

export async function askForWeek(
  monday: string,
  zone: string | undefined,
): Promise<Answer<Figures>> {
  const from = dayIn(monday, zone).from;
  const to = dayIn(sundayOf(monday), zone).to;
  const answer = await get(`/alerts/figures?from=${from}&to=${to}`);
  return answer.ok ? { ...answer, value: readFigures(answer.value) } : answer;
}

export function readFigures(raw: unknown): Figures {
  const from = fields<Wire['AlertFigures']>(raw);
  return {
    sessions: number(from.sessions) ?? 0,
    rules: readAll(from.rules, readRule),
    deserving: readAll(from.deserving, readDeserving),
  };
}

function readRule(raw: unknown): Rule | null {
  const from = fields<Wire['RuleFigures']>(raw);
  const condition = text(from.condition);
  const count = number(from.count);
  if (condition === '' || count === null) return null;
  return {
    condition,
    profile: text(from.profile) || null,
    count,
    perSession: number(from.per_session),
    withOutcome: number(from.with_outcome) ?? 0,
    missing: number(from.outcome_missing) ?? 0,
    actionable: number(from.actionable_rate),
    never: number(from.never_taken) ?? 0,
    median_s: number(from.median_s),
    centile_s: number(from.centile_90_s),
  };
}

function readDeserving(raw: unknown): Deserving | null {
  const from = fields<Wire['Deserving']>(raw);
  const condition = text(from.condition);
  const profile = text(from.profile);
  const score = number(from.score);
  if (condition === '' || profile === '' || score === null) return null;
  return {
    condition,
    profile,
    count: number(from.count) ?? 0,
    withOutcome: number(from.with_outcome) ?? 0,
    notActionable: number(from.not_actionable) ?? 0,
    score,
  };
}
