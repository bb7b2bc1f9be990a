import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { dayMonth } from '../rules/date';
import { words } from '../strings/review';
import { comparable, pastOf, type PastSession } from '../trend/past';
import type { Session } from '../stream/shapes';
import { askForCourse } from './read';
import { alignedTo } from './rows';
import type { Looking } from './state';

/** A course of eight has at most seven others. */
const LISTED = 8;

/** Which other session of the patient lies in grey under this one, both from the start. */
export function Other({ looking, session }: { looking: Looking; session: Session }) {
  const { course, under } = looking;
  const chosen = useSignal<string | null | undefined>(undefined);
  const failed = useSignal(false);
  const others =
    course.started_at === null ? [] : comparable(pastOf(session).value).slice(0, LISTED);
  // The one before this, until somebody chooses another or none.
  const before = others.find(({ at }) => at < course.from)?.id ?? null;
  const id = chosen.value === undefined ? before : chosen.value;
  useEffect(() => {
    let isHere = true;
    under.value = null;
    failed.value = false;
    if (id !== null)
      void askForCourse(id).then((answer) => {
        if (!isHere) return;
        const other = answer.ok ? answer.value : null;
        failed.value = other === null;
        if (other !== null && course.started_at !== null)
          under.value = alignedTo(other, course.started_at);
      });
    return () => {
      isHere = false;
    };
  }, [id]);
  if (others.length === 0) return null;
  const now = others.find((one) => one.id === id);
  const oldestFirst = [...others].sort((a, b) => a.at - b.at);
  return (
    <section class="review-other" aria-label={words.otherSession} data-testid="other">
      <h2>{words.otherSession}</h2>
      <div class="chips">
        <button type="button" aria-pressed={id === null} onClick={() => (chosen.value = null)}>
          {words.noOther}
        </button>
        {oldestFirst.map((one) => (
          <button
            key={one.id}
            type="button"
            data-other={one.id}
            aria-pressed={one.id === id}
            onClick={() => (chosen.value = one.id)}
          >
            {one.number !== null && one.id !== id
              ? one.number
              : words.otherOne(one.number, dayMonth(one.at))}
          </button>
        ))}
      </div>
      {failed.value && <p class="wrong">{words.otherFailed}</p>}
      {now !== undefined && under.value !== null && (
        <p>{words.aligned(words.sessionName(now.number), factsOf(now))}</p>
      )}
    </section>
  );
}

/** `35 mg, highest BP 152/91, lowest SpO₂ 94` */
function factsOf({ mg, peak }: PastSession): string {
  const { systolic, diastolic, spo2 } = peak;
  return [
    ...(mg === null ? [] : [words.mg(mg.toFixed(1))]),
    ...(systolic === undefined || diastolic === undefined
      ? []
      : [words.peak(`${systolic}/${diastolic}`)]),
    ...(spo2 === undefined ? [] : [words.lowest(spo2)]),
  ].join(', ');
}
