import { useSignal } from '@preact/signals';
import { hourMinute } from '../format';
import { words } from '../strings/review';
import { Drawing, type Size } from './Drawing';
import { BESIDE_PX, paintOverview } from './overview';
import { shareOf, timeAt } from './places';
import { type Looking } from './state';
import { moved, stretched, type Window } from './window';

const MINUTE_MS = 60_000;
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};
const FURTHEST_MIN = 1e6;

/** The whole session as a strip, and a brush over the part that is drawn large. */
export function Overview({ looking }: { looking: Looking }) {
  const { course, whole, window, cursor } = looking;
  const size = useSignal<Size>({ width: 0, height: 0 });
  const [left, right] = [BESIDE_PX, BESIDE_PX];
  const place = (at: number) =>
    `calc(${left}px + ${shareOf(at, whole).toFixed(5)} * (100% - ${left + right}px))`;
  const share = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement)
      .closest('.review-strip')
      ?.getBoundingClientRect();
    const width = (box?.width ?? 1) - left - right;
    return (event.clientX - (box?.left ?? 0) - left) / width;
  };
  const { from, to } = window.value;

  /** Follows the finger or mouse until it is lifted. */
  const drag = (move: (at: number, start: Window, grabbed: number) => Window) => ({
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      const handle = event.currentTarget as HTMLElement;
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      const [start, grabbed] = [window.peek(), timeAt(share(event), whole)];
      const onMove = (moving: Event) => {
        window.value = move(timeAt(share(moving as PointerEvent), whole), start, grabbed);
      };
      const onUp = () => {
        handle.removeEventListener('pointermove', onMove);
        handle.removeEventListener('pointerup', onUp);
        handle.removeEventListener('pointercancel', onUp);
      };
      handle.addEventListener('pointermove', onMove);
      handle.addEventListener('pointerup', onUp);
      handle.addEventListener('pointercancel', onUp);
      event.preventDefault();
      event.stopPropagation();
    },
  });
  const keys = (move: (by_ms: number) => Window) => (event: KeyboardEvent) => {
    const minutes =
      event.key === 'Home' ? -FURTHEST_MIN : event.key === 'End' ? FURTHEST_MIN : KEYS[event.key];
    if (minutes === undefined) return;
    window.value = move(minutes * MINUTE_MS * (event.shiftKey ? 5 : 1));
    event.preventDefault();
  };
  const slider = (label: string, value: number, said: string) => ({
    role: 'slider' as const,
    tabIndex: 0,
    'aria-label': label,
    'aria-valuemin': 0,
    'aria-valuemax': Math.round((whole.to - whole.from) / MINUTE_MS),
    'aria-valuenow': Math.round((value - whole.from) / MINUTE_MS),
    'aria-valuetext': said,
  });
  const edge = (which: keyof Window, label: string) => (
    <div
      class={`review-edge review-edge-${which}`}
      data-edge={which}
      style={{ left: place(window.value[which]) }}
      {...slider(label, window.value[which], hourMinute(window.value[which]))}
      {...drag((at, start) => stretched(start, which, at, whole))}
      onKeyDown={keys((by) => stretched(window.value, which, window.value[which] + by, whole))}
    />
  );
  return (
    <div
      class="review-strip"
      role="group"
      aria-label={words.overview}
      data-testid="overview"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        // Beside the brush: it comes to where somebody pointed.
        const at = timeAt(share(event), whole);
        const middle = (window.value.from + window.value.to) / 2;
        window.value = moved(window.value, at - middle, whole);
      }}
    >
      <Drawing paint={(pen, is, colours) => paintOverview(pen, is, course, colours)} size={size} />
      <i
        class="review-dim"
        style={{ left: place(whole.from), width: `calc(${place(from)} - ${left}px)` }}
      />
      <i class="review-dim" style={{ left: place(to), right: `${right}px` }} />
      <i class="review-here" style={{ left: place(cursor.value) }} />
      <div
        class="review-brush"
        data-edge="both"
        style={{ left: place(from), width: `calc(${place(to)} - ${place(from)})` }}
        {...slider(words.shown, from, words.fromTo(hourMinute(from), hourMinute(to)))}
        {...drag((at, start, grabbed) => moved(start, at - grabbed, whole))}
        onKeyDown={keys((by) => moved(window.value, by, whole))}
      />
      {edge('from', words.shownFrom)}
      {edge('to', words.shownTo)}
    </div>
  );
}
