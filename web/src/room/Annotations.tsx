import { strings } from '../strings';
import type { Annotation } from './annotations';

const SHAPES: Readonly<Record<Annotation, string>> = {
  own: 'M8 1l7 7-7 7-7-7z',
  low: 'M1 3h14L8 15z',
  hand: 'M8 1a7 7 0 1 0 .01 0zm0 3.5a3.5 3.5 0 1 1-.01 0z',
  corrected: 'M1 15l1-5 9-9 4 4-9 9z',
};
/** The words, and those of them that a narrow tile can do without. */
const WORDS: Readonly<Record<Annotation, readonly [short: string, whole: string]>> = {
  own: [strings.own, strings.ownLimits],
  low: [strings.known, strings.knownLow],
  hand: [strings.hand, strings.byHand('')],
  corrected: [strings.corrected, strings.corrected],
};

interface Props {
  marks: readonly Annotation[];
  /** More than the words: who it was. */
  whole?: Partial<Record<Annotation, string>>;
}

/** Beside a number: a diamond for limits of this patient's own, a wedge for a low baseline, a
 * ring for what a person measured, a pencil for what the monitor has corrected. */
export function Annotations({ marks, whole = {} }: Props) {
  return (
    <>
      {marks.map((mark) => (
        <span class="mark-own" key={mark} data-mark={mark} title={whole[mark] || WORDS[mark][1]}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path fill-rule="evenodd" d={SHAPES[mark]} />
          </svg>
          <span class="mark-short" aria-hidden="true">
            {WORDS[mark][0]}
          </span>
          <span class="mark-whole">{whole[mark] || WORDS[mark][1]}</span>
        </span>
      ))}
    </>
  );
}
