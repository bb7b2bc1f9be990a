// The colours of the theme, or of paper, for what is drawn on a canvas.

export interface Colours {
  readonly trace: string;
  readonly limit: string;
  /** Behind the values while the drug runs. */
  readonly runs: string;
  /** Behind them while it is paused. */
  readonly pause: string;
  readonly tile: string;
  readonly line: string;
  readonly text: string;
  readonly strong: string;
  readonly ink: string;
  readonly under: string;
  readonly high: string;
  readonly highLine: string;
  readonly medium: string;
  readonly mediumLine: string;
  readonly low: string;
  readonly onLow: string;
}

export function readColours(box: Element): Colours {
  const style = getComputedStyle(box);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    trace: read('t1'),
    limit: read('limit'),
    runs: read('runs'),
    pause: read('pause'),
    tile: read('tile'),
    line: read('line'),
    text: read('t2'),
    strong: read('t1'),
    ink: read('bg'),
    under: read('under'),
    high: read('high'),
    highLine: read('high-line'),
    medium: read('med'),
    mediumLine: read('med-thin'),
    low: read('low'),
    onLow: read('on-low'),
  };
}
