import { useSignal } from '@preact/signals';
import { clockTime } from '../format';
import { strings } from '../strings';
import { words } from '../strings/review';
import { Drawing, type Size } from './Drawing';
import { edges, places, shareOf, timeAt, type PanelName } from './places';
import { paintPlot } from './plot';
import { atCursor, goTo, pointTo, stepped, type Looking } from './state';

const SECOND_MS = 1_000;
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -10 * SECOND_MS,
  ArrowRight: 10 * SECOND_MS,
  PageDown: -300 * SECOND_MS,
  PageUp: 300 * SECOND_MS,
};

/** The part that is shown, with one cursor through all of it. */
export function Plot({ looking }: { looking: Looking }) {
  const { course, window, whole, under } = looking;
  const size = useSignal<Size>({ width: 0, height: 0 });
  const drawn = {
    course,
    under: under.value,
    window: window.value,
    scales: looking.scales.value,
  };
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { left, right } = edges(box.width);
    const share = (event.clientX - box.left - left) / (box.width - left - right);
    pointTo(looking, timeAt(share, window.value));
  };
  return (
    <div
      class="review-plot"
      data-testid="plot"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) point(event);
      }}
      onKeyDown={(event) => {
        const { cursor } = looking;
        const by = KEYS[event.key];
        if (event.key === 'Home') goTo(looking, whole.from);
        else if (event.key === 'End') goTo(looking, whole.to);
        else if (by === undefined) return;
        else if (event.shiftKey) goTo(looking, cursor.value + 6 * by);
        else goTo(looking, stepped(course, cursor.value, by));
        event.preventDefault();
      }}
    >
      <Drawing paint={(pen, is, colours) => paintPlot(pen, is, drawn, colours)} size={size} />
      <Cursor looking={looking} size={size.value} />
    </div>
  );
}

/** Over the drawing, so that it can move without it. */
function Cursor({ looking, size }: { looking: Looking; size: Size }) {
  const { course, window, cursor, whole } = looking;
  const at = cursor.value;
  const { hr, spo2, pressure } = atCursor(course, at);
  const said = [
    clockTime(at),
    `${strings.hr} ${hr.value ?? words.none}`,
    `${strings.spo2} ${spo2.value ?? words.none}`,
    pressure === null ? '' : `${strings.bp} ${pressure.systolic}/${pressure.diastolic}`,
  ];
  const { left, right } = edges(size.width);
  const share = shareOf(at, window.value);
  const isSeen = share >= 0 && share <= 1;
  const where = places(size.width, size.height);
  const scales = looking.scales.value;
  const dot = (name: PanelName, value: number | null) => {
    if (value === null) return null;
    const box = where.panels[name];
    const [low, high] = scales[name];
    const y = box.top + ((high - value) / (high - low)) * box.height;
    return <i class="review-dot" data-dot={name} style={{ top: `${y}px` }} />;
  };
  return (
    <div
      class="review-cursor"
      data-testid="cursor"
      role="slider"
      tabIndex={0}
      aria-label={words.cursor}
      aria-valuemin={0}
      aria-valuemax={Math.round((whole.to - whole.from) / SECOND_MS)}
      aria-valuenow={Math.round((at - whole.from) / SECOND_MS)}
      aria-valuetext={said.filter((part) => part !== '').join(', ')}
      data-seen={isSeen}
      style={{ left: `calc(${left}px + ${share.toFixed(5)} * (100% - ${left + right}px))` }}
    >
      <b
        style={{ transform: `translateX(${(-100 * Math.min(1, Math.max(0, share))).toFixed(0)}%)` }}
      >
        {clockTime(at)}
      </b>
      {dot('hr', hr.value)}
      {dot('spo2', spo2.value)}
    </div>
  );
}
