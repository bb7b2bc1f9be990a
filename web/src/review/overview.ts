// The whole session in a strip: what the brush moves over.

import { hourMinute } from '../format';
import { timeTicks } from '../trend/axis';
import { panel, trace, within } from '../trend/panel';
import { strings } from '../strings';
import { words } from '../strings/review';
import type { Colours } from './colours';
import { FONT, glyph, hatch, type Pen } from './marks';
import { scaleOf } from './places';
import type { Course } from './read';
import { thinned } from './thinned';

const NAMES_PX = 20;
const TIMES_PX = 24;
/** Beside the strip: room for what takes the finger at its ends. */
export const BESIDE_PX = 24;

export function paintOverview(
  pen: Pen,
  { width, height }: { width: number; height: number },
  course: Course,
  colours: Colours,
): void {
  const whole = { from: course.from, to: course.to };
  const box = {
    left: BESIDE_PX,
    top: NAMES_PX,
    width: width - 2 * BESIDE_PX,
    height: height - NAMES_PX - TIMES_PX,
  };
  const upper = { ...box, top: box.top + 4, height: box.height * 0.4 };
  const lower = { ...box, top: box.top + box.height * 0.4, height: box.height * 0.6 - 3 };
  const bands = panel(box, whole, [0, 1]);
  pen.fillStyle = colours.pause;
  pen.fillRect(box.left, box.top, box.width, box.height);
  names(pen, course, bands, colours);

  const spo2 = panel(upper, whole, scaleOf('spo2', [course]));
  for (const { from, to } of course.spo2.gaps)
    hatch(
      pen,
      { ...box, left: spo2.x(from), width: Math.max(1, spo2.x(to) - spo2.x(from)) },
      colours.line,
    );
  pen.strokeStyle = colours.trace;
  pen.lineWidth = 1.2;
  pen.setLineDash([]);
  within(pen, box, () => {
    trace(pen, spo2, thinned(course.spo2, whole, box.width));
    const bp = panel(lower, whole, scaleOf('bp', [course]));
    pen.beginPath();
    for (const { at, systolic, diastolic } of course.pressures) {
      pen.moveTo(bp.x(at), bp.y(systolic));
      pen.lineTo(bp.x(at), bp.y(diastolic));
    }
    pen.stroke();
  });
  for (const { priority, raised_at } of course.alerts)
    glyph(pen, priority, { x: bands.x(raised_at), y: box.top + 11, size_px: 16 }, colours);
  pen.font = `15px ${FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'bottom';
  pen.fillStyle = colours.text;
  for (const time of timeTicks(whole.from, whole.to, box.width, 80))
    pen.fillText(hourMinute(time), bands.x(time), height - 2);
}

function names(pen: Pen, { phases }: Course, at: ReturnType<typeof panel>, colours: Colours): void {
  pen.font = `15px ${FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  let free = 0;
  for (const { phase, from, to } of phases) {
    const [left, right] = [at.x(from), at.x(to)];
    if (phase === 'infusing') {
      pen.fillStyle = colours.runs;
      pen.fillRect(left, at.top, right - left, at.height);
    }
    const name = phase === 'paused' ? words.pause : (strings.phases[phase] ?? phase);
    const half = pen.measureText(name).width / 2;
    const middle = Math.max(half, (left + right) / 2);
    // A name without room would lie on its neighbour's.
    if (half * 2 > right - left + 24 || middle - half < free) continue;
    pen.fillStyle = colours.text;
    pen.fillText(name, middle, 1);
    free = middle + half + 8;
  }
}
