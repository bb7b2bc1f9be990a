// The plot of a past session: pressures as calipers, heart rate and SpO₂ as lines, what was given,
// limits in force, gaps, alerts and numbered events, over the same time.

import { hourMinute } from '../format';
import { timeTicks, valueTicks } from '../trend/axis';
import { across, calipers, down, panel, ring, trace, within, type Panel } from '../trend/panel';
import type { Cuff, Point } from '../trend/history';
import { strings } from '../strings';
import { words } from '../strings/review';
import { LIMITED, levelOf, levelOfPressure, limitsAt, type Level, type Limited } from './at';
import type { Colours } from './colours';
import { colourOf, FONT, glyph, hatch, named, type Pen } from './marks';
import {
  apart,
  originals,
  places,
  shareOf,
  type Label,
  type PanelName,
  type Places,
  type Scale,
  type Scales,
} from './places';
import type { Course, Gap, LimitSet, PastAlert, Pressure, Vital } from './read';
import { thinned } from './thinned';
import type { Window } from './window';

export interface Drawn {
  readonly course: Course;
  /** An other session of the patient, aligned at the start; null where none is chosen. */
  readonly under: Course | null;
  readonly window: Window;
  readonly scales: Scales;
}

const LABEL_PX = 17;
const DISC_PX = 11;
/** How far from its time a number may be, as on the printed record. */
const FURTHEST_PX = 40;
const GLYPH_PX = 20;
/** A late value, and how near another one is drawn. */
const LATE_PX = 4;
const NEAR_MMHG = 15;
const NAMES: readonly (readonly [PanelName, string])[] = [
  ['bp', strings.bp],
  ['hr', strings.hr],
  ['spo2', strings.spo2],
];

export function paintPlot(
  pen: Pen,
  { width, height }: { width: number; height: number },
  drawn: Drawn,
  colours: Colours,
): void {
  const at = places(width, height);
  const { scales } = drawn;
  for (const [name, label] of NAMES) {
    const on = panel(at.panels[name], drawn.window, scales[name]);
    const paint = new PanelPaint(pen, on, name, drawn, colours, at.isNarrow);
    paint.behind();
    paint.grid(scales[name]);
    paint.limits();
    paint.values();
    paint.alerts();
    named(pen, label, on.left + 8, on.top + 5, { ground: colours.runs, colour: colours.strong });
  }
  times(pen, at, drawn, colours);
  events(pen, at, drawn, colours);
}

class PanelPaint {
  constructor(
    private readonly pen: Pen,
    private readonly on: Panel,
    private readonly name: PanelName,
    private readonly drawn: Drawn,
    private readonly colours: Colours,
    private readonly isNarrow: boolean,
  ) {}

  /** The phases as bands, and what was not measured. */
  behind(): void {
    const { pen, on, colours, drawn } = this;
    within(pen, on, () => {
      for (const { phase, from, to } of drawn.course.phases) {
        const [left, right] = [on.x(from), on.x(to)];
        if (phase === 'infusing' || phase === 'paused') {
          pen.fillStyle = phase === 'infusing' ? colours.runs : colours.pause;
          pen.fillRect(left, on.top, right - left, on.height);
        }
        if (phase !== 'paused' || this.name !== 'bp') continue;
        pen.font = `15px ${FONT}`;
        if (pen.measureText(words.pause).width > right - left - 4) continue;
        pen.textAlign = 'center';
        pen.textBaseline = 'top';
        pen.fillStyle = colours.text;
        pen.fillText(words.pause, (left + right) / 2, on.top + 5);
      }
      if (this.name !== 'bp') this.gaps(drawn.course[this.name].gaps);
    });
  }

  private gaps(gaps: readonly Gap[]): void {
    const { pen, on, colours } = this;
    for (const { from, to } of gaps) {
      const left = Math.max(on.left, on.x(from));
      const width = Math.min(on.left + on.width, on.x(to)) - left;
      if (width > 0) hatch(pen, { ...on, left, width: Math.max(2, width) }, colours.limit);
    }
  }

  grid([low, high]: Scale): void {
    const { pen, on, colours, drawn } = this;
    pen.strokeStyle = colours.line;
    pen.lineWidth = 0.5;
    pen.setLineDash([]);
    pen.font = `15px ${FONT}`;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    pen.fillStyle = colours.text;
    for (const value of valueTicks(low, high, on.height, 26)) {
      across(pen, on, value);
      // Those at the edges of two panels are not drawn into each other.
      const y = Math.min(on.top + on.height - 5, Math.max(on.top + 7, on.y(value)));
      pen.fillText(String(value), on.left - 8, y);
    }
    for (const time of timeTicks(drawn.window.from, drawn.window.to, on.width, 80))
      down(pen, on, time);
    pen.strokeRect(on.left, on.top, on.width, on.height);
  }

  /** Each set from its time to the next; what is in force at the right is named there. */
  limits(): void {
    const { pen, on, colours, drawn } = this;
    const { limits, baseline } = drawn.course;
    const labels: Label[] = [];
    const text = (value: number, what: string) => (this.isNarrow ? `${value}` : `${value} ${what}`);
    within(pen, on, () => {
      pen.strokeStyle = colours.limit;
      pen.lineWidth = 1.2;
      pen.setLineDash([7, 4]);
      limits.forEach((set, index) => {
        const from = Math.max(set.from, drawn.window.from);
        const to = Math.min(limits[index + 1]?.from ?? drawn.window.to, drawn.window.to);
        if (to <= from) return;
        for (const { value } of this.limitsOf(set)) line(pen, on, from, to, value);
      });
      pen.setLineDash([2, 4]);
      const normal = baseline[this.name === 'bp' ? 'systolic' : LIMITED[this.name]];
      if (normal !== undefined) {
        across(pen, on, normal);
        labels.push({ y: on.y(normal), text: text(normal, words.base) });
      }
      pen.setLineDash([]);
    });
    const last = limitsAt(limits, drawn.window.to);
    if (last !== null)
      for (const { value, marks } of this.limitsOf(last))
        labels.push({ y: on.y(value), text: text(value, marks) });
    const isIn = ({ y }: Label) => y >= on.top && y <= on.top + on.height;
    const inside = { ...on, top: on.top + 8, height: on.height - 16 };
    pen.font = `15px ${FONT}`;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillStyle = colours.text;
    for (const { y, text: label } of apart(labels.filter(isIn), LABEL_PX, inside))
      pen.fillText(label, on.left + on.width + 8, y);
  }

  private limitsOf({ caution, urgent }: LimitSet): { value: number; marks: string }[] {
    const of = this.name === 'bp' ? 'systolic' : LIMITED[this.name];
    return [
      { range: caution[of], marks: '!!' },
      { range: urgent[of], marks: '!!!' },
    ].flatMap(({ range: { low, high } = {}, marks }) =>
      [high, this.isNear(low) ? low : undefined].flatMap((value) =>
        value === undefined ? [] : [{ value, marks }],
      ),
    );
  }

  /** Where the diastolic ones are, a low limit of the systolic is drawn only if one came near it. */
  private isNear(low: number | undefined): boolean {
    if (this.name !== 'bp' || low === undefined) return true;
    return this.drawn.course.pressures.some(({ systolic }) => systolic <= low + NEAR_MMHG);
  }

  values(): void {
    const { pen, on, name } = this;
    within(pen, on, () => {
      if (name === 'bp') this.pressures();
      else this.curve(name);
    });
  }

  private pressures(): void {
    const { pen, on, colours, drawn } = this;
    const near = 60_000;
    const isIn = ({ at }: { at: number }) =>
      at > drawn.window.from - near && at < drawn.window.to + near;
    pen.setLineDash([]);
    if (drawn.under !== null) {
      pen.strokeStyle = colours.under;
      pen.lineWidth = 1.5;
      calipers(pen, on, drawn.under.pressures.filter(isIn).map(cuffOf));
    }
    for (const one of drawn.course.pressures.filter(isIn)) {
      const level = levelOfPressure(limitsAt(drawn.course.limits, one.at), one);
      pen.strokeStyle = this.beyond(level) ?? colours.trace;
      pen.lineWidth = 2;
      calipers(pen, on, [cuffOf(one)]);
    }
    pen.strokeStyle = colours.text;
    pen.lineWidth = 1.5;
    calipers(pen, on, originals(drawn.course).filter(isIn));
    const late = drawn.course.late.pressures.filter(isIn);
    for (const part of ['systolic', 'diastolic'] as const)
      this.late(late.map((one) => ({ at: one.at, value: one[part] })));
  }

  private curve(vital: Vital): void {
    const { pen, on, colours, drawn } = this;
    const columns = Math.ceil(on.width);
    pen.setLineDash([]);
    if (drawn.under !== null) {
      pen.strokeStyle = colours.under;
      pen.lineWidth = 1.2;
      trace(pen, on, thinned(drawn.under[vital], drawn.window, columns));
    }
    const points = thinned(drawn.course[vital], drawn.window, columns);
    pen.strokeStyle = colours.trace;
    pen.lineWidth = 1.6;
    trace(pen, on, points);
    this.excursions(points, LIMITED[vital]);
    this.late(thinned(drawn.course.late[vital], drawn.window, Math.ceil(columns / LATE_PX)));
    pen.lineWidth = 1.8;
    pen.strokeStyle = colours.trace;
    for (const one of drawn.course.hand)
      if (one.vital === vital) ring(pen, on.x(one.at), on.y(one.value), false);
    const of = vital === 'hr' ? 'heart_rate' : 'spo2';
    pen.strokeStyle = colours.text;
    for (const { at, values, withdrawn } of drawn.course.events) {
      const value = values[of];
      if (withdrawn !== null && value !== undefined) ring(pen, on.x(at), on.y(value), true);
    }
  }

  /** Small open points and no line: nobody was alerted by them. */
  private late(points: readonly Point[]): void {
    const { pen, on } = this;
    pen.strokeStyle = this.colours.text;
    pen.lineWidth = 1;
    for (const { at, value } of points) {
      pen.beginPath();
      if (value !== null) pen.arc(on.x(at), on.y(value), LATE_PX / 2, 0, 7);
      pen.stroke();
    }
  }

  /** What was beyond the limits of its time is drawn over in their colour, and thicker. */
  private excursions(points: readonly Point[], of: Limited): void {
    const { pen, on, drawn } = this;
    pen.lineWidth = 3.5;
    let before: { x: number; y: number; level: Level } | null = null;
    for (const { at, value } of points) {
      if (value === null) {
        before = null;
        continue;
      }
      const level = levelOf(limitsAt(drawn.course.limits, at), of, value);
      const here = { x: on.x(at), y: on.y(value), level };
      const worse = Math.min(level, before?.level ?? level) as Level;
      const colour = this.beyond(worse);
      if (before !== null && colour !== undefined) {
        pen.strokeStyle = colour;
        pen.beginPath();
        pen.moveTo(before.x, before.y);
        pen.lineTo(here.x, here.y);
        pen.stroke();
      }
      before = here;
    }
  }

  private beyond(level: Level): string | undefined {
    return [undefined, this.colours.mediumLine, this.colours.highLine][level];
  }

  /** From when it was raised until its condition was over. */
  alerts(): void {
    const { pen, on, colours, drawn, name } = this;
    const isLow = name !== 'bp';
    const y = isLow ? on.top + on.height - 4 : on.top + 4;
    within(pen, { ...on, top: on.top - 6, height: on.height + 12 }, () => {
      for (const alert of drawn.course.alerts) {
        if (panelOf(alert) !== name) continue;
        const from = on.x(alert.raised_at);
        const to = on.x(alert.ended_at ?? drawn.course.to);
        pen.fillStyle = colourOf(alert.priority, colours);
        pen.fillRect(from, y - 2, Math.max(2, to - from), 4);
      }
      // Over the bars of all of them: what it was is always to be seen.
      for (const alert of drawn.course.alerts) {
        if (panelOf(alert) !== name) continue;
        const x = Math.max(on.x(alert.raised_at) - GLYPH_PX / 2 - 2, on.left + GLYPH_PX / 2);
        if (on.x(alert.ended_at ?? drawn.course.to) < on.left) continue;
        const at = { x, y: isLow ? y - GLYPH_PX / 2 + 4 : y + GLYPH_PX / 2 - 2, size_px: GLYPH_PX };
        glyph(pen, alert.priority, at, colours);
      }
    });
  }
}

/** What a person measured is drawn with open circles. */
function cuffOf({ at, systolic, diastolic, hand }: Pressure): Cuff {
  const cuff = { at, systolic, diastolic };
  return hand === null ? cuff : { ...cuff, hand: { by: hand, withdrawn: false } };
}

/** About which of the three it is; all else is with the pressures, where there is most room. */
function panelOf({ condition }: PastAlert): PanelName {
  if (condition.startsWith('spo2')) return 'spo2';
  return condition.startsWith('hr_') ? 'hr' : 'bp';
}

function line(pen: Pen, { x, y }: Panel, from: number, to: number, value: number): void {
  pen.beginPath();
  pen.moveTo(x(from), y(value));
  pen.lineTo(x(to), y(value));
  pen.stroke();
}

function times(pen: Pen, at: Places, { window }: Drawn, colours: Colours): void {
  const { left, width } = at.lane;
  pen.font = `15px ${FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  pen.fillStyle = colours.text;
  for (const time of timeTicks(window.from, window.to, width, 80))
    pen.fillText(hourMinute(time), left + shareOf(time, window) * width, at.bottom + 6);
}

/** A number in a disc for each, in the order of time; beside the one before where that is near. */
function events(pen: Pen, at: Places, { course, window }: Drawn, colours: Colours): void {
  const { left, width, height } = at.lane;
  const y = height / 2;
  let free = -Infinity;
  for (const { number, at: time, withdrawn } of course.events) {
    if (number === null || withdrawn !== null || time < window.from || time > window.to) continue;
    const x = left + shareOf(time, window) * width;
    const beside = Math.max(x, free + DISC_PX + 1);
    if (beside - x > FURTHEST_PX) continue;
    pen.strokeStyle = colours.limit;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(beside, y);
    pen.lineTo(x, height);
    pen.stroke();
    pen.fillStyle = colours.strong;
    pen.beginPath();
    pen.arc(beside, y, DISC_PX, 0, 7);
    pen.fill();
    pen.fillStyle = colours.ink;
    pen.font = `700 ${number > 99 ? 11 : 14}px ${FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(String(number), beside, y + 0.5);
    free = beside + DISC_PX;
  }
}
