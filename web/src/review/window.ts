// The part of a session that is drawn large: what the brush on the overview holds. Pure.

export interface Window {
  readonly from: number;
  readonly to: number;
}

const MINUTE_MS = 60_000;
/** Closer than this, one value a second is a step of several pixels. */
export const CLOSEST_MS = 2 * MINUTE_MS;

/** The same length, moved so far as it stays inside the whole. */
export function moved({ from, to }: Window, by: number, whole: Window): Window {
  const length = Math.min(to - from, whole.to - whole.from);
  const begin = Math.min(Math.max(from + by, whole.from), whole.to - length);
  return { from: begin, to: begin + length };
}

/** One edge moved to `at`; the other stays. */
export function stretched(window: Window, edge: keyof Window, at: number, whole: Window): Window {
  const closest = Math.min(CLOSEST_MS, whole.to - whole.from);
  return edge === 'from'
    ? { ...window, from: Math.max(whole.from, Math.min(at, window.to - closest)) }
    : { ...window, to: Math.min(whole.to, Math.max(at, window.from + closest)) };
}

/** Longer or shorter by a factor, around what somebody looks at. */
export function zoomed(window: Window, factor: number, around: number, whole: Window): Window {
  const all = whole.to - whole.from;
  const length = window.to - window.from;
  const wanted = Math.min(all, Math.max(Math.min(CLOSEST_MS, all), length * factor));
  const isInside = around >= window.from && around <= window.to;
  const middle = isInside ? around : (window.from + window.to) / 2;
  const share = (middle - window.from) / length;
  const from = middle - wanted * share;
  return moved({ from, to: from + wanted }, 0, whole);
}

/** The window as it is where the time is in it, otherwise moved there. */
export function showing(window: Window, at: number, whole: Window): Window {
  const margin = (window.to - window.from) / 20;
  if (at >= window.from + margin && at <= window.to - margin) return window;
  return moved(window, at - (window.from + window.to) / 2, whole);
}
