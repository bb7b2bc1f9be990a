// Order and meaning of alerts. Pure.

import { hourMinute, pretty } from '../format';
import { strings } from '../strings';
import type { Alert, Priority } from '../stream/shapes';

const RANK: Readonly<Record<Priority, number>> = { high: 0, medium: 1, low: 2 };

/** What is over comes after what is active and is one priority lower: nobody runs for it. */
const OVER = 1.5;

/** What somebody has comes after all that nobody has. */
const CLAIMED = 9;

/** Who calls from a room knows more than a monitor of the same priority. */
const CALL = 0.1;

const isCall = ({ condition }: Alert) => condition === 'help';

const urgency = (alert: Alert) =>
  RANK[alert.priority] +
  (alert.acknowledged ? CLAIMED : 0) +
  (alert.state === 'latched' ? OVER : 0) -
  (isCall(alert) ? CALL : 0);

/** Unclaimed first, by priority, active before over, a call for help before what a monitor says,
 * then the one that has waited longest. */
export function byUrgency(a: Alert, b: Alert): number {
  return urgency(a) - urgency(b) || standingSince(a) - standingSince(b) || (a.id < b.id ? -1 : 1);
}

/** Who took it before it asked again; empty when nobody did. */
export function hadBefore({ acknowledged_before }: Alert): string {
  if (acknowledged_before === null) return '';
  return strings.had(acknowledged_before.by, hourMinute(acknowledged_before.at));
}

/** When the worst was, where the text names one beside what crossed first. */
export function worstAt({ text, worst_at }: Alert): string {
  return worst_at && text.includes(' worst ') ? strings.worstAt(hourMinute(worst_at)) : '';
}

/** For so long after taking an alert somebody is on their way, also when it is worse meanwhile. */
const ON_THE_WAY_MS = 120_000;

/** Who is on the way to the room of an alert that nobody has: for another alert of it, or for this
 * one before it became worse. Whoever calls for help asks for somebody else. */
export function goingThere(alert: Alert, all: readonly Alert[], now: number): string {
  const isOnTheWay = (claim: Alert['acknowledged']) => claim && now - claim.at < ON_THE_WAY_MS;
  const { room, acknowledged_before: before } = alert;
  const other = all.find((one) => room && one.room === room && isOnTheWay(one.acknowledged));
  const claim = other?.acknowledged ?? (isOnTheWay(before) ? before : null);
  return claim && needsPerson(alert) && !isCall(alert) ? strings.isGoing(claim.by) : '';
}

/** Since when it waits: what came back has not waited in between. */
export function standingSince(alert: Alert): number {
  return alert.active_since ?? Math.max(alert.raised_at, alert.reopened_at ?? 0);
}

/** Whether it was over in between. */
export function cameBack(alert: Alert): boolean {
  return standingSince(alert) > alert.raised_at;
}

export function sorted(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort(byUrgency);
}

export function needsPerson(alert: Alert): boolean {
  return alert.state !== 'resolved' && alert.acknowledged === null;
}

/** What a room's tile shows: the worst, unclaimed before claimed, active before over. */
export function foremost(alerts: readonly Alert[]): Alert | undefined {
  const tone = (alert: Alert) =>
    Number(alert.acknowledged !== null) * 2 + Number(alert.state === 'latched');
  return [...alerts].sort((a, b) => tone(a) - tone(b) || byUrgency(a, b))[0];
}

export interface Message {
  readonly what: string;
  readonly limit: string;
  /** `<` or `>`, `≤` or `≥` when the value is the limit, when the condition says on which side of its limit the value lies. */
  readonly sign: string;
}

const WITH_LIMIT = /^(.*\S)\s*\(limit ([^)]*)\)$/;

/** A value beyond the next limit, which the next reading confirms or not. */
const UNCONFIRMED = /^(.*) \S+ \(limit [^)]*\); (\S+) \(limit ([^)]*)\) unconfirmed, repeat now$/;

export function message(alert: Pick<Alert, 'text' | 'condition'>): Message {
  const [, condition, value, beyond] = UNCONFIRMED.exec(alert.text) ?? [];
  if (condition !== undefined && beyond !== undefined) {
    const what = pretty(`${condition} ${value}: ${strings.repeatNow}`);
    return { what, limit: strings.unconfirmed(beyond), sign: '' };
  }
  const found = WITH_LIMIT.exec(alert.text);
  const isAtIt = found?.[1]?.endsWith(` ${found[2]}`) === true;
  const sign = alert.condition.endsWith('_low')
    ? isAtIt
      ? '≤'
      : '<'
    : alert.condition.endsWith('_high')
      ? isAtIt
        ? '≥'
        : '>'
      : '';
  return {
    what: pretty(found?.[1] ?? alert.text),
    limit: found?.[2] ?? '',
    sign: found === null ? '' : sign,
  };
}

/** `SpO₂ low 84 < 90`, `SYS high 178 > 165`, `SYS high 187: repeat now`: one line of a tile. */
export function short(alert: Alert): string {
  const { what, limit, sign } = message(alert);
  const brief = what.replace(/^(Sys|Dia)tolic\b/, (_, part: string) => part.toUpperCase());
  return sign === '' ? brief : `${brief} ${sign} ${limit}`;
}

export type Numeral = 'hr' | 'spo2' | 'bp';

/** The numeral that a condition is about, if it is about one. */
export function numeralOf(condition: string): Numeral | null {
  if (/^(hr|heart_rate|pulse)_/.test(condition)) return 'hr';
  if (condition.startsWith('spo2_')) return 'spo2';
  return /^(systolic|diastolic|nibp)_/.test(condition) ? 'bp' : null;
}

/** The most urgent alert about one numeral. */
export function alertOn(alerts: readonly Alert[], numeral: Numeral): Alert | undefined {
  return foremost(
    alerts.filter((alert) => numeralOf(alert.condition) === numeral && alert.state === 'active'),
  );
}

export function isSilenced(alert: Alert, now: number): boolean {
  return (alert.silenced_until ?? 0) > now;
}

/** Alerts that call for a tone now, silenced or not. */
export function calling(alerts: readonly Alert[]): Alert[] {
  return alerts.filter(
    (alert) => alert.state === 'active' && alert.acknowledged === null && !alert.quiet,
  );
}

/** What should sound: the highest priority that is not silenced, since when it waits, and when
 * the newest of that priority came. */
export function loudest(
  alerts: readonly Alert[],
  now: number,
): { priority: Priority; since: number; newest: number } | null {
  const audible = sorted(calling(alerts).filter((alert) => !isSilenced(alert, now)));
  const first = audible[0];
  if (first === undefined) return null;
  const { priority } = first;
  const times = audible.filter((alert) => alert.priority === priority).map(standingSince);
  return { priority, since: standingSince(first), newest: Math.max(...times) };
}

/** When the pause ends, if every alert that would sound is silenced; else null. */
export function pausedUntil(alerts: readonly Alert[], now: number): number | null {
  const all = calling(alerts);
  if (all.length === 0 || !all.every((alert) => isSilenced(alert, now))) return null;
  return Math.max(...all.map((alert) => alert.silenced_until ?? 0));
}
