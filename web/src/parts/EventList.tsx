import { hourMinute, pretty } from '../format';
import { later } from '../strings/later';
import type { Session } from '../wire';

/** What happened in this session, newest first; the numbers are those of the trend. */
export function EventList({ session }: { session: Session }) {
  return (
    <section class="events">
      <h2>{later.thisSession}</h2>
      {session.events.length === 0 && <p class="quiet">{later.noEvents}</p>}
      <ol>
        {[...session.events].reverse().map((event) => (
          <li key={event.place} data-withdrawn={event.withdrawn?.by}>
            <b class="event-number">{event.place}</b>
            <time>{hourMinute(event.at)}</time>
            <span class="event-text">
              {event.withdrawn === null ? (
                pretty(event.text)
              ) : (
                <>
                  <s>{pretty(event.text)}</s>{' '}
                  {later.withdrawnBy(event.withdrawn.by, hourMinute(event.withdrawn.at))}
                </>
              )}
            </span>
            <span class="by">{event.by}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
