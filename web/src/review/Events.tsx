import { useSignal } from '@preact/signals';
import { clockTime, hourMinute, pretty } from '../format';
import { later } from '../strings/later';
import { words } from '../strings/review';
import type { Course } from './read';
import { goTo, type Looking } from './state';

/** So many at a time: a list of thousands takes long to draw. */
const LISTED = 200;

export interface Added {
  readonly n: number;
  readonly at: number;
  readonly by: string;
  readonly text: string;
  readonly late: boolean;
}

/** What was recorded, with the numbers of the plot, and what was added once it was over. */
export function Events({ looking, addenda }: { looking: Looking; addenda: readonly Added[] }) {
  const { course } = looking;
  const listed = useSignal(LISTED);
  const all = course.events.filter(({ type }) => type !== 'task');
  const events = all.slice(0, listed.value);
  return (
    <section class="past-part review-events" aria-label={words.events} data-testid="past-events">
      <h2>
        {words.events} <span>{all.length + addenda.length}</span>
      </h2>
      {all.length + addenda.length === 0 && <p class="quiet">{words.noEvents}</p>}
      <ol class="past-list">
        {events.map((event) => (
          <li key={`${event.n} ${event.type}`} data-number={event.number ?? undefined}>
            <span class="review-number">{event.number}</span>
            <button type="button" class="plain-button" onClick={() => goTo(looking, event.at)}>
              <time>{clockTime(event.at)}</time>
            </button>
            <bdi>
              {event.withdrawn === null ? (
                pretty(event.text)
              ) : (
                <del>
                  {later.withdrawn(pretty(event.text))}
                  <small>
                    {' '}
                    ({later.withdrawnBy(event.withdrawn.by, hourMinute(event.withdrawn.at))})
                  </small>
                </del>
              )}
            </bdi>
            <small>{event.by}</small>
          </li>
        ))}
        {addenda.map((added) => (
          <li key={`added ${added.n}`}>
            <span class="review-number" />
            <time>{hourMinute(added.at)}</time>
            <bdi>
              {added.text}
              {added.late && <small> ({words.afterSignOff})</small>}
            </bdi>
            <small>{added.by}</small>
          </li>
        ))}
      </ol>
      {events.length < all.length && (
        <button type="button" data-more-events onClick={() => (listed.value += LISTED)}>
          {words.showMore(Math.min(LISTED, all.length - events.length), all.length)}
        </button>
      )}
      <Corrections course={course} />
      {course.late.came_at !== null && (
        <p data-testid="late">{words.cameLate(hourMinute(course.late.came_at))}</p>
      )}
    </section>
  );
}

/** What was changed after it was written, with what it was. */
function Corrections({ course: { corrections } }: { course: Course }) {
  if (corrections.length === 0) return null;
  return (
    <>
      <h3>{words.changed}</h3>
      <ul class="past-list" data-testid="corrections">
        {corrections.map(({ of, at, by, original, now, reason }) => (
          <li key={`${of} ${at} ${original}`}>
            <span class="review-number" />
            <time>{clockTime(of)}</time>
            <bdi>
              <del>{pretty(original)}</del> {now === null ? '' : pretty(now)}
            </bdi>
            <small>{words.wasBy(by, hourMinute(at), reason)}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
