import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { padOpen } from '../people/acting';
import { strings } from '../strings';
import { words } from '../strings/review';
import type { Session } from '../stream/shapes';
import { Alerts } from './Alerts';
import { Events, type Added } from './Events';
import { Other } from './Other';
import { Overview } from './Overview';
import { Plot } from './Plot';
import { askForCourse } from './read';
import { Rows, Steps } from './Rows';
import { isEmpty, jump, look, type Looking } from './state';
import { Values } from './Values';
import { zoomed } from './window';

interface Props {
  session: Session;
  /** What was added once it was over. */
  addenda: readonly Added[];
  /** What the page has beside it: facts, signing, files. */
  beside: ComponentChildren;
  /** In place of the course where it cannot be had. */
  otherwise: ComponentChildren;
}

/** The course of a session: all of it, the part that is shown, and what was so at the cursor. */
export function Review({ session, addenda, beside, otherwise }: Props) {
  const looking = useSignal<Looking | null>(null);
  const wrong = useSignal<string | null>(null);
  const asked = useSignal(0);
  useEffect(() => {
    let isHere = true;
    void askForCourse(session.id).then((answer) => {
      if (!isHere) return;
      const course = answer.ok ? answer.value : null;
      looking.value = course === null ? null : look(course);
      wrong.value = answer.ok ? (course === null ? words.failed : null) : answer.message;
    });
    return () => {
      isHere = false;
    };
  }, [session.id, asked.value]);
  if (looking.value === null)
    return (
      <>
        {wrong.value === null ? (
          <p class="quiet">{strings.loading}</p>
        ) : (
          <p class="notice notice-bad" role="alert">
            {words.failed} {wrong.value !== words.failed && wrong.value}{' '}
            <button type="button" onClick={() => (asked.value += 1)}>
              {strings.tryAgain}
            </button>
          </p>
        )}
        <div class="past-parts">
          {beside}
          {wrong.value !== null && otherwise}
        </div>
      </>
    );
  return (
    <>
      <Shown looking={looking.value} session={session} />
      <div class="past-parts">
        {beside}
        <Events looking={looking.value} addenda={addenda} />
      </div>
    </>
  );
}

function Shown({ looking, session }: { looking: Looking; session: Session }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || padOpen.value) return;
      // Brackets are on the third level of many keyboards.
      const isPlain = event.getModifierState('AltGraph') || !(event.ctrlKey || event.altKey);
      if (!isPlain || event.metaKey) return;
      if (event.key === '[') jump(looking, -1);
      else if (event.key === ']') jump(looking, 1);
      else if (event.key === '0') looking.window.value = looking.whole;
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [looking]);
  // First what is looked at first: the rest is there with the next frame.
  const isDrawn = useSignal(false);
  useEffect(() => {
    isDrawn.value = true;
  }, []);
  const { course } = looking;
  return (
    <div class="review" data-testid="review">
      {course.lacks.length > 0 && (
        <ul class="review-lacks" aria-label={words.lacks}>
          {course.lacks.map((lack) => (
            <li key={lack}>{lack}</li>
          ))}
        </ul>
      )}
      {isEmpty(course) ? (
        <p class="review-empty">{words.nothing}</p>
      ) : (
        <>
          <div class="review-over">
            <Overview looking={looking} />
            <Zoom looking={looking} />
          </div>
          <section class="review-large" aria-label={words.course}>
            <Plot looking={looking} />
          </section>
        </>
      )}
      {isDrawn.value && <Rows looking={looking} />}
      <aside class="review-side">
        <Values looking={looking} />
        {isDrawn.value && (
          <>
            <Alerts looking={looking} />
            <Other looking={looking} session={session} />
            <Steps looking={looking} />
          </>
        )}
      </aside>
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, select, textarea') !== null;
}

const CLOSER = 0.5;

/** What the brush does, with buttons. */
function Zoom({ looking }: { looking: Looking }) {
  const { window, whole, cursor } = looking;
  const isWhole = window.value.from === whole.from && window.value.to === whole.to;
  const zoom = (factor: number) => {
    window.value = zoomed(window.value, factor, cursor.value, whole);
  };
  return (
    <div class="review-zoom screen-only">
      <button
        type="button"
        data-zoom="whole"
        aria-label={words.whole}
        disabled={isWhole}
        onClick={() => (window.value = whole)}
      >
        {words.all} <kbd>0</kbd>
      </button>
      <button
        type="button"
        data-zoom="wider"
        aria-label={words.wider}
        disabled={isWhole}
        onClick={() => zoom(1 / CLOSER)}
      >
        −
      </button>
      <button
        type="button"
        data-zoom="closer"
        aria-label={words.closer}
        onClick={() => zoom(CLOSER)}
      >
        +
      </button>
    </div>
  );
}
