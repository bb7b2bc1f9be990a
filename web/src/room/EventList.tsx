import { useSignal } from '@preact/signals';
import { report } from '../alerts/actions';
import { recordEvent } from './recordEvent';
import { byWhom } from '../people/asked';
import { KINDS } from '../record/entry';
import { hourMinute, pretty } from '../format';
import { link } from '../stream/socket';
import { later } from '../strings/later';
import { folded, isMarked } from './marks';
import type { Session, SessionEvent } from '../stream/shapes';

/** What happened in this session, newest first; the numbers are those of the trend, which marks no
 * paperwork. */
export function EventList({ session }: { session: Session }) {
  /** The entry that somebody has begun to withdraw. */
  const asked = useSignal<number | null>(null);
  const withdraw = async ({ n, text }: SessionEvent) => {
    asked.value = null;
    const event = { type: 'correct', event: n };
    const answer = await byWhom((key) => recordEvent(session.id, event, key));
    report(answer, later.withdrawn(pretty(text)));
  };
  const row = (event: SessionEvent) => (
    <li key={event.place} data-withdrawn={event.withdrawn?.by}>
      <b class="event-number" data-marked={isMarked(event) || undefined}>
        {isMarked(event) && event.place}
      </b>
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
      {event.withdrawn === null && KINDS.has(event.type) && (
        <button
          type="button"
          class="plain-button"
          data-withdraw={event.n}
          disabled={link.value === 'lost'}
          aria-label={`${later.withdraw(asked.value === event.n)} ${pretty(event.text)}`}
          onClick={() => {
            if (asked.value === event.n) void withdraw(event);
            else asked.value = event.n;
          }}
        >
          {later.withdraw(asked.value === event.n)}
        </button>
      )}
    </li>
  );
  return (
    <section class="events">
      <h2>{later.thisSession}</h2>
      {session.events.length === 0 && <p class="quiet">{later.noEvents}</p>}
      <ol>
        {folded([...session.events].reverse()).map((events) =>
          events.length === 1 ? (
            events.map(row)
          ) : (
            <li key={events.at(-1)?.place} class="event-fold" data-folded={events.length}>
              <details>
                <summary>
                  {later.ticks(events.length, [...new Set(events.map(({ by }) => by))].join(', '))}
                </summary>
                <ol>{events.map(row)}</ol>
              </details>
            </li>
          ),
        )}
      </ol>
    </section>
  );
}
