import { strings } from '../strings';
import type { Priority } from '../stream/shapes';

const SHAPES: Readonly<Record<Priority, string>> = {
  high: 'M7 1h10l6 6v10l-6 6H7l-6-6V7z',
  medium: 'M12 1.500 23.500 22.500H.5z',
  low: 'M2 2h20v20H2z',
};
const MARKS: Readonly<Record<Priority, readonly number[]>> = {
  high: [8, 12, 16],
  medium: [10, 14],
  low: [12],
};

/** Octagon, triangle or square with !!!, !! or !: priority without any colour. */
export function Glyph({ priority, label = true }: { priority: Priority; label?: boolean }) {
  const top = priority === 'medium' ? 10 : 6.5;
  const bottom = priority === 'medium' ? 16 : 14;
  return (
    <svg
      class={`glyph glyph-${priority}`}
      viewBox="0 0 24 24"
      {...(label
        ? { role: 'img' as const, 'aria-label': strings.priority[priority] }
        : { 'aria-hidden': true })}
    >
      <path class="shape" d={SHAPES[priority]} />
      {MARKS[priority].map((x) => (
        <path class="mark" key={x} d={`M${x} ${top}V${bottom}M${x} ${bottom + 2.7}v.1`} />
      ))}
    </svg>
  );
}
