// What is drawn on a canvas more than once: shapes of alerts, hatching, a name on its ground.

import type { Colours } from './colours';
import type { Priority } from '../stream/shapes';

export type Pen = CanvasRenderingContext2D;
export const FONT = '"Inter Variable", Inter, system-ui, sans-serif';

const SHAPES: Readonly<Record<Priority, string>> = {
  high: 'M7 1h10l6 6v10l-6 6H7l-6-6V7z',
  medium: 'M12 1.5 23.5 22.5H.5z',
  low: 'M2 2h20v20H2z',
};
const MARKS: Readonly<Record<Priority, readonly number[]>> = {
  high: [8, 12, 16],
  medium: [10, 14],
  low: [12],
};

/** Octagon, triangle or square, as everywhere else on the screens. */
export function glyph(
  pen: Pen,
  priority: Priority,
  { x, y, size_px }: { x: number; y: number; size_px: number },
  colours: Colours,
): void {
  const [top, bottom] = priority === 'medium' ? [10, 16] : [6.5, 14];
  const { fill, mark } = {
    high: { fill: colours.high, mark: '#fff' },
    medium: { fill: colours.medium, mark: '#000' },
    low: { fill: colours.low, mark: colours.onLow },
  }[priority];
  pen.save();
  pen.translate(x - size_px / 2, y - size_px / 2);
  pen.scale(size_px / 24, size_px / 24);
  const shape = new Path2D(SHAPES[priority]);
  pen.fillStyle = fill;
  pen.fill(shape);
  if (priority === 'medium') {
    pen.strokeStyle = colours.mediumLine;
    pen.lineWidth = 1;
    pen.stroke(shape);
  }
  pen.strokeStyle = mark;
  pen.lineWidth = 2.2;
  pen.lineCap = 'round';
  pen.beginPath();
  for (const at of MARKS[priority]) {
    pen.moveTo(at, top);
    pen.lineTo(at, bottom);
    pen.moveTo(at, bottom + 2.7);
    pen.lineTo(at, bottom + 2.8);
  }
  pen.stroke();
  pen.restore();
}

export function colourOf(priority: Priority, colours: Colours): string {
  return { high: colours.highLine, medium: colours.mediumLine, low: colours.low }[priority];
}

const HATCH_PX = 7;

/** Nothing was measured here: thin lines, so that it is not taken for a band. */
export function hatch(
  pen: Pen,
  box: { left: number; top: number; width: number; height: number },
  colour: string,
): void {
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  // By the page and not by the box, so that boxes beside each other are one.
  const first = Math.floor((box.left - box.height) / HATCH_PX) * HATCH_PX;
  for (let x = first; x < box.left + box.width; x += HATCH_PX) {
    pen.moveTo(x, box.top + box.height);
    pen.lineTo(x + box.height, box.top);
  }
  pen.stroke();
  pen.restore();
}

/** Text that no line goes through. */
export function named(
  pen: Pen,
  name: string,
  x: number,
  y: number,
  { ground, colour }: { ground: string; colour: string },
): void {
  pen.font = `600 15px ${FONT}`;
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  pen.fillStyle = ground;
  pen.fillRect(x - 3, y - 3, pen.measureText(name).width + 6, 20);
  pen.fillStyle = colour;
  pen.fillText(name, x, y);
}
