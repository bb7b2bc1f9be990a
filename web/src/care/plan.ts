// What the profile says of an item and of the dose: how an item is met, who may go on without it,
// and what is usual.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../api';
import { fields, list, number, readAll, text } from '../stream/fields';
import type { FixedBp } from './pauses';
import { WAIVERS, type Item, type WaivedBy } from './read';

/** How an item is met. What this page does not know is for the server alone. */
export type Kind = 'ticked' | 'question' | 'scored' | 'stated' | 'other';

export interface ItemPlan {
  readonly kind: Kind;
  readonly waived_by: WaivedBy;
  /** The score that meets it. */
  readonly score: string;
  /** What of check-in or order meets it. */
  readonly what: string;
}

export interface SprayPlan {
  readonly device_mg: number;
  readonly apart_s: number;
  /** How many devices the largest dose takes. */
  readonly most: number;
}

/** More are not offered as buttons: the amount can still be typed. */
const MOST_DEVICES = 6;

export interface DosePlan {
  readonly drug: string;
  readonly mg_per_kg: number | null;
  readonly mg: number | null;
  readonly ml: number | null;
  readonly minutes: number | null;
  /** Runs through a pump. */
  readonly pumped: boolean;
  readonly sprays: SprayPlan | null;
}

export interface Plan {
  /** Pressures that are due at a time of their own after the start. */
  readonly fixed: readonly FixedBp[];
  readonly items: ReadonlyMap<string, ItemPlan>;
  readonly dose: DosePlan | null;
}

const KINDS: ReadonlySet<string> = new Set(['ticked', 'question', 'scored', 'stated']);

export const keyOf = (step: string, name: string) => `${step} ${name}`;

export function readPlan(raw: unknown): Plan {
  const items = new Map<string, ItemPlan>();
  for (const gate of list(fields(raw)['gates'])) {
    const { step, items: rows } = fields(gate);
    for (const row of list(rows)) {
      const { name, met_by, waived_by } = fields(row);
      items.set(keyOf(text(step), text(name)), readItemPlan(met_by, waived_by));
    }
  }
  const { fixed } = fields(fields(raw)['cadence']);
  return { items, dose: readDosePlan(fields(raw)['dose']), fixed: readAll(fixed, readFixed) };
}

function readFixed(raw: unknown): FixedBp | null {
  const { at_s, early_s } = fields(raw);
  const at = number(at_s);
  return at === null ? null : { at_s: at, early_s: number(early_s) ?? 0 };
}

function readItemPlan(met_by: unknown, waived_by: unknown): ItemPlan {
  const [named, how] = Object.entries(fields(met_by))[0] ?? ['ticked', {}];
  const kind = KINDS.has(named) ? (named as Kind) : 'other';
  const waiver = WAIVERS.find((one) => one === text(waived_by, 'nurse')) ?? 'nobody';
  return {
    kind,
    waived_by: waiver,
    score: text(fields(how)['score']),
    what: text(fields(how)['what']),
  };
}

function readDosePlan(raw: unknown): DosePlan | null {
  const from = fields(raw);
  const drug = text(from['drug']);
  if (drug === '') return null;
  const usual = (name: string) => number(fields(from[name])['usual']);
  const sprays = fields(from['sprays']);
  const device_mg = number(sprays['device_mg']);
  return {
    drug,
    mg_per_kg: usual('mg_per_kg'),
    mg: usual('mg'),
    ml: usual('ml'),
    minutes: usual('minutes'),
    pumped: from['minutes'] !== undefined && from['minutes'] !== null,
    sprays:
      device_mg === null || device_mg <= 0
        ? null
        : {
            device_mg,
            apart_s: number(sprays['apart_s']) ?? 0,
            most: Math.min(
              MOST_DEVICES,
              Math.floor((number(fields(from['mg'])['most']) ?? device_mg) / device_mg),
            ),
          },
  };
}

/**
 * Who may go on without all of these: the strictest of them decides. What the session says of now
 * comes before what the profile says in general.
 */
export function waiverOf(plan: Plan | null, open: readonly (readonly [string, Item])[]): WaivedBy {
  const ranks = open.map(([step, { name, waived_by }]) =>
    WAIVERS.indexOf(waived_by ?? plan?.items.get(keyOf(step, name))?.waived_by ?? 'prescriber'),
  );
  return WAIVERS[Math.max(0, ...ranks)] ?? 'nobody';
}

const known = new Map<string, Plan>();
const PROFILES_KEPT = 20;

/** Null until the server has said. */
export function usePlan(profile: string): Plan | null {
  const plan = useSignal<Plan | null>(known.get(profile) ?? null);
  useEffect(() => {
    plan.value = known.get(profile) ?? null;
    void get(`/profiles/${encodeURIComponent(profile)}`).then((answer) => {
      if (!answer.ok) return;
      if (known.size >= PROFILES_KEPT) known.clear();
      known.set(profile, readPlan(answer.value));
      plan.value = known.get(profile) ?? null;
    });
  }, [profile]);
  return plan.value;
}
