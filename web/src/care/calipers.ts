// Where the pressures of a baseline are drawn. Pure.

import type { ListedValue } from './read';

export interface Drawn {
  readonly lines: readonly { readonly value: number; readonly y: number }[];
  readonly bars: readonly {
    readonly at: number;
    readonly x: number;
    readonly top: number;
    readonly bottom: number;
  }[];
}

const STEP = 50;
const MARGIN = 8;
const AXIS = 40;

export function calipers(
  values: readonly ListedValue[],
  { width, height }: { width: number; height: number },
): Drawn {
  const read = values.flatMap(({ at, text }) => {
    const [, systolic, diastolic] = /^(\d+)\/(\d+)/.exec(text) ?? [];
    return systolic === undefined ? [] : [{ at, high: Number(systolic), low: Number(diastolic) }];
  });
  if (read.length === 0) return { lines: [], bars: [] };
  const lowest = Math.floor(Math.min(...read.map(({ low }) => low)) / STEP) * STEP;
  const highest = Math.ceil(Math.max(...read.map(({ high }) => high)) / STEP) * STEP;
  const y = (value: number) =>
    MARGIN + ((highest - value) / (highest - lowest)) * (height - 2 * MARGIN);
  const count = Math.floor((highest - lowest) / STEP) + 1;
  return {
    lines: Array.from({ length: count }, (_, index) => {
      const value = lowest + index * STEP;
      return { value, y: y(value) };
    }),
    bars: read.map(({ at, high, low }, index) => ({
      at,
      x: AXIS + ((width - AXIS) * (index + 1)) / (read.length + 1),
      top: y(high),
      bottom: y(low),
    })),
  };
}
