// Where on the plot everything is: three panels over one time axis, a lane above for numbers. Pure.

import type { Cuff } from '../trend/history';
import type { Course, Vital } from './read';
import type { Window } from './window';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
export type PanelName = 'bp' | Vital;

export interface Places {
  /** The lane of the events' numbers and of the cursor's time. */
  readonly lane: Box;
  readonly panels: Readonly<Record<PanelName, Box>>;
  readonly bottom: number;
  readonly isNarrow: boolean;
}

const LANE_PX = 34;
export const AXIS_PX = 26;
const BETWEEN_PX = 10;
const SHARES: readonly (readonly [PanelName, number])[] = [
  ['bp', 0.48],
  ['hr', 0.24],
  ['spo2', 0.28],
];
/** Narrower than this the numbers at the edges take less room. */
const NARROW_PX = 600;

export function edges(width: number): { readonly left: number; readonly right: number } {
  return width < NARROW_PX ? { left: 42, right: 46 } : { left: 58, right: 84 };
}

export function places(width: number, height: number): Places {
  const { left, right } = edges(width);
  const inner = Math.max(40, width - left - right);
  const all = height - LANE_PX - AXIS_PX - BETWEEN_PX * (SHARES.length - 1);
  let top = LANE_PX;
  const panels = Object.fromEntries(
    SHARES.map(([name, share]) => {
      const box = { left, top, width: inner, height: all * share };
      top += box.height + BETWEEN_PX;
      return [name, box];
    }),
  ) as Record<PanelName, Box>;
  return {
    lane: { left, top: 0, width: inner, height: LANE_PX },
    panels,
    bottom: top - BETWEEN_PX,
    isNarrow: width < NARROW_PX,
  };
}

/** Pressures that were corrected or taken back: crossed out, beside what took their place. */
export function originals({ corrections, events }: Course): Cuff[] {
  const corrected = corrections.flatMap(({ of, original }) => {
    const found = /(\d{2,3})\/(\d{2,3})/.exec(original);
    return found === null
      ? []
      : [{ at: of, systolic: Number(found[1]), diastolic: Number(found[2]) }];
  });
  const undone = events.flatMap(({ at, values, withdrawn }) => {
    const { systolic, diastolic } = values;
    return withdrawn === null || systolic === undefined || diastolic === undefined
      ? []
      : [{ at, systolic, diastolic }];
  });
  const isNew = ({ at }: Cuff) => !corrected.some((one) => one.at === at);
  return [...corrected, ...undone.filter(isNew)].map((one) => ({ ...one, withdrawn: true }));
}

export type Scale = readonly [lowest: number, highest: number];
const USUAL: Readonly<Record<PanelName, Scale>> = { bp: [70, 190], hr: [50, 110], spo2: [85, 100] };
const STEP: Readonly<Record<PanelName, number>> = { bp: 10, hr: 10, spo2: 5 };

/** At least the usual range, and all that was measured in the whole session: no part is another's scale. */
export function scaleOf(name: PanelName, courses: readonly Course[]): Scale {
  let [low, high] = USUAL[name];
  const see = (value: number) => {
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const course of courses) {
    if (name === 'bp')
      for (const { systolic, diastolic } of [
        ...course.pressures,
        ...course.late.pressures,
        ...originals(course),
      ]) {
        see(systolic + 4);
        see(diastolic - 4);
      }
    else {
      for (const value of course[name].values) see(value);
      for (const value of course.late[name].values) see(value);
      for (const { vital, value } of course.hand) if (vital === name) see(value);
    }
  }
  const step = STEP[name];
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
}

export type Scales = Readonly<Record<PanelName, Scale>>;

/** Of a session, and of the other one under it where there is one. */
export function scalesOf(course: Course, under: Course | null): Scales {
  const both = under === null ? [course] : [course, under];
  return { bp: scaleOf('bp', both), hr: scaleOf('hr', both), spo2: scaleOf('spo2', both) };
}

/** Where values and times are in a box. */
export function shareOf(at: number, { from, to }: Window): number {
  return (at - from) / (to - from);
}

export function timeAt(share: number, { from, to }: Window): number {
  return from + Math.min(1, Math.max(0, share)) * (to - from);
}

export interface Label {
  readonly y: number;
  readonly text: string;
}

/** Labels of lines that lie near each other are moved apart, in their order, inside the box. */
export function apart(labels: readonly Label[], least_px: number, { top, height }: Box): Label[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let free = top;
  const down = sorted.map((one) => {
    const y = Math.max(one.y, free);
    free = y + least_px;
    return { ...one, y };
  });
  let most = top + height;
  return down
    .reverse()
    .map((one) => {
      const y = Math.min(one.y, most);
      most = y - least_px;
      return { ...one, y };
    })
    .reverse();
}
