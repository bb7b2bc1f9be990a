// What this screen keeps of what the server sends. All of it is described by `contract.d.ts`, which
// is made from the document that the server serves (`npm run contract`).

import type { components } from './contract';

export type Wire = components['schemas'];

export type Priority = Wire['Priority'];

export interface Reading {
  readonly vital: string;
  /** Measured number; for `nibp` the three parts are used instead. */
  readonly value?: number;
  readonly systolic?: number;
  readonly diastolic?: number;
  readonly mean?: number;
  readonly quality: string;
  /** Why there is no number. Never set together with a number. */
  readonly absent?: string;
  readonly since?: number;
  readonly last?: Last;
  readonly late?: boolean;
  /** It takes the place of an earlier value of the same time. */
  readonly corrected?: boolean;
  /** The monitor takes its earlier value of the same time back: never a number to show. */
  readonly withdrawn?: boolean;
  /** Too old after so long, where the monitor is slower than most. */
  readonly stale_after_ms?: number;
  /** Entered by a person, who does not enter it again every second. */
  readonly manual?: boolean;
  /** The value is beyond the range of the monitor: `<70`, `>100`. */
  readonly bound?: '<' | '>';
  /** When it was measured, by our clock: set where the server says it. */
  readonly measured_at?: number;
  readonly taken_at: number;
  readonly received_at: number;
}

export interface Last {
  readonly value?: number;
  readonly systolic?: number;
  readonly diastolic?: number;
  readonly manual?: boolean;
  readonly corrected?: boolean;
  readonly taken_at: number;
}

export type Acknowledged = Readonly<Wire['Acknowledged']>;

export interface Alert {
  readonly id: string;
  readonly room: string | null;
  readonly session: string | null;
  readonly condition: string;
  readonly kind: string;
  readonly priority: Priority;
  readonly state: Wire['AlertState'];
  readonly raised_at: number;
  readonly ended_at: number | null;
  /** How far people were called: see `calledText`. */
  readonly escalated: number;
  /** When the last of that was. */
  readonly escalated_at: number | null;
  readonly acknowledged: Acknowledged | null;
  /** Who had it before it asked again, or got worse. */
  readonly acknowledged_before: Acknowledged | null;
  readonly outcome: string | null;
  readonly silenced_until: number | null;
  /** Set when the alert came back within a few minutes: that alone makes no tone. */
  readonly reopened_at: number | null;
  /** The last time that it became active, where the server sends it. */
  readonly active_since: number | null;
  /** Came back and has not become worse since; decided in `alerts/recurrence.ts`, not sent. */
  readonly quiet: boolean;
  readonly text: string;
  /** When the value furthest beyond the limit was taken. */
  readonly worst_at: number | null;
  /** When its priority came down, as it does once somebody has it. */
  readonly came_down: number | null;
  /** How many screens have shown it. */
  readonly receipts: number;
}

export interface Bounds {
  readonly low?: number;
  readonly high?: number;
}

export type Limits = Readonly<Record<string, Bounds>>;

export interface SessionEvent {
  /** By which the server knows it. */
  readonly n: number;
  /** Its place in the order of time, by which people know it. */
  readonly place: number;
  readonly at: number;
  readonly type: string;
  readonly by: string;
  readonly text: string;
  /** What was measured, of an entry by hand. */
  readonly values: Readonly<Record<string, number>>;
  /** Somebody said that it never was so. */
  readonly withdrawn: Acknowledged | null;
}

/** Something that is due. Never an alert, and makes no tone. */
export interface Task {
  readonly kind: string;
  readonly text: string;
  readonly since: number;
  readonly due: number | null;
  /** The alert that it is about, such as the one whose outcome is missing. */
  readonly alert: string | null;
}

/** Limits of this patient alone, in place of the profile's. */
export interface PersonalLimit {
  readonly condition: string;
  readonly caution: number | null;
  readonly urgent: number | null;
  readonly extreme: number | null;
  readonly reason: string;
  readonly prescriber: string | null;
  readonly by: string;
  readonly at: number;
}

export interface OpenSymptom {
  readonly symptom: string;
  readonly text: string;
  readonly since: number;
}

export interface Session {
  readonly id: string;
  readonly initials: string;
  readonly profile: string;
  readonly title: string;
  readonly phase: string;
  readonly phase_since: number;
  readonly opened_at: number;
  readonly started_at: number | null;
  readonly infused_ms: number;
  readonly planned_s: number;
  readonly baseline: Readonly<Record<string, number>> | null;
  readonly limits: Limits;
  readonly cadence_s: number;
  readonly next_nibp_due: number | null;
  readonly events: readonly SessionEvent[];
  /** These four are for staff: a display does not get them, and then they are empty. */
  readonly tasks: readonly Task[];
  readonly personal_limits: readonly PersonalLimit[];
  /** The baseline was accepted although it is low, because this patient's always is. */
  readonly known_low: boolean;
  readonly symptoms: readonly OpenSymptom[];
  /** As it was sent: gates, order and what was given are read by the screens that show them. */
  readonly raw: unknown;
}

export interface Device {
  readonly id: string;
  readonly link: string;
  readonly source: string;
}

export interface RoomState {
  readonly id: string;
  readonly name: string;
  readonly order: number;
  /** The initials of whoever has it; empty where nobody has. */
  readonly nurse: string;
  /** From when on the record of its session could not be read after a restart, if it could not. */
  readonly unread_since: number | null;
  readonly rev: number;
  readonly session: Session | null;
  /** What alerts now without a session. */
  readonly limits: Limits;
  readonly vitals: Readonly<Record<string, Reading>>;
  readonly devices: readonly Device[];
  readonly alerts: readonly Alert[];
  /** The newest that are over: one of them may come back. */
  readonly closed: readonly Alert[];
  readonly cuff: Inflation | null;
  /** Of which parts a frame was shown although some before it are missing, and of which rev. */
  readonly ahead: Readonly<Record<string, number>>;
}

export const NOTHING_AHEAD: Readonly<Record<string, number>> = {};

/** The last inflation of the cuff, by the server's clock. */
export interface Inflation {
  /** `measuring`, `done`, `unknown`, or why there is no value. */
  readonly state: string;
  /** Null when its start was not sent. */
  readonly since: number | null;
  /** Null while it measures. */
  readonly ended_at: number | null;
}

export interface Me {
  readonly name: string;
  readonly role: string;
  readonly initials: string;
  /** The clinic's, by its IANA name. */
  readonly time_zone: string | null;
}
