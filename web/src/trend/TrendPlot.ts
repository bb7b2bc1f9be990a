// Three plots over one time axis: BP as calipers, HR and SpO₂ as lines. Loaded with the room view.

import { hourMinute } from '../format';
import { handPoints, type History, type Window } from './history';
import { isMarked } from '../room/marks';
import { strings } from '../strings';
import { later } from '../strings/later';
import { words } from '../strings/trend';
import { phasesOf } from './phases';
import type { Bounds, Session } from '../stream/shapes';
import { timeTicks, valueTicks } from './axis';
import { across, calipers, dots, down, panel, ring, trace, within, type Panel } from './panel';

interface Kind {
  readonly name: 'bp' | 'hr' | 'spo2';
  readonly label: string;
  readonly unit: string;
  /** The least that the axis spans; it grows with the values. */
  readonly least: readonly [number, number];
  readonly limit: string;
  readonly baseline: readonly string[];
  readonly share: number;
}

const KINDS: readonly Kind[] = [
  {
    name: 'bp',
    label: strings.bp,
    unit: later.mmHg,
    least: [40, 200],
    limit: 'systolic',
    baseline: ['systolic'],
    share: 0.38,
  },
  {
    name: 'hr',
    label: strings.hr,
    unit: later.perMinute,
    least: [40, 140],
    limit: 'heart_rate',
    baseline: ['heart_rate'],
    share: 0.3,
  },
  {
    name: 'spo2',
    label: strings.spo2,
    unit: later.percent,
    least: [80, 100],
    limit: 'spo2',
    baseline: [],
    share: 0.32,
  },
];

const AXIS_HEIGHT_PX = 28;
const AXIS_WIDTH_PX = 52;
/** Beside and between the plots, so that the labels at their edges are whole. */
const RIGHT_PX = 14;
const ABOVE_PX = 10;
const BELOW_PX = 8;
const VALUE_SPACE_PX = 24;
const TIME_SPACE_PX = 70;
const HEIGHT_MIN_PX = 140;
/** The strip above the plots that names the phases. */
const PHASES_PX = 22;
/** Half of a time label, so that the last one is whole. */
const TIME_HALF_PX = 22;
const NUMBER_PX = 10;
const FONT = '"Inter Variable", Inter, system-ui, sans-serif';

interface Colours {
  readonly trace: string;
  readonly limit: string;
  readonly band: string;
  readonly tile: string;
  readonly line: string;
  readonly text: string;
  readonly chip: string;
  readonly ink: string;
  readonly out: string;
}

export interface Drawn {
  /** An earlier session, in grey. */
  readonly under: History | null;
  /** Which one it is. */
  readonly underText: string;
  readonly now: number;
  readonly history: History;
  readonly window: Window;
  readonly session: Session | null;
}

export class TrendPlot {
  private readonly canvas = document.createElement('canvas');
  private readonly pen = this.canvas.getContext('2d');
  private readonly observer = new ResizeObserver(() => this.paint());
  private drawn: Drawn | null = null;
  private colours = readColours();

  constructor(private readonly box: HTMLElement) {
    box.append(this.canvas);
    this.observer.observe(box);
    // The labels are drawn once more when their font has come.
    void document.fonts.ready.then(() => this.paint());
  }

  draw(drawn: Drawn): void {
    this.drawn = drawn;
    this.paint();
  }

  /** The colours of the theme that was just chosen. */
  restyle(): void {
    this.colours = readColours();
    this.paint();
  }

  destroy(): void {
    this.observer.disconnect();
    this.canvas.remove();
  }

  private paint(): void {
    const { canvas, pen, drawn } = this;
    if (pen === null || drawn === null) return;
    const scale = devicePixelRatio;
    const width = Math.max(120, this.box.clientWidth);
    const height = Math.max(HEIGHT_MIN_PX, this.box.clientHeight);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    const strip_px = drawn.session === null ? 0 : PHASES_PX;
    let top = strip_px;
    for (const kind of KINDS) {
      const share_px = (height - AXIS_HEIGHT_PX - strip_px) * kind.share;
      // The events' numbers are above the first plot: they hide no pressure.
      const above_px = kind.name === 'bp' ? 2 * NUMBER_PX + 4 : ABOVE_PX;
      const box = {
        left: AXIS_WIDTH_PX,
        top: top + above_px,
        width: width - AXIS_WIDTH_PX - RIGHT_PX,
        height: share_px - above_px - BELOW_PX,
      };
      top += share_px;
      this.plot(pen, drawn, kind, panel(box, drawn.window, spanOf(kind, drawn)));
    }
    const strip = { left: AXIS_WIDTH_PX, top: 0, width: width - AXIS_WIDTH_PX - RIGHT_PX };
    this.phases(pen, drawn, panel({ ...strip, height: strip_px }, drawn.window, [0, 1]));
  }

  /** The phases as boxes side by side, named where the name has room. */
  private phases(pen: CanvasRenderingContext2D, drawn: Drawn, at: Panel): void {
    const { session, now } = drawn;
    if (session === null) return;
    pen.font = `15px ${FONT}`;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    within(pen, at, () => {
      for (const { phase, from, to } of phasesOf(session, now)) {
        const left = Math.max(at.left, at.x(from));
        const width = at.x(to) - left - 2;
        const stopped = phase === 'paused' || phase === 'held';
        pen.fillStyle = stopped ? this.colours.chip : this.colours.line;
        pen.fillRect(left, 0, width, at.height);
        const name = strings.phases[phase] ?? phase;
        if (pen.measureText(name).width > width - 12) continue;
        pen.fillStyle = stopped ? this.colours.ink : this.colours.chip;
        pen.fillText(name, left + 6, at.height / 2);
      }
    });
  }

  private plot(pen: CanvasRenderingContext2D, drawn: Drawn, kind: Kind, at: Panel): void {
    within(pen, at, () => this.behind(pen, drawn, kind, at));
    this.grid(pen, drawn, kind, at);
    within(pen, at, () => this.under(pen, drawn, kind, at));
    // Before the values: nothing of today is under it.
    if (drawn.under !== null && kind.name === 'bp') this.key(pen, drawn.underText, at);
    within(pen, at, () => this.values(pen, drawn, kind, at));
    let last = -Infinity;
    for (const event of drawn.session?.events ?? []) {
      if (event.at >= drawn.window.from && event.withdrawn === null && isMarked(event))
        last = this.event(pen, at, event.at, kind.name === 'bp' ? event.place : null, last);
    }
    const name = `${kind.label} ${kind.unit}`;
    pen.font = `600 15px ${FONT}`;
    pen.textAlign = 'right';
    pen.textBaseline = 'top';
    const right = at.left + at.width - 6;
    const name_px = pen.measureText(name).width;
    // No line goes through it.
    pen.fillStyle = this.colours.tile;
    pen.fillRect(right - name_px - 4, at.top + 2, name_px + 8, 18);
    pen.fillStyle = this.colours.text;
    pen.fillText(name, right, at.top + 4);
  }

  /** What the grey lines are: nobody takes them for today's. */
  private key(pen: CanvasRenderingContext2D, of: string, at: Panel): void {
    const text = words.greyIs(of);
    pen.textAlign = 'left';
    pen.font = `15px ${FONT}`;
    const bottom = at.top + at.height - 20;
    pen.fillStyle = this.colours.tile;
    pen.fillRect(at.left + 4, bottom, pen.measureText(text).width + 8, 18);
    pen.fillStyle = this.colours.text;
    pen.fillText(text, at.left + 8, bottom + 2);
  }

  /** The normal band, the limits, the baseline. */
  private behind(pen: CanvasRenderingContext2D, drawn: Drawn, kind: Kind, at: Panel): void {
    const { low, high } = boundsOf(kind, drawn);
    if (low !== undefined || high !== undefined) {
      const top = high === undefined ? at.top : at.y(high);
      const bottom = low === undefined ? at.top + at.height : at.y(low);
      pen.fillStyle = this.colours.band;
      pen.fillRect(at.left, top, at.width, bottom - top);
    }
    pen.strokeStyle = this.colours.limit;
    pen.lineWidth = 1.5;
    pen.setLineDash([7, 5]);
    if (low !== undefined) across(pen, at, low);
    if (high !== undefined) across(pen, at, high);
    pen.setLineDash([2, 4]);
    for (const name of kind.baseline) {
      const value = drawn.session?.baseline?.[name];
      if (value !== undefined) across(pen, at, value);
    }
  }

  /** Thin and grey, so that nobody takes it for today's. */
  private under(pen: CanvasRenderingContext2D, { under }: Drawn, kind: Kind, at: Panel): void {
    if (under === null) return;
    pen.strokeStyle = this.colours.limit;
    pen.lineWidth = 1;
    pen.setLineDash([]);
    pen.globalAlpha = 0.7;
    if (kind.name === 'bp') calipers(pen, at, under.bp);
    else trace(pen, at, under[kind.name]);
    pen.globalAlpha = 1;
  }

  private grid(pen: CanvasRenderingContext2D, drawn: Drawn, kind: Kind, at: Panel): void {
    const [min, max] = spanOf(kind, drawn);
    const { from, to } = drawn.window;
    pen.strokeStyle = this.colours.line;
    pen.fillStyle = this.colours.text;
    pen.lineWidth = 0.5;
    pen.font = `15px ${FONT}`;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    for (const value of valueTicks(min, max, at.height, VALUE_SPACE_PX)) {
      across(pen, at, value);
      pen.fillText(String(value), at.left - 8, at.y(value));
    }
    if (kind !== KINDS.at(-1)) return;
    pen.textAlign = 'center';
    pen.textBaseline = 'bottom';
    const left = at.left + TIME_HALF_PX + 8;
    const right = at.left + at.width + RIGHT_PX - TIME_HALF_PX;
    for (const time of timeTicks(from, to, at.width, TIME_SPACE_PX)) {
      down(pen, at, time);
      pen.fillText(
        hourMinute(time),
        Math.max(left, Math.min(at.x(time), right)),
        at.top + at.height + BELOW_PX + AXIS_HEIGHT_PX - 4,
      );
    }
  }

  private values(pen: CanvasRenderingContext2D, drawn: Drawn, kind: Kind, at: Panel): void {
    const inside = (one: { at: number }) => one.at >= drawn.window.from;
    pen.strokeStyle = this.colours.trace;
    if (kind.name === 'bp') {
      pen.lineWidth = 2;
      calipers(pen, at, drawn.history.bp.filter(inside));
      return;
    }
    const points = drawn.history[kind.name].filter(inside);
    pen.lineWidth = 1.5;
    trace(pen, at, points);
    const { low = -Infinity, high = Infinity } = boundsOf(kind, drawn);
    pen.fillStyle = this.colours.out;
    dots(
      pen,
      at,
      points.filter(({ value }) => value !== null && (value <= low || value >= high)),
    );
    for (const { of, at: time, value } of drawn.history.takenBack)
      if (of === kind.name) ring(pen, at.x(time), at.y(value), true);
    const name = kind.name === 'hr' ? 'heart_rate' : kind.name;
    for (const { at: time, value, withdrawn } of handPoints(drawn.session?.events ?? [], name))
      ring(pen, at.x(time), at.y(value), withdrawn);
  }

  /** An event's line through all three plots, its number on top of the first. */
  private event(
    pen: CanvasRenderingContext2D,
    at: Panel,
    time: number,
    place: number | null,
    last: number,
  ): number {
    pen.strokeStyle = this.colours.limit;
    pen.lineWidth = 1;
    down(pen, at, time);
    const [x, y] = [at.x(time), at.top - NUMBER_PX - 2];
    // One number over another could be read as neither: the list has all.
    if (place === null || x - last < 2 * NUMBER_PX) return last;
    pen.fillStyle = this.colours.chip;
    pen.beginPath();
    pen.arc(x, y, NUMBER_PX, 0, 7);
    pen.fill();
    pen.fillStyle = this.colours.ink;
    pen.font = `700 12px ${FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(String(place), x, y + 0.5);
    return x;
  }
}

function boundsOf(kind: Kind, { session }: Drawn): Bounds {
  return session?.limits[kind.limit] ?? {};
}

/** What the value axis reaches over: at least its usual range, the limits, and what was measured. */
function spanOf(kind: Kind, drawn: Drawn): [number, number] {
  const { low, high } = boundsOf(kind, drawn);
  const { history, window } = drawn;
  const seen: number[] = [...kind.least];
  if (low !== undefined) seen.push(low - 5);
  if (high !== undefined && kind.name !== 'spo2') seen.push(high + 10);
  if (kind.name === 'bp') {
    for (const cuff of history.bp) {
      if (cuff.at >= window.from) seen.push(cuff.systolic + 10, cuff.diastolic - 10);
    }
  } else {
    for (const { at, value } of history[kind.name]) {
      // A little below the lowest, so that it does not lie on the edge.
      if (value !== null && at >= window.from) seen.push(value - 2, value);
    }
    for (const { of, at, value } of history.takenBack)
      if (of === kind.name && at >= window.from) seen.push(value - 2, value);
  }
  return [Math.min(...seen), Math.max(...seen)];
}

function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    trace: read('trace'),
    limit: read('limit'),
    band: read('band'),
    tile: read('tile'),
    line: read('line'),
    text: read('t2'),
    chip: read('t1'),
    ink: read('bg'),
    out: read('high-line'),
  };
}
