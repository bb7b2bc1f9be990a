// One plot of the trend: a place on the canvas, its two scales, and what is drawn with them.

import type { Cuff, Point, Window } from './history';

export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

type Box = Pick<Panel, 'left' | 'top' | 'width' | 'height'>;

export function panel(
  box: Box,
  { from, to }: Window,
  [min, max]: readonly [number, number],
): Panel {
  return {
    ...box,
    x: (at) => box.left + ((at - from) / (to - from)) * box.width,
    y: (value) => box.top + ((max - value) / (max - min)) * box.height,
  };
}

type Pen = CanvasRenderingContext2D;

/** Draws what is inside the plot and cuts off what is not. */
export function within(pen: Pen, { left, top, width, height }: Box, draw: () => void): void {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  draw();
  pen.restore();
}

export function across(pen: Pen, { left, width, y }: Panel, value: number): void {
  pen.beginPath();
  pen.moveTo(left, y(value));
  pen.lineTo(left + width, y(value));
  pen.stroke();
}

export function down(pen: Pen, { top, height, x }: Panel, at: number): void {
  pen.beginPath();
  pen.moveTo(x(at), top);
  pen.lineTo(x(at), top + height);
  pen.stroke();
}

/** A line that breaks where there was no value. */
export function trace(pen: Pen, { x, y }: Panel, points: readonly Point[]): void {
  let drawing = false;
  pen.beginPath();
  for (const { at, value } of points) {
    if (value === null) drawing = false;
    else if (drawing) pen.lineTo(x(at), y(value));
    else {
      pen.moveTo(x(at), y(value));
      drawing = true;
    }
  }
  pen.stroke();
}

const ARM_PX = 5;

/** Pressures as calipers: systolic above, diastolic below. */
export function calipers(pen: Pen, { x, y }: Panel, cuffs: readonly Cuff[]): void {
  for (const { at, systolic, diastolic, hand, withdrawn = hand?.withdrawn } of cuffs) {
    const [centre, top, bottom] = [x(at), y(systolic), y(diastolic)];
    if (withdrawn !== undefined) {
      ring(pen, centre, top, withdrawn);
      ring(pen, centre, bottom, withdrawn);
      pen.beginPath();
      pen.moveTo(centre, top + RING_PX);
      pen.lineTo(centre, bottom - RING_PX);
      pen.stroke();
      continue;
    }
    pen.beginPath();
    pen.moveTo(centre - ARM_PX, top - ARM_PX);
    pen.lineTo(centre, top);
    pen.lineTo(centre + ARM_PX, top - ARM_PX);
    pen.moveTo(centre, top);
    pen.lineTo(centre, bottom);
    pen.moveTo(centre - ARM_PX, bottom + ARM_PX);
    pen.lineTo(centre, bottom);
    pen.lineTo(centre + ARM_PX, bottom + ARM_PX);
    pen.stroke();
  }
}

const RING_PX = 4;

/** What a person measured is an open ring; a line goes through what was withdrawn, by whomever. */
export function ring(pen: Pen, x: number, y: number, withdrawn: boolean): void {
  pen.beginPath();
  pen.arc(x, y, RING_PX, 0, 7);
  if (withdrawn) {
    pen.moveTo(x - 2 * RING_PX, y + RING_PX);
    pen.lineTo(x + 2 * RING_PX, y - RING_PX);
  }
  pen.stroke();
}

const DOT_PX = 2.5;

export function dots(pen: Pen, { x, y }: Panel, points: readonly Point[]): void {
  for (const { at, value } of points) {
    if (value === null) continue;
    pen.beginPath();
    pen.arc(x(at), y(value), DOT_PX, 0, 7);
    pen.fill();
  }
}
