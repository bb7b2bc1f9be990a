import { useSignal, type Signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { theme } from '../page/theme';
import { readColours, type Colours } from './colours';
import type { Pen } from './marks';

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Props {
  paint: (pen: Pen, size: Size, colours: Colours) => void;
  /** How large it is, for what lies over it. */
  size: Signal<Size>;
}

/** On paper it is drawn finer than the screen shows, and in a shape of its own: how wide the paper is
 * is not known yet. */
const PAPER = 3;
const ON_PAPER: Size = { width: 860, height: 540 };
const LEAST_PX = 80;

/** A canvas that is painted anew whenever what it shows, its size, the theme or the paper changes. */
export function Drawing({ paint, size }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const again = useSignal(0);
  useLayoutEffect(() => {
    const box = canvas.current?.parentElement;
    if (!box) return;
    const paper = matchMedia('print');
    const measure = () => {
      const { clientWidth, clientHeight } = box;
      const { width, height } = size.peek();
      const onScreen = {
        width: Math.max(LEAST_PX, clientWidth),
        height: Math.max(LEAST_PX, clientHeight),
      };
      const is = paper.matches ? ON_PAPER : onScreen;
      if (is.width !== width || is.height !== height) size.value = is;
    };
    const repaint = () => {
      measure();
      again.value += 1;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    paper.addEventListener('change', repaint);
    // The labels are drawn once more when their font has come.
    let isHere = true;
    if (document.fonts.status !== 'loaded')
      void document.fonts.ready.then(() => isHere && repaint());
    return () => {
      isHere = false;
      observer.disconnect();
      paper.removeEventListener('change', repaint);
    };
  }, []);
  const { width, height } = size.value;
  void again.value;
  void theme.value;
  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen || width === 0) return;
    const scale = matchMedia('print').matches ? PAPER : devicePixelRatio;
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    paint(pen, { width, height }, readColours(element));
  });
  return <canvas ref={canvas} aria-hidden="true" />;
}
