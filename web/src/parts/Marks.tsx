import { strings } from '../strings';
import type { Mark } from '../marks';

const SHAPES: Readonly<Record<Mark, string>> = { own: 'M8 1l7 7-7 7-7-7z', low: 'M1 3h14L8 15z' };
/** The words, and those of them that a narrow tile can do without. */
const WORDS: Readonly<Record<Mark, readonly [short: string, whole: string]>> = {
  own: [strings.own, strings.ownLimits],
  low: [strings.known, strings.knownLow],
};

/** Beside a number: a diamond for limits of this patient's own, a wedge for a low baseline. */
export function Marks({ marks }: { marks: readonly Mark[] }) {
  return (
    <>
      {marks.map((mark) => (
        <span class="mark-own" key={mark} data-mark={mark}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={SHAPES[mark]} />
          </svg>
          <span class="mark-short" aria-hidden="true">
            {WORDS[mark][0]}
          </span>
          <span class="mark-whole">{WORDS[mark][1]}</span>
        </span>
      ))}
    </>
  );
}
