// Three plots over one time axis: BP as calipers, HR and SpO₂ as lines. Loaded with the room view.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { hourMinute } from '../format';
import type { Cuff, History, Point, Window } from '../history';
import { strings } from '../strings';
import type { Bounds, Session } from '../wire';

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
    unit: strings.mmHg,
    least: [40, 200],
    limit: 'systolic',
    baseline: ['systolic'],
    share: 0.38,
  },
  {
    name: 'hr',
    label: strings.hr,
    unit: strings.perMinute,
    least: [40, 140],
    limit: 'heart_rate',
    baseline: ['heart_rate'],
    share: 0.3,
  },
  {
    name: 'spo2',
    label: strings.spo2,
    unit: strings.percent,
    least: [80, 100],
    limit: 'spo2',
    baseline: [],
    share: 0.32,
  },
];

const AXIS_HEIGHT_PX = 28;
const AXIS_WIDTH_PX = 52;
const DOT_PX = 2.5;

interface Colours {
  readonly trace: string;
  readonly limit: string;
  readonly band: string;
  readonly line: string;
  readonly text: string;
  readonly chip: string;
  readonly ink: string;
  readonly out: string;
}

interface Drawn {
  readonly history: History;
  readonly window: Window;
  readonly session: Session | null;
}

export class TrendPlot {
  private plots: uPlot[] = [];
  private drawn: Drawn | null = null;
  private colours: Colours;
  private readonly observer: ResizeObserver;

  constructor(private readonly box: HTMLElement) {
    this.colours = readColours();
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(box);
    this.build();
  }

  draw(history: History, window: Window, session: Session | null): void {
    this.drawn = { history, window, session };
    for (const [index, plot] of this.plots.entries()) {
      const kind = KINDS[index];
      if (kind === undefined) continue;
      plot.setData(dataOf(kind, history), false);
      plot.batch(() => {
        plot.setScale('x', { min: window.from / 1_000, max: window.to / 1_000 });
        const [min, max] = this.span(kind);
        plot.setScale('y', { min, max });
      });
    }
  }

  /** The colours of the theme that was just chosen. */
  restyle(): void {
    this.colours = readColours();
    this.build();
  }

  destroy(): void {
    this.observer.disconnect();
    for (const plot of this.plots) plot.destroy();
  }

  private build(): void {
    for (const plot of this.plots) plot.destroy();
    this.box.replaceChildren();
    this.plots = KINDS.map((kind) => new uPlot(this.options(kind), [[], []], this.box));
    if (this.drawn !== null) this.draw(this.drawn.history, this.drawn.window, this.drawn.session);
  }

  private resize(): void {
    for (const [index, plot] of this.plots.entries()) {
      const kind = KINDS[index];
      if (kind !== undefined) plot.setSize(this.size(kind));
    }
  }

  private size(kind: Kind): { width: number; height: number } {
    const width = Math.max(120, this.box.clientWidth);
    const height = Math.max(200, this.box.clientHeight) - AXIS_HEIGHT_PX;
    const axis = kind.name === 'spo2' ? AXIS_HEIGHT_PX : 0;
    return { width, height: Math.floor(height * kind.share) + axis };
  }

  private options(kind: Kind): uPlot.Options {
    const { colours } = this;
    const last = kind.name === 'spo2';
    const font = '15px "Inter Variable", Inter, system-ui, sans-serif';
    const ticks = { show: false };
    const grid = { stroke: colours.line, width: 0.5 };
    return {
      ...this.size(kind),
      legend: { show: false },
      cursor: { show: false },
      padding: [10, 12, last ? 0 : 8, 0],
      scales: { x: { time: true, auto: false }, y: { auto: false } },
      series: [
        {},
        {
          stroke: colours.trace,
          width: 1.5,
          points: { show: false },
          spanGaps: false,
          ...(kind.name === 'bp' ? { paths: () => null } : {}),
        },
      ],
      axes: [
        {
          show: last,
          stroke: colours.text,
          font,
          grid,
          ticks,
          size: AXIS_HEIGHT_PX,
          space: 70,
          values: (_, splits) => splits.map((at) => hourMinute(at * 1_000)),
        },
        { stroke: colours.text, font, grid, ticks, size: AXIS_WIDTH_PX, space: 24, gap: 6 },
      ],
      hooks: {
        drawClear: [(plot) => this.behind(plot, kind)],
        draw: [(plot) => this.front(plot, kind)],
      },
    };
  }

  private bounds(kind: Kind): Bounds {
    return this.drawn?.session?.limits[kind.limit] ?? {};
  }

  private span(kind: Kind): [number, number] {
    const { low, high } = this.bounds(kind);
    const { history, window } = this.drawn ?? { history: null, window: { from: 0, to: 0 } };
    const seen: number[] = [...kind.least];
    if (low !== undefined) seen.push(low - 5);
    if (high !== undefined && kind.name !== 'spo2') seen.push(high + 10);
    if (kind.name === 'bp') {
      for (const cuff of history?.bp ?? []) {
        if (cuff.at >= window.from) seen.push(cuff.systolic + 10, cuff.diastolic - 10);
      }
    } else {
      for (const { at, value } of history?.[kind.name] ?? []) {
        if (value !== null && at >= window.from) seen.push(value);
      }
    }
    return [Math.min(...seen), Math.max(...seen)];
  }

  /** The normal band, the limits, the baseline. */
  private behind(plot: uPlot, kind: Kind): void {
    const { ctx, bbox } = plot;
    const { low, high } = this.bounds(kind);
    const y = (value: number) => plot.valToPos(value, 'y', true);
    const { colours } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    if (low !== undefined || high !== undefined) {
      const top = high === undefined ? bbox.top : y(high);
      const bottom = low === undefined ? bbox.top + bbox.height : y(low);
      ctx.fillStyle = colours.band;
      ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    }
    const across = (value: number, dash: readonly number[]) => {
      ctx.strokeStyle = colours.limit;
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
      ctx.beginPath();
      ctx.moveTo(bbox.left, y(value));
      ctx.lineTo(bbox.left + bbox.width, y(value));
      ctx.stroke();
    };
    if (low !== undefined) across(low, [7, 5]);
    if (high !== undefined) across(high, [7, 5]);
    for (const name of kind.baseline) {
      const value = this.drawn?.session?.baseline?.[name];
      if (value !== undefined) across(value, [2, 4]);
    }
    ctx.restore();
  }

  private front(plot: uPlot, kind: Kind): void {
    if (this.drawn === null) return;
    const { ctx, bbox } = plot;
    const { history, session, window } = this.drawn;
    const x = (at: number) => plot.valToPos(at / 1_000, 'x', true);
    const y = (value: number) => plot.valToPos(value, 'y', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height);
    ctx.clip();
    const inside = (one: { at: number }) => one.at >= window.from;
    if (kind.name === 'bp') calipers(ctx, history.bp.filter(inside), x, y, this.colours.trace);
    else dots(ctx, history[kind.name].filter(inside), x, y, this.bounds(kind), this.colours.out);
    for (const event of session?.events ?? []) {
      if (inside(event)) this.event(ctx, bbox, x(event.at), kind.name === 'bp' ? event.n : null);
    }
    ctx.restore();
    this.title(ctx, bbox, kind);
  }

  /** An event's line through all three plots, its number on top of the first. */
  private event(
    ctx: CanvasRenderingContext2D,
    bbox: uPlot.BBox,
    at: number,
    n: number | null,
  ): void {
    const scale = devicePixelRatio;
    ctx.strokeStyle = this.colours.limit;
    ctx.lineWidth = scale;
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    if (n === null) return;
    ctx.fillStyle = this.colours.chip;
    ctx.beginPath();
    ctx.arc(at, bbox.top + 10 * scale, 10 * scale, 0, 7);
    ctx.fill();
    ctx.fillStyle = this.colours.ink;
    ctx.font = `700 ${12 * scale}px "Inter Variable", Inter, system-ui, sans-serif`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(String(n), at, bbox.top + 10.5 * scale);
  }

  private title(ctx: CanvasRenderingContext2D, bbox: uPlot.BBox, kind: Kind): void {
    const scale = devicePixelRatio;
    ctx.save();
    ctx.fillStyle = this.colours.text;
    ctx.font = `600 ${15 * scale}px "Inter Variable", Inter, system-ui, sans-serif`;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'top';
    const right = bbox.left + bbox.width - 6 * scale;
    ctx.fillText(`${kind.label} ${kind.unit}`, right, bbox.top + 4 * scale);
    ctx.restore();
  }
}

function dataOf(kind: Kind, history: History): uPlot.AlignedData {
  if (kind.name === 'bp') {
    return [history.bp.map(({ at }) => at / 1_000), history.bp.map(({ systolic }) => systolic)];
  }
  const points = history[kind.name];
  return [points.map(({ at }) => at / 1_000), points.map(({ value }) => value)];
}

type Place = (value: number) => number;

function calipers(
  ctx: CanvasRenderingContext2D,
  cuffs: readonly Cuff[],
  x: Place,
  y: Place,
  colour: string,
): void {
  const scale = devicePixelRatio;
  const arm = 5 * scale;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2 * scale;
  for (const { at, systolic, diastolic } of cuffs) {
    const [centre, top, bottom] = [x(at), y(systolic), y(diastolic)];
    ctx.beginPath();
    ctx.moveTo(centre - arm, top - arm);
    ctx.lineTo(centre, top);
    ctx.lineTo(centre + arm, top - arm);
    ctx.moveTo(centre, top);
    ctx.lineTo(centre, bottom);
    ctx.moveTo(centre - arm, bottom + arm);
    ctx.lineTo(centre, bottom);
    ctx.lineTo(centre + arm, bottom + arm);
    ctx.stroke();
  }
}

/** Values beyond a limit. */
function dots(
  ctx: CanvasRenderingContext2D,
  points: readonly Point[],
  x: Place,
  y: Place,
  { low, high }: Bounds,
  colour: string,
): void {
  ctx.fillStyle = colour;
  for (const { at, value } of points) {
    if (value === null) continue;
    if ((low === undefined || value >= low) && (high === undefined || value <= high)) continue;
    ctx.beginPath();
    ctx.arc(x(at), y(value), DOT_PX * devicePixelRatio, 0, 7);
    ctx.fill();
  }
}

function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    trace: read('trace'),
    limit: read('limit'),
    band: read('band'),
    line: read('line'),
    text: read('t2'),
    chip: read('t1'),
    ink: read('bg'),
    out: read('high-line'),
  };
}
