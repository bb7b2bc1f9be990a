// What a session waits for, from the gates that the server sent. Pure: no rule is judged here.

import type { Care, Gate, Item, Step } from './read';

export function gateOf({ gates }: Care, step: Step): Gate | null {
  return gates.find((gate) => gate.step === step) ?? null;
}

export function openItems(gate: Gate | null): readonly Item[] {
  return gate?.items.filter(({ met }) => !met) ?? [];
}

/** The blocks of the page before the start, as staff know them by number. */
export const BLOCKS = ['patient', 'order', 'monitor', 'baseline', 'checklist'] as const;
export type Block = (typeof BLOCKS)[number];

const BLOCK_OF: Readonly<Record<string, Block>> = {
  order: 'order',
  second_check: 'order',
  signal: 'monitor',
  weight: 'patient',
  two_pressures: 'baseline',
  baseline: 'baseline',
  no_hold: 'baseline',
  consent: 'checklist',
};
const BLOCK_OF_STEP: Readonly<Record<string, Block>> = {
  check_in: 'patient',
  screening: 'checklist',
  baseline: 'baseline',
  start: 'checklist',
};

/** Where an item is shown. One that this page does not know has its place in the checklist. */
export function blockOf(step: string, { name }: Item): Block {
  return BLOCK_OF[name] ?? BLOCK_OF_STEP[step] ?? 'checklist';
}

export interface Placed {
  readonly step: string;
  readonly item: Item;
}

/** What is asked before the start, by block; nothing of it twice. */
export function placed({ gates }: Care): Readonly<Record<Block, readonly Placed[]>> {
  const found: Record<Block, Placed[]> = {
    patient: [],
    order: [],
    monitor: [],
    baseline: [],
    checklist: [],
  };
  for (const { step, items } of gates) {
    if (step === 'discharge') continue;
    for (const item of items) found[blockOf(step, item)].push({ step, item });
  }
  return found;
}

export type Readiness =
  | { readonly is: 'go' }
  /** A value speaks against the start. */
  | { readonly is: 'hold'; readonly why: string }
  /** Something is still to be done, and nothing speaks against it. */
  | { readonly is: 'open' };

/**
 * Whether the start may be recorded now. GO is only what the server's own gates say: with no gate
 * of the start, or another phase than ready, the start is not offered.
 */
export function readiness(care: Care, phase: string): Readiness {
  const start = gateOf(care, 'start');
  const hold = start?.items.find(({ name, met }) => name === 'no_hold' && !met);
  if (hold !== undefined) return { is: 'hold', why: hold.detail || hold.text };
  if (phase === 'held') return { is: 'hold', why: '' };
  return phase === 'ready' && start !== null && openItems(start).length === 0
    ? { is: 'go' }
    : { is: 'open' };
}

export interface Open extends Placed {
  readonly block: number;
}

/** The questions of the screening are one thing to do, and keep the place of the first. */
export function asThingsToDo(
  open: readonly Open[],
): readonly (Open & { readonly count: number })[] {
  const questions = open.filter(({ step }) => step === 'screening');
  return open
    .filter((one) => one.step !== 'screening' || one === questions[0])
    .map((one) => ({ ...one, count: one.step === 'screening' ? questions.length : 1 }));
}

/** Everything that is open before the start, in the order of the blocks. */
export function openBeforeStart(care: Care): readonly Open[] {
  const all = placed(care);
  return BLOCKS.flatMap((name, index) =>
    all[name]
      .filter(({ item }) => !item.met)
      .map(({ step, item }) => ({ block: index + 1, step, item })),
  );
}

const MINUTES = /after (\d+) min/;

/** When a hold is measured anew: so long after the last pressure as the hold itself says. */
export function remeasureAt(why: string, measured_at: number | null): number | null {
  const minutes = Number(MINUTES.exec(why)?.[1]);
  return measured_at === null || !(minutes > 0) ? null : measured_at + minutes * 60_000;
}

/** `both match`, `126/80`, `not scored yet`; what an item says of itself beside its text. */
export function detailsOf(items: readonly Item[]): string {
  return items.map(({ text, detail }) => (detail === '' ? text : `${text}: ${detail}`)).join('; ');
}
